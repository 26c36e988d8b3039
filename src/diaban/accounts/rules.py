"""The table of roles: read it aloud to know who may do what."""

from enum import StrEnum
from typing import Final

from diaban.agencies.permissions import KEEP_AGENCIES
from diaban.areas.permissions import EDIT_GROUP, REORGANISE
from diaban.core.access import DataClass, Right


class Role(StrEnum):
    """What a person is in an area or an agency."""

    COMMUNE_OFFICER = "commune_officer"
    HAMLET_HEAD = "hamlet_head"
    AGENCY_CLERK = "agency_clerk"
    APPRAISER = "appraiser"
    STANDING_OFFICE = "standing_office"
    LEADER = "leader"
    DATA_OFFICE = "data_office"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Final[dict[Role, str]] = {
    Role.COMMUNE_OFFICER: "Cán bộ cấp xã",
    Role.HAMLET_HEAD: "Trưởng thôn, tổ trưởng tổ dân phố",
    Role.AGENCY_CLERK: "Cán bộ cơ quan, đơn vị",
    Role.APPRAISER: "Cán bộ thẩm định",
    Role.STANDING_OFFICE: "Cơ quan thường trực",
    Role.LEADER: "Lãnh đạo",
    Role.DATA_OFFICE: "Tổ nhập số liệu",
    Role.ADMINISTRATOR: "Quản trị",
}

SEE_AREA = "areas.see_area"
ADD_HAMLET = "areas.add_hamlet"
REPORT_HAMLET = "indicators.report_hamlet"
SEE_RETURN = "indicators.see_return"
EDIT_RETURN = "indicators.edit_return"
SUBMIT_RETURN = "indicators.submit_return"
GIVE_BACK_RETURN = "indicators.give_back_return"
APPROVE_RETURN = "indicators.approve_return"
LOCK_RETURN = "indicators.lock_return"
REMIND_RETURN = "indicators.remind_return"
RUN_CAMPAIGN = "indicators.run_campaign"
ANSWER_QUESTION = "indicators.answer_question"
SIGN_FOR_COMMUNE = "indicators.sign_for_commune"
SIGN_FOR_POLICE = "indicators.sign_for_police"
SEE_PLAN = "plans.see_plan"
ADD_PLAN = "plans.add_plan"
REVIEW_PLAN = "plans.review_plan"
PUBLISH_PLAN = "plans.publish_plan"
SEE_DUTY = "plans.see_duty"
WORK_DUTY = "plans.work_duty"
EXTEND_DUTY = "plans.extend_duty"
REMIND_DUTY = "plans.remind_duty"
SEE_ASSESSMENT = "recognition.see_assessment"
MAKE_MINUTES = "reports.make_assessment_minutes"
MANAGE_ACCOUNTS = "accounts.manage"

_SEE = {SEE_AREA, SEE_RETURN, SEE_PLAN, SEE_ASSESSMENT, SEE_DUTY}
_PLAN = {ADD_PLAN, REVIEW_PLAN, PUBLISH_PLAN, WORK_DUTY, REMIND_DUTY}


def _internal(*actions: str) -> frozenset[Right]:
    return frozenset(Right(action, DataClass.INTERNAL) for action in actions)


# Read as: this role, in an area, may do this there and below, with internal data.
RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.COMMUNE_OFFICER: _internal(
        *_SEE,
        *_PLAN,
        EDIT_GROUP,
        ADD_HAMLET,
        EDIT_RETURN,
        SUBMIT_RETURN,
        ANSWER_QUESTION,
        SIGN_FOR_COMMUNE,
        MAKE_MINUTES,
    ),
    Role.HAMLET_HEAD: _internal(SEE_AREA, REPORT_HAMLET),
    Role.AGENCY_CLERK: _internal(SEE_AREA, SEE_PLAN, SEE_DUTY, WORK_DUTY),
    Role.APPRAISER: _internal(*_SEE, MAKE_MINUTES),
    Role.STANDING_OFFICE: _internal(
        *_SEE,
        *_PLAN,
        EDIT_GROUP,
        KEEP_AGENCIES,
        GIVE_BACK_RETURN,
        APPROVE_RETURN,
        LOCK_RETURN,
        REMIND_RETURN,
        RUN_CAMPAIGN,
        SIGN_FOR_POLICE,
        EXTEND_DUTY,
        MAKE_MINUTES,
        REORGANISE,
    ),
    Role.LEADER: _internal(*_SEE, EXTEND_DUTY),
    # Enters for communes that cannot, and never approves what it entered.
    Role.DATA_OFFICE: _internal(SEE_AREA, SEE_RETURN, EDIT_RETURN, SUBMIT_RETURN),
    Role.ADMINISTRATOR: _internal(SEE_AREA, MANAGE_ACCOUNTS, EDIT_GROUP, KEEP_AGENCIES, REORGANISE),
}

EVERYTHING: Final[frozenset[Right]] = frozenset().union(*RIGHTS.values())
