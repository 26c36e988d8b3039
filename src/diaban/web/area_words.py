"""Levels, kinds of groups and of bodies, and effects of a change, in the language of the page."""

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diaban.agencies.rules import Kind
from diaban.areas.effects import Kept
from diaban.areas.models import Area
from diaban.areas.rules.grouping import ActKind, GroupKind
from diaban.areas.rules.levels import Level

_LEVELS: Final[dict[Level, Promise]] = {
    Level.NATION: _("cả nước"),
    Level.PROVINCE: _("cấp tỉnh"),
    Level.DISTRICT: _("cấp huyện"),
    Level.COMMUNE: _("cấp xã"),
    Level.SECTOR: _("địa bàn phụ trách"),
    Level.HAMLET: _("thôn, tổ dân phố"),
}
_GROUPS: Final[dict[GroupKind, Promise]] = {
    GroupKind.BORDER: _("xã biên giới"),
    GroupKind.KEY_1: _("trọng điểm loại I"),
    GroupKind.KEY_2: _("trọng điểm loại II"),
    GroupKind.KEY_3: _("trọng điểm loại III"),
    GroupKind.FOCUS: _("địa bàn tập trung trong năm"),
    GroupKind.PHASE: _("danh sách theo giai đoạn"),
    GroupKind.OTHER: _("nhóm khác"),
}
_ACTS: Final[dict[ActKind, Promise]] = {
    ActKind.LISTED: _("lưu danh sách"),
    ActKind.IMPORTED: _("nạp từ tệp"),
    ActKind.REMOVED: _("cho ra khỏi nhóm"),
    ActKind.RENAMED: _("đổi tên"),
    ActKind.ENDED: _("kết thúc nhóm"),
}
_KEPT: Final[dict[Kept, Promise]] = {
    Kept.CASES: _("vụ việc"),
    Kept.RECOGNITIONS: _("hồ sơ công nhận"),
}
_BODIES: Final[dict[Kind, Promise]] = {
    Kind.POLICE: _("công an"),
    Kind.COMMITTEE: _("ủy ban nhân dân"),
    Kind.STEERING: _("ban chỉ đạo"),
    Kind.DEPARTMENT: _("sở, ban, ngành"),
    Kind.MILITARY: _("quân sự, biên phòng"),
    Kind.MEDIA: _("báo, đài"),
    Kind.FRONT: _("Mặt trận Tổ quốc"),
    Kind.UNION: _("đoàn thể"),
    Kind.COURT: _("tòa án"),
    Kind.PROSECUTION: _("viện kiểm sát"),
    Kind.PARTY: _("cơ quan của Đảng"),
}
# The modules that count effects say them in Vietnamese, with days and names; here is what an
# English page says of each, by its code.
ENGLISH_EFFECTS: Final = {
    "areas.ended": "units that end",
    "areas.begun": "new units",
    "areas.renamed": "units with another name or type",
    "areas.moved": "units below another one",
    "areas.hamlets_moved": "hamlets that go to another unit",
    "areas.hamlet_names_twice": "hamlets with a name that another has in the new commune; "
    "better rename them",
    "areas.undivided": "divided units without shares: their old figures stay apart",
    "areas.groups": "memberships of groups that pass to the unit which takes all the land",
    "areas.groups_open": "memberships of groups that end, as the unit is divided or abolished: "
    "list its parts on the page of the group",
    "areas.group_members_later": "memberships that begin later in a unit that ends; drop them "
    "before publishing",
    "areas.hierarchies": "units that end and are in the charge of a border-guard post or another "
    "body, which stays in charge of the land",
    "areas.hierarchies_open": "units where the land of two posts or bodies meets; they have to "
    "send a new list",
    "accounts.lapse": "roles in units that end, which give nothing from that day",
    "accounts.again": "roles in units that gain territory, which end and are given again by an "
    "administrator",
    "accounts.later": "roles that begin later in a unit with a change; drop them before publishing",
    "indicators.returns": "returns entered, kept with the old unit",
    "indicators.drafts": "returns of these units that were not sent",
    "indicators.periods": "periods that are added up on the new map",
    "indicators.late_returns": "returns of units that end, of a period that is over only later; "
    "choose an effective day after it",
    "plans.plans": "plans of units that end, kept with the old unit",
    "plans.shares": "open shares of duties that pass to the same body of the unit which takes all "
    "the land, or stay where it has none",
    "plans.shares_staying": "open shares of duties of bodies in a divided or abolished unit: they "
    "stay with the old body until a successor is named",
}


def then_and_now(area: Area, heirs: Sequence[Area]) -> str:
    """Return the name of a unit, of one that has ended with what it belongs to now."""
    if not heirs:
        return area.full_name
    now = ", ".join(one.full_name for one in heirs)
    return str(_("%(area)s, nay thuộc %(heirs)s")) % {"area": area.full_name, "heirs": now}


def level_word(level: Level) -> str:
    """Return what a level is called, in small letters."""
    return str(_LEVELS[level])


def group_word(kind: GroupKind) -> str:
    """Return what a kind of group is called, in small letters."""
    return str(_GROUPS[kind])


def act_word(kind: ActKind) -> str:
    """Return what was done to a group, in small letters."""
    return str(_ACTS[kind])


def kept_word(kept: Kept) -> str:
    """Return what is not counted before a module keeps it, in small letters."""
    return str(_KEPT[kept])


def body_word(kind: Kind) -> str:
    """Return what a kind of body is called, in small letters."""
    return str(_BODIES[kind])


def effect_words(code: str, sentence: str, count: int) -> str:
    """Return what an effect says; on an English page the Vietnamese sentence stands below it."""
    if get_language() == "en" and code in ENGLISH_EFFECTS:
        return f"{count} {ENGLISH_EFFECTS[code]} ({sentence})"
    return sentence
