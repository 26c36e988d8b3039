"""What a person confirms to know before a plan is published late, or over a later one."""

from collections.abc import Sequence
from datetime import date

from diaban.core.errors import DomainError
from diaban.plans.fan_out import span_of_plan
from diaban.plans.models import Plan, PlanItem
from diaban.plans.rules.doubts import Doubt, Raised, past_days, signed_before, signed_text
from diaban.plans.rules.items import IN_PROGRAMME, Kind


class DoubtsOpen(DomainError):
    """Something should be known before publishing; facts `doubts` are the codes of it."""

    code = "plans.doubts_open"


def doubts_about(
    plan: Plan, items: Sequence[PlanItem], earlier: Plan | None, day: date
) -> list[Raised]:
    """
    Return what publishing `plan` on `day` raises doubts about, the weightiest first.

    `earlier` is the plan whose place it would take. No queries.
    """
    found = []
    about = plan.reading["metadata"]
    if earlier is not None:
        theirs = earlier.reading["metadata"].get("date")
        if signed_before(about.get("date"), theirs):
            found.append(
                Raised(
                    Doubt.OLDER,
                    signed=signed_text(about.get("date")),
                    other=earlier.number or earlier.title,
                    other_signed=signed_text(theirs),
                )
            )
    start, end = span_of_plan(plan, day)
    if end is not None and end < day:
        found.append(Raised(Doubt.OVER, on=end))
    taken = [one for one in items if one.decision in IN_PROGRAMME]
    past = sorted(
        over
        for one in taken
        for over in past_days(Kind(one.kind), one.value, start=start, end=end, day=day)
    )
    if past:
        found.append(Raised(Doubt.PAST, count=len(past), on=past[0]))
    bodiless = sum(
        1
        for one in taken
        if one.kind == Kind.DUTY and not one.value.get("bodies") and not one.value.get("support")
    )
    if bodiless:
        found.append(Raised(Doubt.NOBODY, count=bodiless))
    return found


def require_known(doubts: Sequence[Raised], known: frozenset[str]) -> None:
    """
    Refuse to go on over a doubt that nobody has said they know.

    Raises:
        DoubtsOpen: some doubt is not among the `known` codes.
    """
    still = [one.doubt.value for one in doubts if one.doubt.value not in known]
    if still:
        raise DoubtsOpen(
            "Có điều cần biết trước khi công bố kế hoạch này. Đọc từng điều và đánh dấu là đã "
            "biết, hoặc để sau.",
            doubts=still,
        )
