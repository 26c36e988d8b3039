"""`diaban assess`: areas of a table against a criteria set, without a database."""

import json
import os
import textwrap
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import click

from diaban.core.numbers import plain_text
from diaban.core.periods import is_administrative, parse_label
from diaban.core.text import lower_first
from diaban.indicators.rules.catalogue import Catalogue, builtin_catalogue
from diaban.recognition.rules.assessment import (
    BOTH,
    Assessment,
    Outcome,
    assess,
    in_json,
)
from diaban.recognition.rules.classes import NONE, UNDETERMINED
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.reasons import Sense
from diaban.recognition.rules.set_files import builtin_ids, builtin_set, load_sets, unknown
from diaban.recognition.rules.sets import CriteriaSet, Reading
from diaban.recognition.rules.table_files import read_table
from diaban.recognition.rules.tables import assessable

MARKS = {Status.MET: "✓", Status.NOT_MET: "✗", Status.MISSING: "–", Status.INVALID: "!"}
WORDS = {
    Status.MET: "đạt",
    Status.NOT_MET: "chưa đạt",
    Status.MISSING: "thiếu số",
    Status.INVALID: "sai số",
}
# Nobody "achieves" a sign of trouble.
SIGNS = WORDS | {Status.MET: "có", Status.NOT_MET: "không"}
OUTCOMES = {
    Outcome.MET: "Đạt",
    Outcome.NOT_MET: "Chưa đạt",
    Outcome.UNDETERMINED: "Chưa xác định được",
}


@click.command("assess")
@click.argument("set_id", metavar="BỘ_TIÊU_CHÍ")
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    metavar="TỆP",
    help="Bảng số liệu (CSV hoặc XLSX): area, period, indicator, value.",
)
@click.option("--period", metavar="KỲ", help="Chỉ kỳ này, ví dụ 2026 hoặc 2026-11.")
@click.option("--area", metavar="MÃ", help="Chỉ địa bàn này.")
@click.option(
    "--reading",
    type=click.Choice([*(r.value for r in Reading), "both"]),
    default="both",
    show_default=True,
    help="Cách hiểu các khoảng của Quyết định 28/2025.",
)
@click.option(
    "--sets",
    type=click.Path(path_type=Path),
    metavar="THƯ_MỤC",
    help="Thư mục (hoặc tệp) bộ tiêu chí của địa phương; mặc định DIABAN_SETS.",
)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def command(
    set_id: str,
    data: Path,
    period: str | None,
    area: str | None,
    reading: str,
    sets: Path | None,
    as_json: bool,
) -> None:
    """
    Đánh giá địa bàn theo một bộ tiêu chí, từ một bảng số liệu.

    Không có số liệu thì không phải là 0: tiêu chí thiếu số được nêu rõ là thiếu.
    """
    criteria, catalogue = _find(set_id, sets)
    table = read_table(data, catalogue)
    wanted = assessable(
        table,
        criteria,
        area=None if area is None else plain_text(area),
        period=None if period is None else plain_text(period),
    )
    readings = BOTH if reading == "both" else (Reading(reading),)
    _warn(criteria, {label for _, label in wanted})
    assessments = (
        assess(criteria, table.figures(one, label), area=one, readings=readings)
        for one, label in wanted
    )
    if as_json:
        _print_json(assessments)
        return
    for assessment in assessments:
        click.echo(_shown(assessment))


def _find(set_id: str, sets: Path | None) -> tuple[CriteriaSet, Catalogue]:
    """Return a set and the catalogue that its figures are read with."""
    given = sets or (Path(os.environ["DIABAN_SETS"]) if os.environ.get("DIABAN_SETS") else None)
    own, catalogue = load_sets([given]) if given else ({}, builtin_catalogue())
    if set_id in own:
        return own[set_id], catalogue
    if set_id in builtin_ids():
        return builtin_set(set_id), catalogue
    raise unknown(set_id, (*builtin_ids(), *sorted(own)))


def _warn(criteria: CriteriaSet, labels: set[str]) -> None:
    """Say on standard error which periods the set was not in force in."""
    outside = [
        label
        for label in sorted(labels)
        if is_administrative(label) and not criteria.in_force(parse_label(label).end)
    ]
    if outside:
        until = f" đến trước {criteria.valid_to:%d/%m/%Y}" if criteria.valid_to else ""
        click.echo(
            f"Lưu ý: bộ {criteria.id} có hiệu lực từ {criteria.valid_from:%d/%m/%Y}{until}, "
            f"không gồm kỳ {', '.join(outside)}.",
            err=True,
        )


def _print_json(assessments: Iterable[Assessment]) -> None:
    """Print one array, written as it is computed: a nation is eighty thousand results."""
    before = "["
    for assessment in assessments:
        text = json.dumps(in_json(assessment), ensure_ascii=False, default=_number)
        click.echo(f"{before}{text}", nl=False)
        before = ",\n "
    click.echo("[]" if before == "[" else "]")


def _number(value: object) -> object:
    """Write a measure as a JSON number: fifteen digits survive the way through binary."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def _shown(assessment: Assessment) -> str:
    """Return one area's results as a table for reading."""
    criteria = assessment.criteria
    word = criteria.says.get(assessment.outcome.value, OUTCOMES[assessment.outcome])
    window = (
        lower_first(parse_label(assessment.period).title)
        if is_administrative(assessment.period)
        else f"kỳ {assessment.period}"
    )
    lines = [f"Địa bàn {assessment.area}, {window}: {word.upper()} ({criteria.title})"]
    if assessment.classification:
        lines.append(f"  Phân loại: {_classes(assessment)}")
    lines += [
        f"  {group.name}: {OUTCOMES[assessment.groups[group.id]].lower()}"
        for group in criteria.groups
    ]
    width = max(len(result.criterion.id) for result in assessment.results)
    for result in assessment.results:
        head = f"  {MARKS[result.status]} {result.criterion.id:<{width}}  "
        words = WORDS if result.criterion.sense is Sense.GOOD else SIGNS
        head += f"{words[result.status]:<9} "
        text = f"{result.criterion.label}. {result.reason}"
        lines += textwrap.wrap(
            text, width=100, initial_indent=head, subsequent_indent=" " * len(head)
        )
    return "\n".join(lines) + "\n"


def _classes(assessment: Assessment) -> str:
    found = assessment.classification
    assert found is not None
    names = {one.id: one.name for one in assessment.criteria.classes}
    names |= {NONE: "không thuộc loại nào", UNDETERMINED: "chưa xác định được"}
    said = [
        f"{name} – {names[one]}"
        for name, one in (("theo nguyên văn", found.literal), ("cộng dồn", found.cumulative))
        if one is not None
    ]
    return "; ".join(said) + (
        "; cần người có thẩm quyền quyết định" if found.needs_decision else ""
    )


if __name__ == "__main__":
    import sys

    from diaban.cli import main

    main(["assess", *sys.argv[1:]])
