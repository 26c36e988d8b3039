"""`diaban areas groups`: border communes, key areas, focus areas of a year, lists of a phase."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diaban.cli.actors import AS, acting
from diaban.cli.environment import django_ready
from diaban.core.periods import read_day

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from diaban.areas.models import AreaGroup
    from diaban.core.access import Actor

_AREA = click.option("--area", "code", metavar="MÃ", help="Mã tỉnh hoặc xã của nhóm.")
_ON = click.option("--on", "day", metavar="NGÀY", help="Như ngày này, dạng 2026-12-01.")
_JSON = click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
_KINDS = ("border", "key_1", "key_2", "key_3", "focus", "phase", "other")


@click.group("groups")
def groups_command() -> None:
    """
    Nhóm địa bàn có ngày và căn cứ: xã biên giới, trọng điểm loại I, II, III, …

    Kế hoạch, nhiệm vụ và bộ lọc dùng các nhóm này.
    """


@groups_command.command("list")
@_AREA
@_ON
@_JSON
@AS
def list_command(code: str | None, day: str | None, as_json: bool, user: str | None) -> None:
    """Liệt kê các nhóm và số đơn vị trong nhóm vào NGÀY."""
    django_ready()
    from diaban.areas.groups import groups_with_counts

    found = groups_with_counts(_visible(acting(user), code), _day(day))
    if as_json:
        told = [
            {
                "id": group.pk,
                "area": group.area.code,
                "name": group.name,
                "kind": group.kind,
                "year": group.year,
                "level": group.level,
                "everyone": group.everyone,
                "members": units,
            }
            for group, units in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for group, units in found:
        many = "tất cả" if group.everyone else f"{units} đơn vị"
        click.echo(f"{group.pk:>5}  {group.name} ({group.area.full_name}): {many}")
    if not found:
        click.echo("Chưa có nhóm nào. Lập nhóm: diaban areas groups add", err=True)


@groups_command.command("show")
@click.argument("name", metavar="NHÓM")
@_AREA
@_ON
@click.option("--history", is_flag=True, help="Cả những đơn vị đã ra khỏi nhóm.")
@_JSON
@AS
def show_command(
    name: str, code: str | None, day: str | None, history: bool, as_json: bool, user: str | None
) -> None:
    """In thành viên của một nhóm (số hoặc tên nhóm) ra CSV: dùng lại được cho import."""
    django_ready()
    from diaban.areas.groups import memberships

    group = _group(acting(user), name, code)
    found = memberships(group, None if history else _day(day))
    if as_json:
        told = [
            {
                "code": one.code,
                "name": one.name,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": None if one.valid_to is None else one.valid_to.isoformat(),
                "basis": one.basis,
            }
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("Mã", "Tên", "Từ ngày", "Đến ngày", "Căn cứ"))
    for one in found:
        last = "" if one.valid_to is None else date.fromordinal(one.valid_to.toordinal() - 1)
        table.writerow((one.code, one.name, one.valid_from, last, one.basis))
    click.echo(out.getvalue(), nl=False)


@groups_command.command("add")
@click.argument("name", metavar="TÊN")
@click.option("--area", "code", required=True, metavar="MÃ", help="Mã tỉnh hoặc xã của nhóm.")
@click.option("--kind", type=click.Choice(_KINDS), default="other", help="Loại nhóm.")
@click.option(
    "--level", type=click.Choice(("commune", "hamlet")), default="commune", help="Cấp đơn vị."
)
@click.option("--year", type=click.IntRange(2000, 2100), help="Năm, cho địa bàn tập trung.")
@AS
def add_command(
    name: str, code: str, kind: str, level: str, year: int | None, user: str | None
) -> None:
    """Lập một nhóm, chưa có đơn vị nào."""
    django_ready()
    from django.utils import timezone

    from diaban.accounts.rules import SEE_AREA
    from diaban.accounts.scopes import area_visible_to
    from diaban.areas.groups import create_group
    from diaban.areas.rules.grouping import GroupKind
    from diaban.areas.rules.levels import Level

    actor = acting(user)
    area, _ = area_visible_to(actor, code, SEE_AREA)
    group = create_group(
        actor=actor,
        area=area,
        name=name,
        kind=GroupKind(kind),
        level=Level(level),
        year=year,
        at=timezone.now(),
    )
    click.echo(f"Đã lập nhóm {group.pk}: {group.name} ({area.full_name}).")


@groups_command.command("import")
@click.argument("name", metavar="NHÓM")
@click.argument("path", metavar="TỆP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_AREA
@click.option("--from", "day", metavar="NGÀY", help="Cho dòng không ghi ngày (mặc định: hôm nay).")
@click.option("--basis", default="", metavar="CĂN CỨ", help="Cho dòng không ghi căn cứ.")
@AS
def import_command(
    name: str, path: Path, code: str | None, day: str | None, basis: str, user: str | None
) -> None:
    """
    Thêm đơn vị vào nhóm từ tệp CSV hoặc XLSX có cột Mã (Tên, Từ ngày, Đến ngày, Căn cứ).

    Sai một dòng thì không nạp dòng nào; mọi dòng sai đều được nêu.
    """
    django_ready()
    from django.utils import timezone

    from diaban.areas.group_lists import import_members

    actor = acting(user)
    done = import_members(
        actor=actor,
        group_id=_group(actor, name, code).pk,
        rows=_rows(path),
        on_day=_day(day),
        basis=basis,
        at=timezone.now(),
    )
    click.echo(f"Đã thêm {done.new} lượt; {done.there} lượt đã có từ trước.")
    if done.divided:
        click.echo(
            "Các đơn vị này đã bị chia, phần nào còn thuộc nhóm phải do người chọn: "
            + ", ".join(done.divided),
            err=True,
        )


def _visible(actor: "Actor", code: str | None) -> "QuerySet[AreaGroup]":
    from diaban.accounts.rules import SEE_AREA
    from diaban.accounts.scopes import area_visible_to, in_scope
    from diaban.areas.models import AreaGroup

    found = AreaGroup.objects.filter(in_scope(actor, SEE_AREA, "area", above=True))
    if code is None:
        return found
    area, _ = area_visible_to(actor, code, SEE_AREA)
    return found.filter(area=area)


def _group(actor: "Actor", name: str, code: str | None) -> "AreaGroup":
    from diaban.core.access import Missing
    from diaban.core.text import search_key

    found = _visible(actor, code)
    found = found.filter(pk=int(name)) if name.isdigit() else found.filter(key=search_key(name))
    groups = list(found[:2])
    if len(groups) != 1:
        raise Missing(
            f"Không có nhóm “{name}”. Xem các nhóm: diaban areas groups list"
            if not groups
            else f"Có nhiều nhóm tên “{name}”. Ghi thêm --area, hoặc ghi số của nhóm."
        )
    return groups[0]


def _rows(path: Path) -> list[list[str]]:
    from diaban.cli.area_changes import text_of

    if path.suffix.lower() == ".csv":
        return list(csv.reader(io.StringIO(text_of(path))))
    from diaban.indicators.workbooks.bounded import Reader

    with Reader() as reader:
        sheets = reader.read(path.read_bytes())
    return list(next(iter(sheets.values()), []))


def _day(text: str | None) -> date:
    from django.utils import timezone

    return timezone.localdate() if text is None else read_day(text)
