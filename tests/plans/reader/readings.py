"""Short ways to read a text in tests, and what every reading must keep."""

import re
from functools import lru_cache

from diaban.plans.reader.documents import read_document
from diaban.plans.reader.folding import flat

_SPOKEN = {"1": "một", "2": "hai", "3": "ba", "4": "bốn", "5": "năm"}


@lru_cache(maxsize=128)
def read(text, name="ke-hoach.txt"):
    """Read a text (or bytes) as a document; each once, for readings are values."""
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
        yield "warnings", None, warning.span


def assert_spans_hold(reading):
    """Every span lies in the printed text and holds, white space aside, exactly its quote."""
    for plan in reading.plans:
        for kind, quote, (start, end) in quoted(plan):
            assert 0 <= start < end <= len(reading.text), (kind, quote, start, end)
            if quote is not None:
                assert " ".join(reading.text[start:end].split()) == quote, kind


def assert_nothing_made_up(reading):
    """Every date, number and body of a reading is printed in the text."""
    text = " ".join(reading.text.split())
    bare = "".join(text.split())
    for plan in reading.plans:
        given = [t for a in plan.assignments for t in a.tasks] + list(plan.other_duties)
        for deadline in [d for duty in given for d in duty.deadlines]:
            assert deadline.text in text, deadline
            year, _, rest = deadline.date.partition("-")
            assert len(year) == 2 or year in text, deadline
            day = rest[3:] if len(year) == 4 else rest
            ends = flat(deadline.text)
            whole = re.search(r"\b(?:het|cuoi|quy|q\.?|dau nam|thang)\b", ends)
            assert not day or whole or str(int(day)) in re.findall(r"[1-9]\d*", ends), deadline
        for unit in [u for a in plan.assignments for u in a.units]:
            assert unit in text, unit
        for basis in plan.bases:
            assert basis.number is None or basis.number in bare, basis.number
        for target in plan.targets:
            whole, _, part = target.value.partition(".")
            printed = target.quote.replace(".", "")
            assert whole.lstrip("0") in printed or _SPOKEN[whole] in printed, target
            assert part in printed, target
        for recipient in plan.recipients:
            assert recipient in text, recipient
