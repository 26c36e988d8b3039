"""What a person does with bodies: give them a new name, and say who took their work over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from diaban.agencies.models import Agency, AgencyAlias, FormerName, Inheritance
from diaban.agencies.permissions import KEEP_AGENCIES
from diaban.agencies.rules import Kind
from diaban.agencies.selectors import body_named
from diaban.agencies.signals import work_passed_on
from diaban.agencies.successors import Heir, passage_of
from diaban.areas.models import Area
from diaban.areas.selectors import span_of, version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import local_day
from diaban.core.text import search_key, space

_SEE = "areas.see_area"


class BadAgency(DomainError):
    """A name, a day or a successor of a body cannot be. Facts: `agency`."""

    code = "bad_agency"


@dataclass(frozen=True, slots=True)
class Share:
    """Who takes work over: a body, and of which field; an empty field is all of it."""

    agency_id: int
    field: str = ""


@transaction.atomic
def rename_agency(
    *,
    actor: Actor,
    agency_id: int,
    name: str,
    short_name: str = "",
    on_day: date,
    basis: str,
    at: datetime,
) -> Agency:
    """
    Give a body another name from `on_day` on; what was written before keeps the old one.

    Raises:
        Missing, NotAllowed: `actor` does not see the body, or may not keep it.
        BadAgency: the name is empty, too long or another body's, or the day is not after its
            last change.
    """
    agency = _kept_by(actor, agency_id, at)
    called = space(name)
    if not search_key(called) or len(called) > 200 or len(space(short_name)) > 60:
        raise BadAgency("Tên cơ quan phải có từ 1 đến 200 ký tự.", agency=agency.pk)
    if agency.valid_to is not None:
        raise BadAgency(f"{agency.name} đã kết thúc, không đổi tên được nữa.", agency=agency.pk)
    other = body_named(agency.area, called, on_day)
    if other is not None and other.pk != agency.pk:
        raise BadAgency(
            f"Địa bàn này đã có {other.name}. Nếu công việc chuyển về đó, hãy ghi cơ quan kế thừa.",
            agency=agency.pk,
        )
    if called == agency.name:
        return agency
    last = agency.former_names.order_by("-valid_to").first()
    since = last.valid_to if last else agency.valid_from
    if on_day <= since:
        raise BadAgency(
            f"{agency.name} mang tên này từ {since:%d/%m/%Y}; tên mới phải từ ngày sau đó.",
            agency=agency.pk,
        )
    before = agency.name
    FormerName.objects.create(
        agency=agency,
        name=agency.name,
        short_name=agency.short_name,
        valid_from=since,
        valid_to=on_day,
        basis=basis[:300],
    )
    # Plans go on writing the old name for years.
    AgencyAlias.objects.get_or_create(
        agency=agency, key=search_key(before)[:300], defaults={"alias": before}
    )
    agency.name, agency.short_name = called, space(short_name)
    agency.save(update_fields=["name", "short_name"])
    _tell(actor, "agencies.agency.renamed", agency, at, before=before, after=called)
    return agency


@transaction.atomic
def pass_work_on(
    *,
    actor: Actor,
    agency_id: int,
    heirs: Sequence[Share],
    on_day: date,
    basis: str,
    at: datetime,
    sure: bool = True,
) -> Agency:
    """
    End a body on `on_day` and say who took its work over, all of it or by fields.

    What it did keeps its name; what is still open is answered for by the sole heir
    (`selectors.answering_for`), or waits until a person chooses among several. The same again
    changes nothing.

    Raises:
        Missing, NotAllowed: `actor` does not see the body, or may not keep it.
        BadAgency: there is no heir, one is unknown, has ended or is the body itself, several
            come without their fields, or the body has other heirs already.
    """
    agency = _kept_by(actor, agency_id, at)
    found = _heirs(agency, heirs, on_day)
    known = {(line.new_id, line.field) for line in agency.passed_to.all()}
    wanted = {(body.pk, share.field) for body, share in found}
    if known == wanted and agency.valid_to == on_day:
        return agency
    if known or agency.valid_to is not None:
        raise BadAgency(f"{agency.name} đã kết thúc và có cơ quan kế thừa.", agency=agency.pk)
    if on_day <= agency.valid_from:
        raise BadAgency(
            f"{agency.name} có từ {agency.valid_from:%d/%m/%Y}; ngày kết thúc phải sau đó.",
            agency=agency.pk,
        )
    Inheritance.objects.bulk_create(
        Inheritance(
            old=agency, new=body, field=share.field, on=on_day, basis=basis[:300], sure=sure
        )
        for body, share in found
    )
    agency.valid_to = on_day
    agency.successor = found[0][0] if len(found) == 1 and not found[0][1].field else None
    agency.save(update_fields=["valid_to", "successor"])
    bodies = tuple(body for body, _ in found)
    work_passed_on.send(sender=Agency, old=agency, heirs=bodies, on=on_day, at=at)
    _tell(
        actor, "agencies.work.passed_on", agency, at,
        heirs=[body.name for body in bodies], on=on_day.isoformat(),
    )  # fmt: skip
    return agency


@transaction.atomic
def apply_table(*, actor: Actor, area: Area, at: datetime) -> list[Agency]:
    """
    Link the living bodies of an area that the built-in table says passed their work on.

    Heirs that the area does not have yet begin on that day. Returns the bodies that ended.
    A body that began after the day of the table (an old plan was handed in later) is taken as
    one of then. Bodies of districts are left alone: their work went to other areas.
    """
    _require(actor, area, at)
    ended = []
    for agency in list(Agency.objects.filter(area=area, valid_to=None).order_by("pk")):
        passage = passage_of(agency.name, area.type_word)
        if passage is None or passage.level != area.level:
            continue
        if agency.valid_from >= passage.on:
            agency.valid_from = passage.on - timedelta(days=1)
            agency.save(update_fields=["valid_from"])
        shares = [
            Share(_body_of(area, heir, passage.on, at).pk, heir.field) for heir in passage.heirs
        ]
        ended.append(
            pass_work_on(
                actor=actor,
                agency_id=agency.pk,
                heirs=shares,
                on_day=passage.on,
                basis=passage.basis,
                at=at,
                sure=all(heir.sure for heir in passage.heirs),
            )
        )
    return ended


def _body_of(area: Area, heir: Heir, day: date, at: datetime) -> Agency:
    """Return the area's body of that name, a new one when it has none."""
    for name in (heir.name, f"{heir.name} {area.short_name}"):
        found = body_named(area, name, local_day(at))
        if found is not None:
            return found
    kind = Kind.POLICE if heir.name.startswith("Công an") else Kind.DEPARTMENT
    code = search_key(heir.name).replace(" ", "-")[:36]
    taken = Agency.objects.filter(area=area, code__startswith=code).count()
    return Agency.objects.create(
        code=f"{code}-{taken + 1}" if taken else code,
        name=heir.name,
        kind=kind,
        area=area,
        valid_from=day,
    )


def _heirs(agency: Agency, heirs: Sequence[Share], day: date) -> list[tuple[Agency, Share]]:
    shares = [Share(one.agency_id, space(one.field)[:200]) for one in heirs]
    if not shares or len({one.agency_id for one in shares}) < len(shares):
        raise BadAgency("Hãy chọn cơ quan kế thừa, mỗi cơ quan một lần.", agency=agency.pk)
    if len(shares) > 1 and not all(one.field for one in shares):
        raise BadAgency(
            "Khi nhiều cơ quan kế thừa, hãy ghi lĩnh vực của từng cơ quan.", agency=agency.pk
        )
    bodies = Agency.objects.in_bulk([one.agency_id for one in shares])
    found = []
    for one in shares:
        body = bodies.get(one.agency_id)
        ended = body is not None and body.valid_to is not None and body.valid_to <= day
        if body is None or body.pk == agency.pk or ended or body.area_id != agency.area_id:
            raise BadAgency(
                "Cơ quan kế thừa phải là cơ quan khác, còn hoạt động, của cùng địa bàn.",
                agency=agency.pk,
            )
        found.append((body, one))
    return found


def _kept_by(actor: Actor, agency_id: int, at: datetime) -> Agency:
    agency = (
        Agency.objects.select_for_update(of=("self",))
        .select_related("area")
        .filter(pk=agency_id)
        .first()
    )
    if agency is None:
        raise Missing("Không tìm thấy cơ quan này trong phạm vi của tài khoản.")
    _require(actor, agency.area, at)
    return agency


def _require(actor: Actor, area: Area, at: datetime) -> None:
    span = span_of(area, version_on(local_day(at)))
    require(actor, KEEP_AGENCIES, span, see=_SEE)


def _tell(actor: Actor, action: str, agency: Agency, at: datetime, **detail: object) -> None:
    record(
        actor=actor,
        action=action,
        subject=agency,
        at=at,
        area_code=agency.area.code,
        detail={"agency": agency.code, **detail},
    )
