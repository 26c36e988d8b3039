"""The sample's year plan at work: confirmed, published, some of it done, some of it late."""

from datetime import date, datetime, time, timedelta
from random import Random

from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH
from diaban.demo.people import STANDING_OFFICE
from diaban.plans.fan_out import fan_out
from diaban.plans.models import Evidence, Extension, Plan, PlanItem, Reminder, Share, Target
from diaban.plans.publishing import publish_plan
from diaban.plans.rules.items import Decision

# Of a hundred bodies whose date has passed, so many have done it, and so many of those late.
DONE, LATE = 86, 12
# Targets by their words, with what they are measured by.
MEASURED = (
    ("hộ gia đình ký cam kết", "households_committed", "households"),
    ("mô hình hoạt động hiệu quả", "models_effective", ""),
)


def publish_sample(actor: Actor, plan: Plan, signed: date, today: date, seed: int) -> int:
    """
    Confirm and publish the year's plan as on the day it was signed; then let its year pass.

    Returns how many bodies owe something. What is invented depends on `seed` and `today` only.
    """
    at = datetime.combine(signed, time(14, 30), HO_CHI_MINH)
    PlanItem.objects.filter(plan=plan).update(
        decision=Decision.CONFIRMED, decided_by=STANDING_OFFICE, decided_at=at, revision=1
    )
    publish_plan(actor=actor, plan_id=plan.pk, at=at)
    for words, indicator, whole in MEASURED:
        Target.objects.filter(plan=plan, what__contains=words).update(
            indicator=indicator, whole=whole
        )
    # Communes have merged since: what they owed went over to the new one.
    fan_out(plan, today)
    shares = list(
        Share.objects.filter(duty__plan=plan)
        .select_related("duty", "agency")
        .order_by("duty__number", "agency__name", "agency__area__code", "slot")
    )
    random = Random(f"{seed}:duties")  # noqa: S311 - an invented province, no secret
    evidence = []
    for share in shares:
        day = _day(random, share, today)
        if day is None:
            continue
        share.heard_on = day
        if share.due_on is not None:
            share.done_on, share.done_by = day, share.agency.name[:200]
            if day > share.due_on:
                share.late_reason = "Chờ bố trí kinh phí, đã hoàn thành sau hạn."
        evidence.append(
            Evidence(
                share=share,
                kind="document",
                on=day,
                text=f"Báo cáo số {random.randint(10, 400)}/BC",
                at=datetime.combine(day, time(16), HO_CHI_MINH),
                by=share.agency.name[:200],
            )
        )
    Share.objects.bulk_update(
        shares, ["heard_on", "done_on", "done_by", "late_reason"], batch_size=500
    )
    Evidence.objects.bulk_create(evidence, batch_size=500)
    _extend_and_remind(shares, today)
    return len(shares)


def _day(random: Random, share: Share, today: date) -> date | None:
    """Return on which day this body had something to show; None for what is owed still."""
    luck, back = random.randrange(100), random.randint(1, 25)
    if share.due_on is None:
        return today - timedelta(days=back) if luck < DONE else None
    if share.due_on >= today or luck >= DONE:
        return None
    if luck < LATE:
        return min(share.due_on + timedelta(days=back), today - timedelta(days=1))
    return share.due_on - timedelta(days=back)


def _extend_and_remind(shares: list[Share], today: date) -> None:
    late = [one for one in shares if one.done_on is None and one.due_on and one.due_on < today]
    own = [one for one in late if not one.requested]
    moment = datetime.combine(today - timedelta(days=3), time(9), HO_CHI_MINH)
    Reminder.objects.bulk_create(
        Reminder(share=one, on=moment.date(), at=moment, by=STANDING_OFFICE) for one in own[:12]
    )
    for one in own[-1:]:
        if one.due_on is None:
            continue
        new_due = today + timedelta(days=5)
        Extension.objects.create(
            share=one, old_due=one.due_on, new_due=new_due, reason="Chờ kết quả đấu thầu thiết bị.",
            asked_by=one.agency.name[:200], approved_by="Lãnh đạo UBND tỉnh", at=moment,
        )  # fmt: skip
        Share.objects.filter(pk=one.pk).update(due_on=new_due, revision=1)
