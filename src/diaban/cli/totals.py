"""`diaban totals`: what an area adds up to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diaban.cli.actors import AS, acting
from diaban.cli.environment import django_ready, write_file
from diaban.core.text import lower_first

if TYPE_CHECKING:
    from diaban.core.numbers import Number
    from diaban.indicators.viewed import Viewed


@click.command("totals")
@click.option("--area", required=True, metavar="MÃ", help="Mã tỉnh, xã, hoặc VN là cả nước.")
@click.option(
    "--period",
    required=True,
    metavar="KỲ",
    help="Tháng 2026-11, quý 2026-Q4, nửa năm 2026-H2, năm 2026, hoặc mã đợt báo cáo.",
)
@click.option("--form", metavar="MÃ", help="Mã biểu (mặc định: biểu của kỳ).")
@click.option(
    "--view",
    type=click.Choice(("as_reported", "today")),
    default="as_reported",
    help="Như đã báo cáo khi đó (mặc định), hoặc theo địa giới hiện nay.",
)
@AS
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="In ra CSV.")
@click.option(
    "--xlsx",
    "workbook",
    metavar="TỆP",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ghi ra tệp Excel.",
)
def command(
    area: str,
    period: str,
    form: str | None,
    view: str,
    user: str | None,
    as_json: bool,
    as_csv: bool,
    workbook: Path | None,
) -> None:
    """Xem tổng của một địa bàn trong một kỳ, và bao nhiêu xã đã báo cáo."""
    django_ready()
    from django.utils import timezone

    from diaban.indicators.rules.period_forms import forms_within
    from diaban.indicators.rules.views import View
    from diaban.indicators.selectors import require_asked
    from diaban.indicators.viewed import of_form, totals_in_view
    from diaban.reports.totals_table import totals_csv, totals_xlsx

    found = totals_in_view(acting(user), area, period, View(view), today=timezone.localdate())
    if form is not None:
        if form not in forms_within(found.period):
            require_asked(form, found.period)
        found = of_form(found, form)
    if workbook is not None:
        write_file(workbook, totals_xlsx(found))
        click.echo(f"Đã ghi {workbook}.", err=True)
    elif as_json:
        click.echo(json.dumps(_plain_totals(found), ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(totals_csv(found), nl=False)
    else:
        _print(found)


def _plain_totals(found: "Viewed") -> dict[str, Any]:
    from diaban.indicators.rules.period_forms import forms_within

    return {
        "area": found.area.code,
        "name": found.name,
        "period": found.period.label,
        # A quarter is made of its months first; what it asks itself stands behind them.
        "form": forms_within(found.period)[0],
        "forms": forms_within(found.period),
        "view": found.view.value,
        "map": found.map_day.isoformat(),
        "reporting": found.reporting,
        "expected": found.expected,
        "through": found.through.label if found.through else None,
        "values": {
            code: {"sum": _plain(one.total), "reporting": one.reporting}
            for code, one in found.values.items()
        },
        "withheld": [code for code in found.values if code in found.withheld],
        "estimated": [code for code in found.values if code in found.estimated],
        "bridge": [
            {
                "code": one.code,
                "name": one.name,
                "coming": one.coming.value,
                "share": one.share,
                "reported": one.reported,
            }
            for one in found.bridge
        ],
    }


def _print(found: "Viewed") -> None:
    from diaban.core.numbers import write_number
    from diaban.indicators.rules.catalogue import builtin_catalogue
    from diaban.indicators.rules.small_counts import KEPT_BACK
    from diaban.reports.totals_table import view_sentence

    catalogue = builtin_catalogue()
    click.echo(
        f"{found.name}, {lower_first(found.period.title)}: "
        f"{found.reporting}/{found.expected} xã, phường đã báo cáo{_as_far_as(found)}"
    )
    click.echo(view_sentence(found))
    for code, one in found.values.items():
        number = "thiếu số liệu" if one.total is None else write_number(one.total)
        if code in found.withheld:
            number = KEPT_BACK
        full = "" if one.reporting == found.expected else f" ({one.reporting}/{found.expected} xã)"
        mark = " (ước tính)" if code in found.estimated else ""
        click.echo(f"  {catalogue[code].name_vi}: {number}{mark}{full}")
    if found.bridge:
        click.echo(f"Gồm số liệu của {len(found.bridge)} đơn vị khi đó; --csv hoặc --json để xem.")
    for unit in found.apart:
        click.echo(f"  ! {unit.name} ({unit.code}): chưa có tỷ lệ chia, không tính vào tổng")


def _as_far_as(found: "Viewed") -> str:
    if found.through == found.period:
        return ""
    if found.through is None:
        return " (kỳ này chưa có tháng nào xong)"
    if found.through.end == found.period.end:
        return " đủ các tháng"
    return f" đủ các tháng đến hết {lower_first(found.through.title)}"


def _plain(number: "Number | None") -> int | float | None:
    """Return a sum as JSON writes it: whole where it is whole."""
    if number is None:
        return None
    return int(number) if number % 1 == 0 else float(number)
