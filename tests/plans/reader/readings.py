"""Short ways to read a text in tests, and what every reading must keep."""

from diaban.plans.reader.documents import read_document


def read(text, name="ke-hoach.txt"):
    """Read a text (or bytes) as a document."""
    return read_document(text if isinstance(text, bytes) else text.encode(), name)


def plan_of(text, name="ke-hoach.txt"):
    """Read a document with one plan."""
    reading = read(text, name)
    assert len(reading.plans) == 1
    return reading.plans[0]


def dues(plan):
    """Unit, first words of the task, and deadlines as (date, bound, scope)."""
    return [
        (a.unit, t.quote[:30], [(d.date, d.bound, d.scope) for d in t.deadlines])
        for a in plan.assignments
        for t in a.tasks
    ]


def quoted(plan):
    """Yield every item of a plan that has a quote or a title with its span."""
    for name in (
        "bases",
        "criteria",
        "targets",
        "other_duties",
        "reports",
        "phases",
        "events",
        "recurring_activities",
        "named_areas",
    ):
        for item in getattr(plan, name):
            yield name, item.quote, item.span
    for section in plan.sections:
        yield "sections", section.title, section.span
    for assignment in plan.assignments:
        yield "assignments", None, assignment.span
        for task in assignment.tasks:
            yield "tasks", task.quote, task.span
    for warning in plan.warnings:
        if warning.span is not None:
            yield "warnings", None, warning.span


def assert_spans_hold(reading):
    """Every span lies in the printed text and holds, white space aside, exactly its quote."""
    for plan in reading.plans:
        for kind, quote, (start, end) in quoted(plan):
            assert 0 <= start < end <= len(reading.text), (kind, quote, start, end)
            if quote is not None:
                assert " ".join(reading.text[start:end].split()) == quote, kind
