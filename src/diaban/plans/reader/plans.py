"""One plan: its paragraphs to its values."""

from __future__ import annotations

import re
from dataclasses import replace

from diaban.plans.reader.citations import citations
from diaban.plans.reader.criteria import criteria
from diaban.plans.reader.dates import Years
from diaban.plans.reader.deadlines import Calendar, deadlines
from diaban.plans.reader.duties import assignments
from diaban.plans.reader.events import events
from diaban.plans.reader.folding import flat, is_upper, space
from diaban.plans.reader.foot import foot
from diaban.plans.reader.head import Head, head
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.labels import labelled_assignments
from diaban.plans.reader.named_areas import named_areas, place_names
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.others import other_duties
from diaban.plans.reader.outline import outline
from diaban.plans.reader.phases import period, period_in_title, phases
from diaban.plans.reader.recurring import recurring
from diaban.plans.reader.reports import reports
from diaban.plans.reader.tables import table_assignments, table_targets
from diaban.plans.reader.targets import describes, due_of, figures
from diaban.plans.reader.values import (
    Assignment,
    Basis,
    Event,
    Metadata,
    NamedArea,
    Period,
    Phase,
    Plan,
    RecurringActivity,
    Section,
    Target,
)
from diaban.plans.reader.warnings import warnings
from diaban.plans.reader.zones import Zone


def read_plan(paragraphs: list[Paragraph]) -> Plan:
    """Return everything that one plan says."""
    tree = outline(paragraphs)
    end = foot(paragraphs)
    top = head(paragraphs, tree.before, end.signed_for)
    year = _own_year(top)
    spans = phases(tree, year)
    whole = period(tree, spans, year)
    spoken = [
        p for p in paragraphs if p.zone is Zone.BODY or (p.zone is Zone.TITLE and p.text.strip())
    ]
    named = events(spoken, year)
    calendar = Calendar(year, _campaign(spans, named, whole, top), _years(top))
    now = year or (top.date.year if top.date else None)
    given, done = assignments(tree, calendar)
    given += labelled_assignments(tree, done, calendar, len(given) + 1)
    labels = _section_labels(paragraphs, tree)
    tabled = table_assignments(paragraphs, labels, calendar, len(given) + 1)
    given += tabled
    plan = Plan(
        metadata=Metadata(
            title=top.title,
            is_draft=top.is_draft,
            issuer=top.issuer,
            issuer_level=top.issuer_level,
            area=top.area,
            place=top.place,
            number=top.number,
            date=top.date,
            period=whole,
            signer_name=end.signer_name,
            signer_title=end.signer_title,
            signed_for=end.signed_for,
            theme=top.theme,
            period_in_title=period_in_title(top.title or ""),
        ),
        bases=tuple(_bases(paragraphs, tree)),
        sections=tuple(_sections(tree)),
        criteria=tuple(criteria(tree)),
        targets=(*_targets(tree, calendar, spans, now), *table_targets(tabled, now)),
        assignments=tuple(given),
        other_duties=tuple(other_duties(tree, done, calendar)),
        reports=tuple(reports(tree, calendar)),
        phases=tuple(spans),
        events=tuple(named),
        recurring_activities=tuple(_recurring(tree, given)),
        named_areas=tuple(_named(paragraphs, tree, top)),
        recipients=end.recipients,
    )
    return replace(plan, warnings=tuple(warnings(plan, paragraphs, tree, top)))


def _section_labels(paragraphs: list[Paragraph], tree: Outline) -> dict[int, str | None]:
    """Return under which section each paragraph of the body stands (tables are no nodes)."""
    nodes = {node.paragraph.start: node.section_label() for node in tree.nodes()}
    found: dict[int, str | None] = {}
    label: str | None = None
    for p in paragraphs:
        label = nodes.get(p.start, label) if p.zone is Zone.BODY else None
        found[p.start] = label
    return found


def _own_year(top: Head) -> int | None:
    """The single year that a plan is for: named in its title, else that of its date."""
    # "đến năm 2030" is how far a plan reaches, not the year it is for.
    title = re.sub(r"(?i)\bđến (?:hết )?(?:năm )?(?:19|20)\d\d\b", " ", top.title or "")
    reaches = title != (top.title or "")
    years = set(re.findall(r"\b(?:19|20)\d\d\b", title))
    if len(years) == 1 and re.search(rf"năm\s+{next(iter(years))}", title):
        return int(next(iter(years)))
    if not years and not reaches and top.date is not None:
        return top.date.year
    return None


def _years(top: Head) -> Years | None:
    """How a plan of several years counts: by school years, or from its signing."""
    school = re.search(r"(?i)năm học\s+((?:19|20)\d\d)\s*[-–]\s*(?:19|20)\d\d", top.title or "")
    if school:
        return Years(int(school[1]), 8, wraps=True)
    signed = top.date
    if signed is None or signed.year is None or signed.month is None:
        return None
    titled = period_in_title(top.title or "")
    begin = int(titled.start[:4]) if titled and titled.start else signed.year
    if begin > signed.year:
        # Signed in the last days before its own time: its first year is meant.
        return Years(begin, 1)
    return Years(signed.year, signed.month, day=signed.day or 1)


def _campaign(
    spans: list[Phase], named: list[Event], whole: Period | None, top: Head
) -> str | None:
    """The month of the "Tháng hành động" that a plan is for or speaks of, as `YYYY-MM`."""
    for phase in spans:
        if (
            "thang hanh dong" in flat(phase.name + phase.quote)
            and phase.start
            and len(phase.start) >= 7
        ):
            return phase.start[:7]
    for event in named:
        if "thang hanh dong" in flat(event.name) and len(event.date) >= 7:
            return event.date[:7]
    if "thang hanh dong" in flat(top.title or "") and whole and whole.start and whole.end:
        return whole.start[:7] if whole.start[:7] == whole.end[:7] and len(whole.end) > 6 else None
    return None


def _bases(paragraphs: list[Paragraph], tree: Outline) -> list[Basis]:
    before = {id(p) for p in tree.before}
    found = []
    for p in paragraphs:
        # A title in capitals is broken over lines; what it cites, the preamble cites too.
        if p.zone not in (Zone.BODY, Zone.TITLE) or (p.zone is Zone.TITLE and is_upper(p.text)):
            continue
        where = "preamble" if id(p) in before or p.zone is Zone.TITLE else "body"
        for c in citations(p.text):
            quote = space(p.text[c.span[0] : c.span[1]])
            found.append(Basis(c.number, c.date, c.issuer, where, quote, p.span(*c.span)))
    return found


def _sections(tree: Outline) -> list[Section]:
    return [
        Section(
            node.label or "",
            node.marker.value if node.marker else "",
            node.title or "",
            node.level,
            node.paragraph.span(*node.title_span),
        )
        for node in tree.nodes()
        if node.is_section
    ]


def _targets(
    tree: Outline, calendar: Calendar, spans: list[Phase], year: int | None
) -> list[Target]:
    found = []
    for node in tree.nodes():
        p = node.paragraph
        bounds = deadlines(p.text, calendar)
        if _tells(node):
            continue
        for figure in figures(p.text, p.body, year):
            for due, scope in due_of(figure, bounds):
                found.append(
                    Target(
                        space(p.text[figure.clause[0] : figure.clause[1]]),
                        node.section_label(),
                        figure.comparator,
                        figure.value,
                        figure.unit,
                        figure.baseline,
                        due or _phase_end(node, spans),
                        None,
                        p.span(*figure.clause),
                        scope,
                    )
                )
    return found


def _tells(node: Node) -> bool:
    """Whether a paragraph stands in a section that describes how things are."""
    above: Node | None = node
    while above is not None:
        if above.title and describes(above.title):
            return True
        above = above.parent
    return False


def _phase_end(node: Node, spans: list[Phase]) -> str | None:
    """Return the end of the phase under whose heading, or behind which, a paragraph stands."""
    above: Node | None = node
    if node.marker is None and node.parent is not None:
        # A paragraph without a mark goes on with the bullet over it.
        beside = node.parent.children
        place = next(i for i, other in enumerate(beside) if other is node)
        above = beside[place - 1] if place and beside[place - 1].marker else node
    while above is not None:
        p = above.paragraph
        for phase in spans:
            if p.start <= phase.span[0] < p.end:
                return phase.end
        above = above.parent
    return None


_FREQUENCIES = {
    "monthly": "1/month",
    "quarterly": "1/quarter",
    "half_yearly": "1/half_year",
    "yearly": "1/year",
}


def _recurring(tree: Outline, given: list[Assignment]) -> list[RecurringActivity]:
    found: list[RecurringActivity] = []
    for node in tree.nodes():
        found.extend(recurring(node.paragraph, node.rest if node.rest else node.paragraph.body))
    seen = {activity.quote for activity in found}
    for task in (task for assignment in given for task in assignment.tasks):
        # A time cell or a line "Thời gian: Hằng quý" says how often.
        if task.recurrence in _FREQUENCIES and task.quote not in seen and not task.deadlines:
            seen.add(task.quote)
            found.append(
                RecurringActivity(task.quote, _FREQUENCIES[task.recurrence], None, task.span)
            )
    return found


def _title_over(node: Node | None) -> str:
    """The nearest heading at or over a paragraph."""
    while node is not None and not node.title:
        node = node.parent
    return (node.title or "") if node is not None else ""


def _named(paragraphs: list[Paragraph], tree: Outline, top: Head) -> list[NamedArea]:
    before = {id(p) for p in tree.before}
    own = {flat(name) for name in (top.place or "", (top.area or "").split(" ", 1)[-1]) if name}
    own |= {
        flat(name)
        for name in place_names(f"{top.title or ''} {' '.join(p.text for p in tree.before)}")
    }
    told = {n.paragraph.start for n in tree.nodes() if _tells(n)}
    titles = {n.paragraph.start: _title_over(n) for n in tree.nodes()}
    found: dict[tuple[str, str], NamedArea] = {}
    for p in paragraphs:
        annexed = p.zone is Zone.ANNEX and p.cells
        if (p.zone is not Zone.BODY and not annexed) or id(p) in before:
            continue
        for area in named_areas(p, own, p.body, titles.get(p.start, "")):
            if p.start in told and area.kind.startswith("nhóm "):
                # How many hamlets a commune has singles out none of them.
                continue
            found.setdefault((flat(area.name), area.kind), area)
    return list(found.values())
