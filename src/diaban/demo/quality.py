"""Reconciliations at each stage, an answer to a question, and two communes that were reminded."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from diaban.agencies.models import Agency
from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH, Period
from diaban.demo.people import STANDING_OFFICE
from diaban.demo.world import World
from diaban.indicators.answers import answer_question
from diaban.indicators.models import FormVersion, Return
from diaban.indicators.quality import in_span, looked_at
from diaban.indicators.reconciliation import save_counts, sign
from diaban.indicators.reminders import remind_returns
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.indicators.rules.reconciling import Side, builtin_lines, reported
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.selectors import communes_under

# The letters of a commune's tile, what its ledger and the software have besides the return (line,
# how many more), the commune's explanation, and who has signed.
_Story = tuple[str, dict[str, int], dict[str, int], str, tuple[Side, ...]]
_STORIES: Final[tuple[_Story, ...]] = (
    ("SN", {"on_file": 1}, {}, "", ()),
    (
        "NB",
        {},
        {"on_file": 2},
        "Hai hồ sơ đã chuyển đi nơi khác trong kỳ, phần mềm chưa cập nhật.",
        (Side.COMMUNE,),
    ),
    ("TH", {}, {}, "", (Side.COMMUNE, Side.POLICE)),
)
_ANSWERED: Final = ("XL", "copied", "Trong tháng xã không có biến động; đã rà lại từng thôn.")
_REMINDED: Final = ("NH", "KV")


def add_quality(
    actor: Actor,
    world: World,
    agencies: dict[tuple[str, str], Agency],
    month: Period,
    day: datetime,
) -> None:
    """
    Write the stories into the newest month, on `day`, and measure its returns.

    `actor` may do everything; each act is signed with the name of the office that does it.
    """
    police = agencies[world.code, "cong-an"]
    above = replace(actor, name=STANDING_OFFICE, agency_ids=frozenset({police.pk}))
    for sign_letters, ledger, software, told, signed in _STORIES:
        commune = world.by_sign(sign_letters)
        own = replace(actor, name=agencies[commune.code, "cong-an"].name)
        stored = Return.objects.filter(
            area__code=commune.code, period=month.label, form=MONTHLY, state__in=COUNTED
        ).first()
        if stored is None:
            continue
        figures = {
            line.id: reported(stored.document, line.reported) or 0 for line in builtin_lines()
        }
        _count(own, commune.code, month, Side.COMMUNE, figures, ledger, told, 0, day)
        _count(above, commune.code, month, Side.POLICE, figures, software, "", 1, day)
        for side in signed:
            sign(
                actor=own if side is Side.COMMUNE else above,
                area_code=commune.code,
                period_label=month.label,
                side=side,
                revision=2,
                at=day + timedelta(minutes=40),
            )
    _measure(actor, month, day)
    letters, kind, text = _ANSWERED
    commune = world.by_sign(letters)
    answer_question(
        actor=replace(actor, name=agencies[commune.code, "cong-an"].name),
        area_code=commune.code,
        period_label=month.label,
        kind=kind,
        text=text,
        at=day,
    )
    if month.end < day.astimezone(HO_CHI_MINH).date():
        remind_returns(
            actor=above,
            area_code=world.code,
            period_label=month.label,
            codes=[world.by_sign(letters).code for letters in _REMINDED],
            at=datetime.combine(day.date(), time(15, 10), HO_CHI_MINH),
        )


def _count(
    actor: Actor,
    code: str,
    month: Period,
    side: Side,
    figures: dict[str, int],
    more: dict[str, int],
    told: str,
    revision: int,
    at: datetime,
) -> None:
    source = "Sổ hồ sơ giấy tại Công an xã" if side is Side.COMMUNE else "Phần mềm của ngành"
    save_counts(
        actor=actor,
        area_code=code,
        period_label=month.label,
        side=side,
        typed={line: str(number + more.get(line, 0)) for line, number in figures.items()},
        counted_on=f"{at:%d/%m/%Y}",
        source=source,
        explanations={"on_file": told} if told else {},
        revision=revision,
        client_key="",
        at=at + timedelta(minutes=10 * revision),
    )


def _measure(actor: Actor, month: Period, at: datetime) -> None:
    """Measure the month's returns, so that nobody's first page waits for it."""
    span = actor.grants[0].span
    looked_at(
        communes_under(actor, span, month.end),
        month,
        FormVersion.objects.all(),
        at.date(),
        map_id=actor.map_id,
        scope=in_span(actor, span.left, span.right),
    )
