"""Words about bodies."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of body it is; decides whether a plan orders or requests it."""

    POLICE = "police"
    COMMITTEE = "committee"
    DEPARTMENT = "department"
    MILITARY = "military"
    MEDIA = "media"
    FRONT = "front"
    UNION = "union"
    COURT = "court"
    PROSECUTION = "prosecution"
    PARTY = "party"


# Bodies outside the people's committee's chain of command (Constitution 2013, articles 9, 102,
# 107): a plan of a people's committee can only ask them.
REQUESTED = frozenset({Kind.FRONT, Kind.UNION, Kind.COURT, Kind.PROSECUTION, Kind.PARTY})
