"""
The access question: may this actor do this, here, with data of this class?

Places are intervals of the area tree (`docs/decisions/0002`), so "is this area inside a scope"
is two comparisons. The table that says which role allows what is in `diaban.accounts.rules`;
this module only answers.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from diaban.core.errors import DomainError


class DataClass(StrEnum):
    """How far a piece of data may travel; each class includes none of the others."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    CASE = "case"


class NotAllowed(DomainError):
    """The actor sees the thing but may not do this with it."""

    code = "not_allowed"


class Missing(DomainError):
    """The thing is not there, or the actor may not know that it is."""

    code = "missing"


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of the area tree, both ends included; `left <= right`."""

    left: int
    right: int

    def holds(self, other: "Span") -> bool:
        """Return whether `other` lies inside this interval or is this interval."""
        return self.left <= other.left and other.right <= self.right


@dataclass(frozen=True, slots=True)
class Parts(Span):
    """
    What a divided unit became: several intervals, and the one that reaches over all of them.

    Whoever may do something in every part, by one role or by several, may do it here.
    """

    parts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that may be done with one class of data."""

    action: str
    data_class: DataClass


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights held over one interval of the area tree, from one role."""

    role: str
    area_id: int
    area_code: str
    span: Span
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Somebody who asks: a signed-in person, or the installation's own administrator.

    `id` is the user's key and None for the administrator at the command line. `map_id` is the
    numbering of the area tree that the grants' intervals belong to.
    """

    id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    map_id: int = 0
    agency_ids: frozenset[int] = field(default_factory=frozenset)


def may(actor: Actor, action: str, place: Span, data_class: DataClass = DataClass.INTERNAL) -> bool:
    """Return whether `actor` may do `action` at `place` with data of `data_class`."""
    if isinstance(place, Parts):
        return all(may(actor, action, part, data_class) for part in place.parts)
    wanted = Right(action, data_class)
    return any(wanted in grant.rights and grant.span.holds(place) for grant in actor.grants)


def scopes(
    actor: Actor, action: str, data_class: DataClass = DataClass.INTERNAL
) -> tuple[Span, ...]:
    """
    Return the intervals in which `actor` may do `action`: what every list starts from.

    Nested intervals are given once; an empty tuple means nowhere.
    """
    wanted = Right(action, data_class)
    spans = {grant.span for grant in actor.grants if wanted in grant.rights}
    return tuple(
        sorted(
            (s for s in spans if not any(o != s and o.holds(s) for o in spans)),
            key=lambda s: s.left,
        )
    )


def require(
    actor: Actor,
    action: str,
    place: Span,
    data_class: DataClass = DataClass.INTERNAL,
    *,
    see: str | None = None,
) -> None:
    """
    Refuse what `actor` may not do.

    `see` names the action that lets one know of the thing at all: without it the refusal is
    `Missing`, so that a guess at an address tells nothing.

    Raises:
        Missing: `actor` may not even see it.
        NotAllowed: `actor` sees it, and may not do this.
    """
    if may(actor, action, place, data_class):
        return
    if see is not None and may(actor, see, place, data_class):
        raise NotAllowed(
            "Tài khoản này được xem nhưng không được làm việc này ở địa bàn đang mở. "
            "Hãy dùng tài khoản của địa bàn đó hoặc liên hệ cơ quan thường trực."
        )
    raise Missing("Không tìm thấy trang hoặc số liệu này trong phạm vi của tài khoản.")
