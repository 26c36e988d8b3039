"""Words about bodies."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of body it is; decides whether a plan orders or requests it."""

    POLICE = "police"
    COMMITTEE = "committee"
    STEERING = "steering"
    DEPARTMENT = "department"
    MILITARY = "military"
    MEDIA = "media"
    FRONT = "front"
    UNION = "union"
    COURT = "court"
    PROSECUTION = "prosecution"
    PARTY = "party"


KIND_NAMES: dict[Kind, str] = {
    Kind.POLICE: "công an",
    Kind.COMMITTEE: "ủy ban nhân dân",
    Kind.STEERING: "ban chỉ đạo",
    Kind.DEPARTMENT: "sở, ban, ngành",
    Kind.MILITARY: "quân sự, biên phòng",
    Kind.MEDIA: "báo, đài",
    Kind.FRONT: "Mặt trận Tổ quốc",
    Kind.UNION: "đoàn thể",
    Kind.COURT: "tòa án",
    Kind.PROSECUTION: "viện kiểm sát",
    Kind.PARTY: "cơ quan của Đảng",
}

# Bodies outside the people's committee's chain of command (Constitution 2013, articles 9, 102,
# 107): a plan of a people's committee can only ask them.
REQUESTED = frozenset({Kind.FRONT, Kind.UNION, Kind.COURT, Kind.PROSECUTION, Kind.PARTY})
