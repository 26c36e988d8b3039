"""`diaban totals`: what an area adds up to."""

import json
from typing import TYPE_CHECKING

import click

from diaban.cli.actors import AS, acting
from diaban.cli.environment import django_ready

if TYPE_CHECKING:
    from diaban.core.numbers import Number


@click.command("totals")
@click.option("--area", required=True, metavar="MÃ", help="Mã tỉnh, xã, hoặc VN là cả nước.")
@click.option("--period", required=True, metavar="KỲ", help="Tháng báo cáo, ví dụ 2026-11.")
@AS
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def command(area: str, period: str, user: str | None, as_json: bool) -> None:
    """Xem tổng của một địa bàn trong một tháng, và bao nhiêu xã đã báo cáo."""
    django_ready()
    from diaban.core.numbers import write_number
    from diaban.indicators.rules.catalogue import builtin_catalogue
    from diaban.indicators.selectors import totals_shown

    found = totals_shown(acting(user), area, period)
    if as_json:
        told = {
            "area": found.area.code,
            "period": found.period.label,
            "reporting": found.reporting,
            "expected": found.expected,
            "values": {
                code: {"sum": _plain(one.total), "reporting": one.reporting}
                for code, one in found.values.items()
            },
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    catalogue = builtin_catalogue()
    click.echo(
        f"{found.area.full_name}, {found.period.title.lower()}: "
        f"{found.reporting}/{found.expected} xã, phường đã báo cáo"
    )
    for code, one in found.values.items():
        number = "thiếu số liệu" if one.total is None else write_number(one.total)
        full = "" if one.reporting == found.expected else f" ({one.reporting}/{found.expected} xã)"
        click.echo(f"  {catalogue[code].name_vi}: {number}{full}")


def _plain(number: "Number | None") -> int | float | None:
    """Return a sum as JSON writes it: whole where it is whole."""
    if number is None:
        return None
    return int(number) if number % 1 == 0 else float(number)
