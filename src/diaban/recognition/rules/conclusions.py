"""
What an assessment comes to, in words: met or not, or for a set with classes the class.

A set with classes holds two kinds of criteria: requirements of its outcome (an area without
drugs) and signs by which a class is given. A sign is nothing to be reached, so it is never said
to be met or lacking, and nobody is told the nearest way to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diaban.recognition.rules.assessment import Assessment, Outcome, Result
from diaban.recognition.rules.classes import NONE, UNDETERMINED, Classification
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.reasons import Sense
from diaban.recognition.rules.sets import CriteriaSet, Reading

DIFFER: Final = "differ"
SIGN: Final = "sign"
NO_SIGN: Final = "no_sign"

WORDS: Final = {
    Status.MET.value: "Đạt",
    Status.NOT_MET.value: "Chưa đạt",
    Status.MISSING.value: "Thiếu số liệu",
    Status.INVALID.value: "Số liệu sai",
    SIGN: "Có dấu hiệu",
    NO_SIGN: "Không có dấu hiệu",
}
_OUTCOMES: Final = {
    Outcome.MET: "Đạt",
    Outcome.NOT_MET: "Chưa đạt",
    Outcome.UNDETERMINED: "Chưa đủ căn cứ",
}
_READINGS: Final = {
    Reading.LITERAL: "theo đúng chữ",
    Reading.CUMULATIVE: "theo cách cộng dồn",
}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """
    The conclusion on one area.

    `code` is the outcome or class id, `none`, `undetermined` or `differ`; `status` is the
    outcome it is coloured as; `sentence` is a clause that follows the area's name.
    """

    code: str
    status: Outcome
    word: str
    sentence: str


def conclude(assessment: Assessment) -> Conclusion:
    """Return the conclusion; for a set with classes it is the class that the area falls into."""
    found = assessment.classification
    code = code_of(assessment.outcome, found)
    if found is None:
        outcome = assessment.outcome
        return Conclusion(code, outcome, _OUTCOMES[outcome], _OUTCOMES[outcome].lower())
    criteria = assessment.criteria
    asked = {Reading.LITERAL: found.literal, Reading.CUMULATIVE: found.cumulative}
    if found.agreed is None:
        each = "; ".join(
            f"{_READINGS[reading]}: {class_name(criteria, one)}"
            for reading, one in asked.items()
            if one is not None
        )
        return Conclusion(
            code,
            Outcome.UNDETERMINED,
            "Hai cách hiểu khác nhau",
            f"được xếp khác nhau theo hai cách hiểu của văn bản ({each}); người có thẩm quyền "
            "phải chọn",
        )
    name = class_name(criteria, found.agreed)
    if found.agreed == UNDETERMINED:
        return Conclusion(code, Outcome.UNDETERMINED, name, "chưa đủ căn cứ để xếp loại")
    if found.agreed == NONE:
        return Conclusion(
            code, Outcome.UNDETERMINED, name, "không thuộc loại nào mà văn bản nêu; cần người xét"
        )
    status = Outcome.MET if assessment.outcome is Outcome.MET else Outcome.NOT_MET
    return Conclusion(code, status, name, f"được xếp: {name}")


def code_of(outcome: Outcome, found: Classification | None) -> str:
    """Return the code of a conclusion: of the class that all readings give, or the outcome's."""
    if found is None:
        return outcome.value
    return DIFFER if found.agreed is None else found.agreed


def class_name(criteria: CriteriaSet, class_id: str) -> str:
    """Return a class as it is written on a page."""
    for one in criteria.classes:
        if one.id == class_id:
            return one.name
    return "Chưa đủ căn cứ" if class_id == UNDETERMINED else "Không thuộc loại nào"


def conclusion_codes(criteria: CriteriaSet) -> dict[str, str]:
    """Return every conclusion that the set can come to, code -> word, what is urgent first."""
    if not criteria.classes:
        order = (Outcome.NOT_MET, Outcome.UNDETERMINED, Outcome.MET)
        return {one.value: _OUTCOMES[one] for one in order}
    best = [one for one in criteria.classes if one.requirement == criteria.outcome]
    others = [one for one in criteria.classes if one not in best]
    return {
        DIFFER: "Hai cách hiểu khác nhau",
        **{one.id: one.name for one in others},
        NONE: "Không thuộc loại nào",
        UNDETERMINED: "Chưa đủ căn cứ",
        **{one.id: one.name for one in best},
    }


def standing(result: Result) -> str:
    """Return the status as it is shown: a sign is there or not, a requirement is met or not."""
    if result.criterion.sense is Sense.TROUBLE and result.status in (Status.MET, Status.NOT_MET):
        return SIGN if result.status is Status.MET else NO_SIGN
    return result.status.value


def requirements(assessment: Assessment) -> tuple[Result, ...]:
    """Return the results that the outcome asks for: all but the signs of classes."""
    return tuple(r for r in assessment.results if r.criterion.sense is not Sense.TROUBLE)
