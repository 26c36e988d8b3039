"""`diaban agencies`: bodies, their names over time, and who took their work over."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import click

from diaban.cli.actors import AS, acting
from diaban.cli.environment import django_ready
from diaban.core.errors import DomainError
from diaban.core.periods import read_day

if TYPE_CHECKING:
    from diaban.agencies.models import Agency

_AREA = click.option("--area", "code", required=True, metavar="MÃ", help="Mã tỉnh hoặc xã.")
_DAY = click.option("--on", "day", required=True, metavar="NGÀY", help="Dạng 2026-12-01.")
_BASIS = click.option("--basis", required=True, metavar="CĂN CỨ", help="Căn cứ pháp lý.")


class BadHeir(DomainError):
    """An heir is not written as NUMBER or NUMBER=field. Facts: `given`."""

    code: ClassVar[str] = "bad_heir"


@click.group("agencies")
def command() -> None:
    """Cơ quan: tên qua các thời kỳ và cơ quan kế thừa nhiệm vụ."""


@command.command("list")
@_AREA
@click.option("--on", "day", metavar="NGÀY", help="Tên như ngày này, dạng 2026-12-01.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
@AS
def list_command(code: str, day: str | None, as_json: bool, user: str | None) -> None:
    """Liệt kê cơ quan của một địa bàn; cơ quan đã kết thúc kèm cơ quan kế thừa."""
    django_ready()
    from diaban.accounts.rules import SEE_AREA
    from diaban.accounts.scopes import area_visible_to
    from diaban.agencies.selectors import agencies_of, names_on

    area, _ = area_visible_to(acting(user), code, SEE_AREA)
    on_day = _day(day)
    found = list(agencies_of(area).prefetch_related("passed_to__new"))
    names = names_on((one.pk, on_day) for one in found)
    rows = [_row(one, names[one.pk, on_day]) for one in found]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        ended = f", đến trước {row['valid_to']}" if row["valid_to"] else ""
        click.echo(f"{row['id']:>5}  {row['name']}{ended}")
        for heir in row["heirs"]:
            field = f" ({heir['field']})" if heir["field"] else ""
            click.echo(f"       → {heir['name']}{field}")


@command.command("rename")
@click.argument("agency", metavar="SỐ", type=int)
@click.argument("name", metavar="TÊN")
@_DAY
@click.option("--short", default="", metavar="TÊN NGẮN", help="Tên viết tắt.")
@_BASIS
@AS
def rename_command(
    agency: int, name: str, day: str, short: str, basis: str, user: str | None
) -> None:
    """Đổi tên một cơ quan từ NGÀY; tài liệu trước đó giữ tên cũ."""
    django_ready()
    from django.utils import timezone

    from diaban.agencies.services import rename_agency

    done = rename_agency(
        actor=acting(user),
        agency_id=agency,
        name=name,
        short_name=short,
        on_day=read_day(day),
        basis=basis,
        at=timezone.now(),
    )
    click.echo(f"{done.name} từ {read_day(day):%d/%m/%Y}.")


@command.command("pass-on")
@click.argument("agency", metavar="SỐ", type=int)
@click.option(
    "--to",
    "heirs",
    multiple=True,
    required=True,
    metavar="SỐ[=LĨNH VỰC]",
    help="Cơ quan kế thừa; nhiều cơ quan thì ghi nhiều lần, kèm lĩnh vực.",
)
@_DAY
@_BASIS
@AS
def pass_on_command(
    agency: int, heirs: tuple[str, ...], day: str, basis: str, user: str | None
) -> None:
    """Kết thúc một cơ quan từ NGÀY và ghi cơ quan kế thừa."""
    django_ready()
    from django.utils import timezone

    from diaban.agencies.services import Share, pass_work_on

    shares = []
    for given in heirs:
        number, _, field = given.partition("=")
        if not number.strip().isdigit():
            raise BadHeir(
                f"“{given}” không phải số của cơ quan. Xem số: diaban agencies list", given=given
            )
        shares.append(Share(int(number), field))
    done = pass_work_on(
        actor=acting(user),
        agency_id=agency,
        heirs=shares,
        on_day=read_day(day),
        basis=basis,
        at=timezone.now(),
    )
    click.echo(f"{done.name} kết thúc từ {read_day(day):%d/%m/%Y}.")


@command.command("apply")
@_AREA
@AS
def apply_command(code: str, user: str | None) -> None:
    """Gắn cơ quan kế thừa theo bảng sắp xếp bộ máy năm 2025 có sẵn."""
    django_ready()
    from django.utils import timezone

    from diaban.accounts.rules import SEE_AREA
    from diaban.accounts.scopes import area_visible_to
    from diaban.agencies.services import apply_table

    actor = acting(user)
    area, _ = area_visible_to(actor, code, SEE_AREA)
    ended = apply_table(actor=actor, area=area, at=timezone.now())
    for agency in ended:
        heirs = ", ".join(line.new.name for line in agency.passed_to.select_related("new"))
        click.echo(f"{agency.name} → {heirs}")
    if not ended:
        click.echo("Không có cơ quan nào của địa bàn này trong bảng.", err=True)


def _row(agency: "Agency", name: str) -> dict[str, Any]:
    return {
        "id": agency.pk,
        "name": name,
        "kind": agency.kind,
        "valid_from": agency.valid_from.isoformat(),
        "valid_to": None if agency.valid_to is None else agency.valid_to.isoformat(),
        "heirs": [
            {"id": line.new_id, "name": line.new.name, "field": line.field}
            for line in agency.passed_to.all()
        ],
    }


def _day(text: str | None) -> date:
    from django.utils import timezone

    return timezone.localdate() if text is None else read_day(text)
