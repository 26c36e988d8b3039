"""How plans write the name of a body: other names by which a duty finds it."""

from datetime import datetime

from django.db import transaction

from diaban.agencies.models import Agency, AgencyAlias
from diaban.agencies.permissions import KEEP_AGENCIES
from diaban.areas.selectors import span_of, version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import local_day
from diaban.core.text import space
from diaban.plans.known_bodies import bodies_of
from diaban.plans.rules.bodies import body_key

_SEE = "areas.see_area"


class BadAlias(DomainError):
    """A name is empty, or another body of the area is already found by it. Facts: `alias`."""

    code = "plans.bad_alias"


@transaction.atomic
def add_alias(*, actor: Actor, agency_id: int, alias: str, at: datetime) -> AgencyAlias:
    """
    Let plans find a body by another name too; the same name again changes nothing.

    Raises:
        Missing, NotAllowed: `actor` does not see the body, or may not keep it.
        BadAlias: the name is empty, too long, or another body's.
    """
    agency = _kept(actor, agency_id, at)
    called = space(alias)
    places = (agency.area.short_name, agency.area.full_name)
    key = body_key(called, places)
    if not key or len(called) > 300:
        raise BadAlias("Tên gọi khác phải có từ 1 đến 300 ký tự, có ít nhất một chữ.", alias=alias)
    other = bodies_of(agency.area, local_day(at)).by_key.get(key)
    if other is not None and other.pk != agency.pk:
        raise BadAlias(
            f"Kế hoạch viết “{called}” thì đang hiểu là {other.name}. Bỏ tên ấy ở cơ quan kia "
            "trước nếu hiểu như vậy là sai.",
            alias=called,
        )
    found, made = AgencyAlias.objects.get_or_create(
        agency=agency, key=key[:300], defaults={"alias": called}
    )
    if made:
        _tell(actor, "plans.alias.added", agency, called, at)
    return found


@transaction.atomic
def drop_alias(*, actor: Actor, agency_id: int, alias_id: int, at: datetime) -> None:
    """
    Forget another name of a body; duties that found it by that name keep it.

    Raises:
        Missing, NotAllowed: as for `add_alias`.
    """
    agency = _kept(actor, agency_id, at)
    found = agency.aliases.filter(pk=alias_id).first()
    if found is not None:
        found.delete()
        _tell(actor, "plans.alias.dropped", agency, found.alias, at)


def _kept(actor: Actor, agency_id: int, at: datetime) -> Agency:
    agency = Agency.objects.select_related("area").filter(pk=agency_id).first()
    if agency is None:
        raise Missing("Không tìm thấy cơ quan này trong phạm vi của tài khoản.")
    span = span_of(agency.area, version_on(local_day(at)))
    require(actor, KEEP_AGENCIES, span, see=_SEE)
    return agency


def _tell(actor: Actor, action: str, agency: Agency, alias: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        subject=agency,
        at=at,
        area_code=agency.area.code,
        detail={"alias": alias},
    )
