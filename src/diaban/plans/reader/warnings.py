"""What a clerk should look at before confirming a reading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diaban.plans.reader.agencies import unit_at_start
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.head import Head
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.values import (
    Assignment,
    Basis,
    Deadline,
    Notice,
    Period,
    Plan,
    Span,
    Target,
)
from diaban.plans.reader.zones import Zone

_DRAFTING = (
    re.compile(
        r"\((?:căn cứ|tùy|tuỳ)[^()]{0,60}(?:tình hình|thực tế)[^()]{0,60}(?:đưa ra|ghi|điền|"
        r"lựa chọn|bổ sung)[^()]*(?:\([^()]*\))?[^()]*\)?",
        re.I,
    ),
    re.compile(
        r"\((?:ghi rõ|nêu rõ|điền|đề nghị bổ sung|bổ sung|xem lại|kiểm tra lại|chờ số liệu|"
        r"cần bổ sung|số liệu cập nhật sau)[^()]{0,160}\)?",
        re.I,
    ),
    re.compile(r"\[[^\[\]\d][^\[\]]{2,80}\]"),
    re.compile(r"\.{7,}|…{2,}|_{4,}"),
    re.compile(r"(?<![\w])(?:[xX]{2,}(?![IVX])|[yY]{2,}|NN)(?![\w])"),
)
_IMPOSSIBLE = re.compile(
    r"\bngay\s+(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>(?:19|20)\d\d)(?!\d)|(?<![\d/])(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>(?:19|20)\d\d)(?![\d/])"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def warnings(plan: Plan, paragraphs: list[Paragraph], tree: Outline, top: Head) -> list[Notice]:
    """Return what is odd in a plan, in the order in which a clerk would check it."""
    return [
        *_head(plan, top, _beginning(paragraphs)),
        *_bases(plan.bases),
        *_numbering(tree),
        *_joined(paragraphs),
        *_drafting(paragraphs),
        *_dates(paragraphs),
        *_deadlines(plan.assignments, plan.metadata.period),
        *_contradictions(plan.targets),
        *_units(plan.assignments),
    ]


def _beginning(paragraphs: list[Paragraph]) -> Span:
    """Return the first line of the title, else of the plan: where one looks for what is absent."""
    first = next((p for p in paragraphs if p.zone is Zone.TITLE and p.text), paragraphs[0])
    return first.span(0, len(first.text))


def _head(plan: Plan, top: Head, beginning: Span) -> Iterator[Notice]:
    if plan.metadata.number is None:
        yield Notice("number_missing", "Văn bản chưa có số.", top.blank_number or beginning)
    date = plan.metadata.date
    if date is None:
        yield Notice("date_missing", "Văn bản chưa ghi ngày ký.", beginning)
    elif date.day is None or date.month is None or date.year is None:
        yield Notice("date_incomplete", "Ngày ký còn để trống.", top.blank_date or beginning)
    if plan.metadata.title is None:
        yield Notice("title_missing", "Kế hoạch chưa có tên.", beginning)
    if plan.metadata.signer_name is None:
        yield Notice("signer_missing", "Không thấy tên người ký.", beginning)
    if not plan.assignments:
        yield Notice(
            "no_assignments", "Không thấy phần phân công nhiệm vụ cho cơ quan, đơn vị.", beginning
        )


def _bases(bases: tuple[Basis, ...]) -> Iterator[Notice]:
    for basis in bases:
        if basis.number is None:
            yield Notice(
                "base_number_missing",
                f"Văn bản được viện dẫn còn để trống số: {basis.quote}.",
                basis.span,
            )
        elif (
            basis.date is not None
            and len(basis.date) < 10
            and re.search(r"ngày\s*(?:/|tháng)", basis.quote)
        ):
            yield Notice(
                "base_date_incomplete",
                f"Văn bản được viện dẫn còn để trống ngày: {basis.quote}.",
                basis.span,
            )


def _numbering(tree: Outline) -> Iterator[Notice]:
    yield from _numbering_of(tree.roots)


def _numbering_of(nodes: list[Node]) -> Iterator[Notice]:
    style, expected = "", {1}
    for node in nodes:
        marker = node.marker
        if marker is not None and marker.ranks:
            expected = expected if marker.style == style else {1}
            ranks = set(marker.ranks)
            if not ranks & expected:
                yield _misnumbered(node, min(expected))
            # A number that was corrected counts as the one it stands for.
            expected = {
                rank + 1 for rank in (expected if node.printed_label else ranks & expected or ranks)
            }
            style = marker.style
        yield from _numbering_of(node.children)


def _misnumbered(node: Node, expected: int) -> Notice:
    assert node.marker is not None
    words = space(node.title or node.paragraph.words)[:60]
    return Notice(
        "heading_misnumbered",
        f'Mục "{node.marker.value}" ({words}) đánh số không liền mạch: '
        f"theo thứ tự phải là mục thứ {expected}.",
        node.paragraph.span(0, node.paragraph.body),
    )


def _joined(paragraphs: list[Paragraph]) -> Iterator[Notice]:
    for p in paragraphs:
        for at in p.joined:
            # Whole words on both sides of the cut.
            start = p.text.rfind(" ", 0, max(0, at - 30)) + 1
            end = p.text.find(" ", min(len(p.text), at + 30))
            end = len(p.text) if end < 0 else end
            yield Notice(
                "sentence_joined",
                f'Câu bị ngắt trang đã được nối lại: "… {space(p.text[start:end])} …".',
                p.span(start, end),
            )


def _drafting(paragraphs: list[Paragraph]) -> Iterator[Notice]:
    for p in paragraphs:
        if p.zone in (Zone.HEAD, Zone.FOOT):
            continue
        for pattern in _DRAFTING:
            for found in pattern.finditer(p.text):
                yield Notice(
                    "drafting_note",
                    f'Còn sót lời hướng dẫn soạn thảo hoặc chỗ trống: "{space(found[0])[:120]}".',
                    p.span(*found.span()),
                )


def _dates(paragraphs: list[Paragraph]) -> Iterator[Notice]:
    for p in paragraphs:
        for found in _IMPOSSIBLE.finditer(flat(p.text)):
            day, month = int(found["d"] or found["d2"]), int(found["m"] or found["m2"])
            if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
                yield Notice(
                    "date_impossible",
                    f'Không có ngày này trong lịch: "{p.text[found.start() : found.end()]}".',
                    p.span(*found.span()),
                )


def _deadlines(assignments: tuple[Assignment, ...], period: Period | None) -> Iterator[Notice]:
    for assignment in assignments:
        for task in assignment.tasks:
            for deadline in task.deadlines:
                if period is not None and _outside(deadline, period):
                    yield Notice(
                        "deadline_outside_period",
                        f'Thời hạn "{deadline.text}" của {assignment.unit} '
                        "nằm ngoài thời gian thực hiện kế hoạch.",
                        task.span,
                    )
                if (
                    len(deadline.date) >= 7
                    and deadline.date[4:5] == "-"
                    and deadline.date[:4] not in deadline.text
                ):
                    yield from _assumed(deadline, assignment.unit, task.span, task.quote)


def _assumed(deadline: Deadline, unit: str, span: Span, quote: str) -> Iterator[Notice]:
    """A day whose year stands nowhere in the task: the plan's own year was taken."""
    if deadline.date[:4] not in quote:
        yield Notice(
            "year_assumed",
            f'Thời hạn "{deadline.text}" của {unit} không ghi năm; '
            f"đã lấy năm {deadline.date[:4]} của kế hoạch.",
            span,
        )


def _outside(deadline: Deadline, period: Period) -> bool:
    date = deadline.date
    if len(date) == 5:
        return False
    if (
        period.end is not None
        and date > period.end
        and not date.startswith(period.end)
        and not period.end.startswith(date)
    ):
        return True
    start = period.start
    return (
        start is not None
        and date < start
        and not start.startswith(date)
        and not date.startswith(start)
    )


def _contradictions(targets: tuple[Target, ...]) -> Iterator[Notice]:
    first: dict[tuple[str | None, ...], Target] = {}
    for b in targets:
        subject = _subject(b)
        if not subject:
            continue
        a = first.setdefault((subject, b.unit, b.due, b.scope, b.baseline), b)
        if a.value != b.value and a.span != b.span:
            yield Notice(
                "targets_contradict",
                f'Hai chỉ tiêu khác nhau cho cùng một việc: "{a.quote[:80]}" và "{b.quote[:80]}".',
                b.span,
            )


def _subject(target: Target) -> str:
    """What a figure counts: the words right behind it."""
    words = flat(target.quote)
    number = re.search(r"\d[\d.,/]*\s*%?\s*", words)
    if number is None:
        return ""
    behind = re.sub(r"^(?:so|cac|tong so)\s+", "", words[number.end() :])
    return " ".join(behind.split()[:7]) if len(behind.split()) >= 4 else ""


def _units(assignments: tuple[Assignment, ...]) -> Iterator[Notice]:
    for assignment in assignments:
        for unit in assignment.units:
            if unit_at_start(unit) is None and unit_at_start(unit[:1].upper() + unit[1:]) is None:
                yield Notice(
                    "unit_unknown", f"Chưa có trong danh mục cơ quan: {unit}.", assignment.span
                )
