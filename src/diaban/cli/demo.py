"""`diaban demo`: fill an empty installation with an invented province."""

from datetime import date, datetime
from typing import ClassVar

import click

from diaban.cli.environment import django_ready, progress
from diaban.core.errors import DomainError
from diaban.core.numbers import write_number
from diaban.core.periods import HO_CHI_MINH


class DayInFuture(DomainError):
    """Sample data would be dated after the clock of this machine."""

    code: ClassVar[str] = "demo_day_in_future"


@click.command("demo")
@click.option(
    "--seed",
    default=2026,
    show_default=True,
    type=click.IntRange(min=0),
    help="Số gieo: cùng số, cùng ngày thì cùng số liệu.",
)
@click.option(
    "--today",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="NĂM-THÁNG-NGÀY",
    help="Coi ngày này là hôm nay (mặc định: hôm nay).",
)
@click.option("--small", is_flag=True, help="Chỉ lập khoảng 30 xã, cho nhanh.")
@click.option("--if-empty", is_flag=True, help="Đã có dữ liệu thì thôi, không báo lỗi.")
def command(seed: int, day: datetime | None, small: bool, if_empty: bool) -> None:
    """Nạp dữ liệu mẫu: tỉnh Sông Lam (không có thật) với 12 tháng số liệu."""
    django_ready()
    from diaban.demo.load import in_use, load_demo

    if if_empty and in_use():
        progress("Đã có dữ liệu, không nạp dữ liệu mẫu.")
        return
    now = datetime.now(HO_CHI_MINH).date()
    today = day.date() if day else now
    _require_not_future(today, now)
    loaded = load_demo(seed, today, progress, small=small)
    progress(
        f"Xong: {loaded.communes} xã, phường, {write_number(loaded.hamlets)} thôn, tổ dân phố, "
        f"{write_number(loaded.returns)} biểu, {loaded.plans} kế hoạch, "
        f"{loaded.accounts} tài khoản dùng thử."
    )


def _require_not_future(today: date, now: date) -> None:
    if today > now:
        raise DayInFuture(
            f"Ngày {today:%d/%m/%Y} ở sau hôm nay ({now:%d/%m/%Y}). Chọn một ngày đã tới.",
            given=today.isoformat(),
        )
