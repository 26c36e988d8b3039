"""`diaban areas`: look units up, now and in the past."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from diaban.cli.area_changes import (
    change_command,
    diff_command,
    export_command,
    import_command,
    load_boundaries_command,
)
from diaban.cli.area_groups import groups_command
from diaban.cli.area_trees import trees_command
from diaban.cli.environment import django_ready
from diaban.core.periods import read_day

if TYPE_CHECKING:
    from diaban.areas.history import Step
    from diaban.areas.lookups import Found

_LEVELS = ("province", "district", "commune", "hamlet")
_ON = click.option("--on", "day", metavar="NGÀY", help="Như ngày này, dạng 2025-06-30.")
_JSON = click.option("--json", "as_json", is_flag=True, help="In ra JSON.")


@click.group("areas")
def command() -> None:
    """
    Tra cứu đơn vị hành chính, hiện nay và trước đây.

    Mã là mã của cơ quan thống kê: tỉnh 2 chữ số, huyện (đến 30/6/2025) 3, xã 5; thôn, tổ dân
    phố là mã xã, dấu chấm và 3 chữ số.
    """


@command.command("find")
@click.argument("text", metavar="TÊN")
@_ON
@click.option("--level", type=click.Choice(_LEVELS), help="Chỉ tìm ở một cấp.")
@_JSON
def find_command(text: str, day: str | None, level: str | None, as_json: bool) -> None:
    """
    Tìm đơn vị theo tên; có dấu hay không đều được.

    Ví dụ: “Tân An”, “tp soc trang”, “xã Vĩnh Linh, Quảng Trị”. Không có --on thì tìm ở mọi
    thời gian.
    """
    on_day = _day(day)
    django_ready()
    from diaban.areas.lookups import find
    from diaban.areas.rules.levels import Level

    _warn_of_early(on_day)
    found = find(text, today=_today(), on_day=on_day, level=None if level is None else Level(level))
    if as_json:
        _print_json([_found_as_json(unit) for unit in found])
    elif found:
        _print_table(
            ("Mã", "Đơn vị", "Thuộc", "Thời gian"),
            (
                (unit.code, _with_match(unit), _path(unit.path), _days(unit))
                for unit in found
            ),
        )  # fmt: skip
    else:
        click.echo(f"Không tìm thấy đơn vị nào tên “{text}”.", err=True)


@command.command("became")
@click.argument("code", metavar="MÃ")
@_ON
@_JSON
def became_command(code: str, day: str | None, as_json: bool) -> None:
    """Cho biết một đơn vị đã thành đơn vị nào, tính đến hôm nay hoặc NGÀY."""
    until = _day(day)
    django_ready()
    from diaban.areas.history import became, ended_unit

    until = until or _today()
    unit, steps = ended_unit(code.strip(), until), became(code.strip(), until=until)
    if unit is not None and unit.valid_to is not None:
        click.echo(f"{unit.full_name} ({unit.code}), đến trước {unit.valid_to:%d/%m/%Y}:", err=True)
    if as_json:
        _print_json([_step_as_json(step) for step in steps])
    elif steps:
        _print_steps(steps)
    else:
        click.echo(
            f"Đến {until:%d/%m/%Y}, đơn vị mang mã {code} chưa thành đơn vị nào khác.", err=True
        )


@command.command("was")
@click.argument("code", metavar="MÃ")
@_JSON
def was_command(code: str, as_json: bool) -> None:
    """Cho biết một đơn vị được lập từ những đơn vị nào."""
    django_ready()
    from diaban.areas.history import was

    steps = was(code.strip())
    if as_json:
        _print_json([_step_as_json(step) for step in steps])
    elif steps:
        _print_steps(steps)
    else:
        click.echo(f"Danh mục không ghi đơn vị mang mã {code} lập từ đơn vị nào.", err=True)


@command.command("count")
@_ON
@_JSON
def count_command(day: str | None, as_json: bool) -> None:
    """Đếm đơn vị theo cấp và theo loại, hôm nay hoặc vào NGÀY."""
    on_day = _day(day)
    django_ready()
    from diaban.areas.rules.levels import LEVEL_NAMES, Level
    from diaban.areas.selectors import count

    _warn_of_early(on_day)
    counted = count(on_day or _today())
    levels = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.HAMLET)
    if as_json:
        by_type: dict[str, int] = {}
        for level in (Level.COMMUNE, Level.PROVINCE, Level.DISTRICT, Level.HAMLET):
            for type_word, units in counted.by_type[level].items():
                by_type[type_word] = by_type.get(type_word, 0) + units
        _print_json(
            {level.value: counted.by_level[level] for level in levels}
            | {
                "by_type": by_type,
                "by_level": {level.value: counted.by_type[level] for level in levels},
                "on": counted.day.isoformat(),
            }
        )
        return
    click.echo(f"Ngày {counted.day:%d/%m/%Y}:")
    for level in levels:
        types = ", ".join(
            f"{_number(units)} {word}" for word, units in counted.by_type[level].items()
        )
        click.echo(
            f"  {LEVEL_NAMES[level]:<18}{_number(counted.by_level[level]):>7}"
            + (f"   {types}" if types else "")
        )


def _day(text: str | None) -> date | None:
    return None if text is None else read_day(text)


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _warn_of_early(day: date | None) -> None:
    """Say on standard error that the list is younger than the day asked for."""
    if day is None:
        return
    from diaban.areas.selectors import version_on

    version = version_on(day)
    if day < version.valid_from:
        click.echo(
            f"Danh mục bắt đầu từ {version.valid_from:%d/%m/%Y}; ngày {day:%d/%m/%Y} được trả lời "
            "theo danh mục cũ nhất đó.",
            err=True,
        )


def _found_as_json(unit: "Found") -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "type": unit.type,
        "level": unit.level.value,
        "path": list(unit.path),
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": None if unit.valid_to is None else unit.valid_to.isoformat(),
        "matched": unit.matched,
    }


def _step_as_json(step: "Step") -> dict[str, Any]:
    return {
        "code": step.code,
        "name": step.name,
        "type": step.type,
        "path": list(step.path),
        "from": step.since.isoformat(),
        "partial": step.partial,
        "basis": step.basis,
    }


def _print_steps(steps: "Iterable[Step]") -> None:
    _print_table(
        ("Mã", "Đơn vị", "Thuộc", "Từ ngày", "", "Căn cứ"),
        (
            (
                step.code,
                step.full_name,
                _path(step.path),
                f"{step.since:%d/%m/%Y}",
                "một phần" if step.partial else "toàn bộ",
                step.basis,
            )
            for step in steps
        ),
    )


def _print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _print_json(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))


def _with_match(unit: "Found") -> str:
    return f"{unit.full_name} (khớp: {unit.matched})" if unit.matched else unit.full_name


def _path(path: Sequence[str]) -> str:
    return ", ".join(reversed(path)) or "–"


def _days(unit: "Found") -> str:
    if unit.valid_to is None:
        return f"từ {unit.valid_from:%d/%m/%Y}"
    last_day = unit.valid_to - timedelta(days=1)
    return f"{unit.valid_from:%d/%m/%Y}–{last_day:%d/%m/%Y}"


def _number(units: int) -> str:
    return f"{units:,}".replace(",", ".")


for _one in (
    change_command,
    import_command,
    export_command,
    diff_command,
    load_boundaries_command,
    groups_command,
    trees_command,
):
    command.add_command(_one)
