"""`diaban areas trees`: other hierarchies than the administrative one."""

import json
from datetime import date
from pathlib import Path

import click

from diaban.cli.actors import AS, acting
from diaban.cli.area_changes import text_of
from diaban.cli.environment import django_ready
from diaban.core.periods import read_day

_ON = click.option("--on", "day", metavar="NGÀY", help="Như ngày này, dạng 2026-12-01.")
_JSON = click.option("--json", "as_json", is_flag=True, help="In ra JSON.")


@click.group("trees")
def trees_command() -> None:
    """
    Hệ thống phụ trách địa bàn khác hành chính: đồn biên phòng và các xã giao cho đồn.

    Chỉ để biết ai phụ trách xã nào; không cho ai thêm quyền.
    """


@trees_command.command("list")
@_ON
@_JSON
def list_command(day: str | None, as_json: bool) -> None:
    """Liệt kê các hệ thống có trong NGÀY."""
    django_ready()
    from diaban.areas.hierarchies import hierarchies_on

    found = hierarchies_on(_day(day))
    if as_json:
        told = [
            {
                "tree": one.tree,
                "title": one.title,
                "number": one.number,
                "valid_from": one.valid_from.isoformat(),
                "basis": one.basis,
            }
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{one.tree}: {one.title}, từ {one.valid_from:%d/%m/%Y} ({one.basis})")
    if not found:
        click.echo("Chưa có hệ thống nào. Nạp: diaban areas trees load TỆP", err=True)


@trees_command.command("show")
@click.argument("tree", metavar="HỆ")
@_ON
@_JSON
def show_command(tree: str, day: str | None, as_json: bool) -> None:
    """In cây của một hệ thống: đơn vị và các xã được giao."""
    django_ready()
    from diaban.areas.hierarchies import standing_on

    found = standing_on(tree, _day(day))
    if as_json:
        told = [
            {"code": one.code, "name": one.name, "level": one.level.value, "depth": one.depth}
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{'  ' * (one.depth - 1)}{one.name} ({one.code})")


@trees_command.command("of")
@click.argument("code", metavar="MÃ")
@_ON
def of_command(code: str, day: str | None) -> None:
    """Cho biết trong mỗi hệ thống ai phụ trách một xã."""
    django_ready()
    from diaban.areas.hierarchies import in_charge_of
    from diaban.areas.selectors import area_on

    on_day = _day(day)
    area = area_on(code.strip(), on_day)
    found = in_charge_of(area, on_day)
    for one in found:
        above = f", thuộc {', '.join(reversed(one.above))}" if one.above else ""
        click.echo(f"{one.title}: {one.name} ({one.code}){above}")
    if not found:
        click.echo(f"Không hệ thống nào giao {area.full_name} cho ai phụ trách.", err=True)


@trees_command.command("load")
@click.argument("path", metavar="TỆP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS
def load_command(path: Path, user: str | None) -> None:
    """Nạp danh sách phân công địa bàn (TOML) của một hệ thống; sai một mục thì không nạp gì."""
    from diaban.areas.rules.hierarchies import read_hierarchy

    given = read_hierarchy(text_of(path))
    django_ready()
    from django.utils import timezone

    from diaban.areas.hierarchies import publish_hierarchy

    version = publish_hierarchy(actor=acting(user), given=given, at=timezone.now())
    click.echo(
        f"{version.title}: {len(given.sectors)} đơn vị phụ trách "
        f"{sum(len(one.communes) for one in given.sectors)} xã, từ {version.valid_from:%d/%m/%Y}."
    )


def _day(text: str | None) -> date:
    from django.utils import timezone

    return timezone.localdate() if text is None else read_day(text)
