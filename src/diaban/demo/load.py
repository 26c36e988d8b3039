"""Writing the sample into an installation."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import ClassVar, Final

from django.db import transaction

from diaban.accounts.models import User
from diaban.accounts.selectors import local_administrator
from diaban.areas.models import Area
from diaban.audit.services import record
from diaban.core.access import Actor
from diaban.core.errors import DomainError
from diaban.core.numbers import write_number
from diaban.core.periods import HO_CHI_MINH
from diaban.demo.campaigns import add_campaigns
from diaban.demo.duties import publish_sample
from diaban.demo.groups import add_groups, add_posts
from diaban.demo.hamlet_reports import send_rows
from diaban.demo.longer_forms import add_longer_forms
from diaban.demo.map import draw_map, name_tiles
from diaban.demo.people import add_accounts, add_agencies
from diaban.demo.quality import add_quality
from diaban.demo.returns import SampleReturn, merged_on, sample_months, sample_returns
from diaban.demo.reviews import as_sent, reviewed
from diaban.demo.world import PROVINCE_CODE, World, world
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.models import Return
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.plans.models import Plan
from diaban.plans.services import add_plan
from diaban.storage.statistics import count_rows_anew

Progress = Callable[[str], None]

STEPS: Final = 5

# File, and the letters of the commune's tile whose plan it is; none for the province's own.
YEAR_PLAN: Final = "ke-hoach-nam-tinh-song-lam.txt"
PLANS: Final = (
    ("ke-hoach-tinh-song-lam.docx", ""),
    ("ke-hoach-xa-khe-say.txt", "KS"),
    (YEAR_PLAN, ""),
)
# When the plan of the year was signed; older clocks get it on their first day.
SIGNED_ON: Final = date(2026, 1, 20)


class AlreadyInUse(DomainError):
    """The installation holds data already; sample data is for an empty one."""

    code: ClassVar[str] = "demo_installation_in_use"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written."""

    communes: int
    hamlets: int
    returns: int
    accounts: int
    plans: int


def in_use() -> bool:
    """Return whether anybody works here: there are accounts, returns, or the sample itself."""
    return (
        User.objects.exists()
        or Return.objects.exists()
        or Area.objects.filter(code=PROVINCE_CODE).exists()
    )


@transaction.atomic
def load_demo(seed: int, today: date, progress: Progress, *, small: bool = False) -> Loaded:
    """
    Write the sample province, its people, a year of its returns and three of its plans.

    One transaction: a loading that was broken off leaves nothing behind and can be started
    again. `progress` is told each step in Vietnamese.

    Raises:
        AlreadyInUse: there are accounts, returns or the sample already.
        DayTooEarly: `today` leaves no whole year since 1/7/2025.

    Cost: some ten seconds of one core for the large province.
    """
    if in_use():
        raise AlreadyInUse(
            "Cơ sở dữ liệu này đã có dữ liệu nên không nạp dữ liệu mẫu. Muốn dùng thử, hãy chỉ "
            "DIABAN_HOME tới một thư mục trống rồi chạy lại: diaban demo"
        )
    months = sample_months(today)
    start, merger = months[0].start, merged_on(months)
    province = world(small=small)
    hamlets = sum(len(commune.hamlets) for commune in province.communes)

    progress(
        f"[1/{STEPS}] Vẽ tỉnh {province.name}: {len(province.communes)} xã, phường, "
        f"{write_number(hamlets)} thôn, tổ dân phố…"
    )
    areas = draw_map(province, start, merger)
    name_tiles(province, areas)

    progress(f"[2/{STEPS}] Lập cơ quan và tài khoản dùng thử…")
    agencies = add_agencies(province, areas, start)
    users = add_accounts(province, areas, agencies, start)

    progress(f"[3/{STEPS}] Lập số liệu {len(months)} tháng…")
    returns = list(sample_returns(province, seed, today))

    progress(f"[4/{STEPS}] Ghi {write_number(len(returns))} biểu và cộng tổng các cấp…")
    stored = store_many(MONTHLY, _ready(returns, areas, today), _yesterday(today, time(17, 45)))

    send_rows(areas[province.by_sign("KS").code])
    actor = local_administrator(today)
    stored += add_campaigns(
        actor, province.code, returns, areas, seed, today, _yesterday(today, time(9, 30))
    )

    stored += add_longer_forms(
        months,
        returns,
        areas,
        province.by_sign("KS").code,
        seed,
        today,
        _yesterday(today, time(17, 40)),
    )

    progress(f"[5/{STEPS}] Đọc {len(PLANS)} kế hoạch mẫu…")
    plans = _hand_in_plans(actor, province, _yesterday(today, time(9, 58)))
    add_quality(actor, province, agencies, months[-1], _yesterday(today, time(10, 20)))
    year = Plan.objects.get(document__name=YEAR_PLAN)
    signed = min(SIGNED_ON, today - timedelta(days=1))
    publish_sample(actor, year, max(signed, start), today, seed)
    evening = _yesterday(today, time(17, 30))
    add_posts(actor, province, start, evening)
    add_groups(actor, province, areas[province.code], merger, today, evening)
    record(
        actor=actor,
        action="demo.loaded",
        subject=areas[province.code],
        at=_yesterday(today, time(17, 45)),
        area_code=province.code,
        detail={"seed": seed, "today": today.isoformat(), "returns": stored},
    )
    count_rows_anew()
    return Loaded(len(province.communes), hamlets, stored, len(users), plans)


def plan_bytes(name: str) -> bytes:
    """Return one of the sample's plan documents."""
    return (files("diaban.demo") / "data" / name).read_bytes()


def _hand_in_plans(actor: Actor, province: World, at: datetime) -> int:
    found = 0
    for name, sign in PLANS:
        code = province.by_sign(sign).code if sign else province.code
        data = plan_bytes(name)
        found += len(add_plan(actor=actor, area_code=code, name=name, data=data, at=at))
    return found


def _yesterday(today: date, clock: time) -> datetime:
    """Return a moment that is over on any clock that shows `today`."""
    return datetime.combine(today - timedelta(days=1), clock, HO_CHI_MINH)


def _ready(returns: Iterable[SampleReturn], areas: dict[str, Area], today: date) -> Iterator[Ready]:
    for item in returns:
        yield Ready(
            area=areas[item.area_code],
            period=item.period,
            state=as_sent(item.state),
            document=item.document,
            saved_at=item.saved_at,
            saved_by=item.saved_by,
            submitted_at=item.submitted_at,
            moves=reviewed(item.state, item.saved_at, today, item.reason),
        )
