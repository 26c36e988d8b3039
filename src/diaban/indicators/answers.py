"""Questions about the figures of communes, and what the communes answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.db import transaction

from diaban.accounts.rules import ANSWER_QUESTION, SEE_RETURN
from diaban.areas.models import Area
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH, Period
from diaban.core.text import lower_first
from diaban.indicators.models import Answer, FormVersion
from diaban.indicators.quality import Sent, looked_at
from diaban.indicators.rules.campaigns import named
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.signals import builtin_signals, question
from diaban.indicators.selectors import read_reported, unit_asked

_LONGEST: Final = 500


class AnswerMissing(DomainError):
    """A question was to be answered without a word."""

    code: ClassVar[str] = "answer_missing"


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question to a commune as a reader may see it, with its answer when there is one.

    `outdated`: the answer was given to the question as it stood before the return changed.
    """

    area: Area
    kind: str
    at: str
    text: str
    answer: Answer | None
    outdated: bool


def questions_of(
    communes: Sequence[Sent], period: Period, *, exact: bool, english: bool = False
) -> tuple[Question, ...]:
    """
    Return the questions of communes that the actor may see, in the order of the communes.

    `exact`: the reader stands on the commune's own page; else small counts are withheld.

    Cost: one query; none without questions.
    """
    asking = [one for one in communes if one.signals]
    if not asking:
        return ()
    answers = {
        (one.area_id, one.kind): one
        for one in Answer.objects.filter(
            period=period.label, form=asked_form(period), area__in=[one.area.pk for one in asking]
        )
    }
    known = builtin_signals()
    names = (
        {code: lower_first(one.name_en) for code, one in builtin_catalogue().items()}
        if english
        else None
    )
    found = []
    for one in asking:
        for signal in one.signals:
            answer = answers.get((one.area.pk, signal.kind))
            full = question(signal, one.area.full_name, known, exact=True)
            found.append(
                Question(
                    area=one.area,
                    kind=signal.kind,
                    at=signal.at,
                    text=question(signal, one.area.full_name, known, exact=exact, english=names),
                    answer=answer,
                    outdated=answer is not None and answer.question != full,
                )
            )
    return tuple(found)


@transaction.atomic
def answer_question(
    *, actor: Actor, area_code: str, period_label: str, kind: str, text: str, at: datetime
) -> Answer:
    """
    Keep a commune's answer to a question about its figures; a later answer takes its place.

    Raises:
        Missing, NotAllowed: `actor` does not see the commune, or may not answer for it; or the
            return raises no such question.
        AnswerMissing: there is no word in it.
    """
    area, span = unit_asked(actor, area_code, period_label)
    require(actor, ANSWER_QUESTION, span, see=SEE_RETURN)
    period = read_reported(period_label, span)
    area.as_of(period.end)
    told = " ".join(text.split())[:_LONGEST]
    looked = looked_at(
        [area],
        period,
        FormVersion.objects.all(),
        at.astimezone(HO_CHI_MINH).date(),
        map_id=actor.map_id,
    )
    asked = next(
        (one for one in questions_of(looked.communes, period, exact=True) if one.kind == kind),
        None,
    )
    if asked is None:
        raise Missing(f"Biểu {named(period)} của {area.full_name} không có câu hỏi này.")
    if not told:
        raise AnswerMissing("Ghi một câu trả lời rồi mới lưu. Ví dụ: tháng này không có thay đổi.")
    answer, _new = Answer.objects.update_or_create(
        area=area,
        period=period.label,
        form=asked_form(period),
        kind=kind,
        defaults={"question": asked.text, "text": told, "by": actor.name, "at": at},
    )
    record(
        actor=actor,
        action="indicators.question.answered",
        subject=answer,
        at=at,
        area_code=area.code,
        detail={"period": period.label, "kind": kind},
    )
    return answer
