"""`diaban read FILE`: a plan document to structured data, or to a page that a person reads."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json
from diaban.plans.reader.refusals import Missing, TooLarge
from diaban.plans.reader.sources import MAX_BYTES
from diaban.plans.reader.values import Assignment, Deadline, Plan, Reading, Report, Task

_WIDTH = 96
_ROLES = {"lead": "chủ trì", "coordinate": "phối hợp"}
_BOUNDS = {"before": "trước", "by": "chậm nhất", "from": "từ", "until": "đến", "on": "vào"}
_RHYTHMS = {
    "once": "một lần",
    "yearly": "hằng năm",
    "half_yearly": "6 tháng một lần",
    "quarterly": "hằng quý",
    "monthly": "hằng tháng",
    "on_demand": "khi có yêu cầu",
}
_SIGNS = {"==": "bằng", ">=": "ít nhất", "<=": "không quá", ">": "trên", "<": "dưới"}


@click.command("read")
@click.argument("file", metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@click.option("--text", "as_text", is_flag=True, help="In văn bản mà các vị trí (span) trỏ tới.")
def command(file: str, as_json: bool, as_text: bool) -> None:
    """
    Đọc một kế hoạch và in ra ai phải làm gì, đến khi nào.

    FILE là tệp .docx, .pdf có lớp chữ, .txt hoặc .md; dấu "-" là đọc từ đầu vào chuẩn.
    """
    reading = read_document(_bytes(file), "đầu vào chuẩn" if file == "-" else Path(file).name)
    if as_text:
        _print(reading.text)
    elif as_json:
        _print(json.dumps(to_json(reading), ensure_ascii=False, indent=2))
    else:
        _print("\n".join(page(reading)))


def _bytes(file: str) -> bytes:
    """Return the bytes of a file; what is too large for a plan is not even read."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    path = Path(file)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TooLarge(path.name, limit="25 MB")
        with path.open("rb") as stream:
            # A device has no size; it is read no further than a file.
            return stream.read(MAX_BYTES + 1)
    except OSError as e:
        raise Missing(file) from e


def _print(text: str) -> None:
    """Print as UTF-8 whatever the terminal says: a plan's letters must not be lost."""
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.buffer.flush()


def page(reading: Reading) -> Iterator[str]:
    """Yield the lines of a reading for a person."""
    for number, plan in enumerate(reading.plans, 1):
        if number > 1:
            yield "\n" + "=" * _WIDTH + "\n"
        yield from _plan(plan)


def _plan(plan: Plan) -> Iterator[str]:
    about = plan.metadata
    yield from _wrapped(f"KẾ HOẠCH {about.title or '(chưa có tên)'}", "")
    date = about.date
    day = "/".join(str(part or "…") for part in (date.day, date.month, date.year)) if date else "…"
    draft = "; DỰ THẢO" if about.is_draft else ""
    yield f"{about.issuer or '…'}; số {about.number or '…'}; ngày {day}{draft}"
    yield ""
    yield "AI LÀM GÌ, ĐẾN KHI NÀO"
    for assignment in plan.assignments:
        yield from _assignment(assignment)
    for duty in plan.other_duties:
        yield from _wrapped(f"{duty.unit}: {duty.quote}{_when(duty.deadlines)}", "  * ")
    if plan.reports:
        yield "\nBÁO CÁO"
        for report in plan.reports:
            yield from _wrapped(_report(report), "  - ")
    if plan.targets:
        yield "\nCHỈ TIÊU"
        for target in plan.targets:
            sign = _SIGNS[target.comparator]
            due = f", đến {_day(target.due)}" if target.due else ""
            yield from _wrapped(
                f"[{sign} {target.value} {target.unit or ''}{due}] {target.quote}", "  - "
            )
    if plan.warnings:
        yield "\nCẦN XEM LẠI"
        for warning in plan.warnings:
            yield from _wrapped(warning.message, "  ! ")


def _assignment(assignment: Assignment) -> Iterator[str]:
    asked = " (đề nghị)" if assignment.requested else ""
    yield from _wrapped(f"{assignment.ordinal}. {assignment.unit}{asked}", "")
    for task in assignment.tasks:
        indent = "    + " if task.parent_index is not None else "  - "
        yield from _wrapped(_task(task), indent)


def _task(task: Task) -> str:
    role = f"[{_ROLES[task.role]}] " if task.role else ""
    standing = "; thường xuyên" if task.continuous else ""
    rhythm = f"; {_RHYTHMS[task.recurrence]}" if task.recurrence else ""
    support = f"; phối hợp: {', '.join(task.support)}" if task.support else ""
    return f"{role}{task.quote}{_when(task.deadlines)}{standing}{rhythm}{support}"


def _when(deadlines: tuple[Deadline, ...]) -> str:
    return "".join(
        f" → {_BOUNDS[d.bound]} {_day(d.date)}" + (f" ({d.scope})" if d.scope else "")
        for d in deadlines
    )


def _report(report: Report) -> str:
    to = f" gửi {report.to}" if report.to else ""
    via = f" (qua {report.via})" if report.via else ""
    due = f", hạn {_day(report.due)}" if report.due else ""
    rhythm = f", {_RHYTHMS[report.recurrence]}" if report.recurrence else ""
    return f"{report.what or 'báo cáo'}{to}{via}{due}{rhythm}: {report.quote}"


def _day(date: str) -> str:
    """Write `2026-06-30` as 30/6/2026, `2026-06` as 6/2026, `06-26` as 26/6."""
    parts = [part.lstrip("0") for part in date.split("-")]
    if len(date) == 5 and "-" in date:
        return f"{parts[1]}/{parts[0]} hằng năm"
    return "/".join(reversed(parts))


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=" " * max(4, len(indent) + 2)
    )


if __name__ == "__main__":
    from diaban.cli import main

    main(["read", *sys.argv[1:]])
