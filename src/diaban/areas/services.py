"""
What a commune does with its hamlets.

Who may do it is asked by the layers above (`accounts` rests on this module); the actor is
written into the log.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from diaban.areas.models import Area, AreaName, BoundaryVersion, Placement, on
from diaban.areas.naming import keep_former
from diaban.areas.rules.codes import hamlet_codes
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import TYPE_WORDS, Level, full_name
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import free_numbers
from diaban.areas.signals import HamletNews, hamlets_changed
from diaban.audit.services import record
from diaban.core.access import Actor
from diaban.core.errors import DomainError
from diaban.core.text import fold, sort_key, space


class NotACommune(DomainError):
    """Hamlets hang below communes only."""

    code = "not_a_commune"


class NotAHamlet(DomainError):
    """Communes name their hamlets and nothing else."""

    code = "not_a_hamlet"


class OutsideItsSpan(DomainError):
    """The day lies outside the span in which the unit exists."""

    code = "outside_its_span"


class BadHamletName(DomainError):
    """The name is empty or too long, or its type word is not one of hamlets."""

    code = "bad_hamlet_name"


class HamletNameTaken(DomainError):
    """The commune has a hamlet of that name on that day."""

    code = "hamlet_name_taken"


class HamletNameAlike(HamletNameTaken):
    """The name has the letters of another and one of the two no marks: one place or two?"""

    code = "hamlet_name_alike"


class NoRoomForHamlets(DomainError):
    """The commune has used up its hamlet codes or its numbers in the tree."""

    code = "no_room_for_hamlets"


class NameAlreadyChanged(DomainError):
    """A later change of name is on record, so an earlier one cannot be slipped in."""

    code = "name_already_changed"


@dataclass(frozen=True, slots=True)
class HamletDraft:
    """A hamlet to be: its type word and its name without it ("tổ dân phố", "12")."""

    type: str
    name: str


def create_hamlet(
    *,
    actor: Actor,
    commune: Area,
    type: str,
    name: str,
    on_day: date,
    at: datetime,
    alike: bool = False,
) -> Area:
    """
    Create one hamlet of a commune from `on_day` on; see `create_hamlets`.
    """
    draft = HamletDraft(type, name)
    made = create_hamlets(
        actor=actor, commune=commune, drafts=[draft], on_day=on_day, at=at, alike=alike
    )
    return made[0]


@transaction.atomic
def create_hamlets(
    *,
    actor: Actor,
    commune: Area,
    drafts: Sequence[HamletDraft],
    on_day: date,
    at: datetime,
    alike: bool = False,
) -> list[Area]:
    """
    Create hamlets of a commune from `on_day` on, in the order given; all or none.

    Each gets the next code of the commune (`19363.001`) and a place inside the commune's
    interval in every boundary version from `on_day` on that has the commune: published
    versions take hamlets, and only those.

    Raises:
        NotACommune: `commune` is of another level.
        OutsideItsSpan: the commune does not exist on `on_day`, or an act has set its end.
        BadHamletName: a name is empty or too long, or a type word is unknown.
        HamletNameTaken: two of the commune's hamlets would have one name on a day;
            HamletNameAlike: perhaps, and nobody said that they are two.
        NoRoomForHamlets: codes or numbers are used up.

    Cost: at most 10 queries and what each thousand rows takes.
    """
    if commune.level != Level.COMMUNE:
        raise NotACommune(
            f"{commune.full_name} không phải đơn vị cấp xã. Thôn, tổ dân phố chỉ tạo trong xã, "
            "phường, thị trấn, đặc khu.",
            area=commune.code,
        )
    # Two people who create at once must not be given one code; SQLite has already taken turns.
    Area.objects.select_for_update().get(pk=commune.pk)
    require_living(commune, on_day)
    require_going_on(commune)
    wanted = [checked(draft) for draft in drafts]
    require_free_names(commune, wanted, on_day, alike=alike)

    hamlets = make_hamlets(commune, wanted, on_day)
    record(
        actor=actor,
        action="areas.hamlets.created",
        subject=commune,
        at=at,
        area_code=commune.code,
        detail={"codes": [hamlet.code for hamlet in hamlets], "from": on_day.isoformat()},
    )
    hamlets_changed.send(sender=Area, news=HamletNews(actor, commune.pk, commune.code, on_day, at))
    return hamlets


def make_hamlets(commune: Area, wanted: Sequence[HamletDraft], on_day: date) -> list[Area]:
    """Write new hamlets with their names and places; what was asked for is right already."""
    hamlets = Area.objects.bulk_create(
        Area(
            code=code,
            level=Level.HAMLET,
            name=draft.name,
            type=draft.type,
            sort_key=sort_key(draft.name),
            valid_from=on_day,
        )
        for code, draft in zip(_next_codes(commune, len(wanted)), wanted, strict=True)
    )
    AreaName.objects.bulk_create(AreaName.of(hamlet) for hamlet in hamlets)
    _place(commune, hamlets, on_day)
    return hamlets


@transaction.atomic
def rename_hamlet(
    *,
    actor: Actor,
    hamlet: Area,
    type: str,
    name: str,
    on_day: date,
    at: datetime,
    basis: str = "",
    alike: bool = False,
) -> AreaName:
    """
    Give a hamlet another name or type word from `on_day` on; its history keeps the old one.

    A second change on the day of the first corrects it.

    Raises:
        NotAHamlet: `hamlet` is of another level.
        OutsideItsSpan: the hamlet does not exist on `on_day`.
        BadHamletName: the name is empty or too long, or the type word is unknown.
        HamletNameTaken: another hamlet of the commune has the name on that day.
        NameAlreadyChanged: a name from a later day is on record.
    """
    if hamlet.level != Level.HAMLET:
        raise NotAHamlet(
            f"{hamlet.full_name} không phải thôn, tổ dân phố; tên đơn vị cấp xã trở lên chỉ đổi "
            "theo nghị quyết.",
            area=hamlet.code,
        )
    locked = Area.objects.select_for_update().get(pk=hamlet.pk)
    require_living(locked, on_day)
    draft = checked(HamletDraft(type, name))
    current = locked.names.get(valid_to=locked.valid_to)
    if current.valid_from > on_day:
        raise NameAlreadyChanged(
            f"{hamlet.full_name} đã có tên mới từ ngày {current.valid_from:%d/%m/%Y}. Chọn ngày "
            "từ đó trở đi.",
            area=hamlet.code,
        )
    commune = commune_of(locked)
    require_free_names(commune, [draft], on_day, besides=locked, alike=alike)

    before = str(current)
    if current.valid_from < on_day:
        current.valid_to = on_day
        current.save(update_fields=["valid_to"])
        current = AreaName(area=locked, valid_from=on_day, valid_to=locked.valid_to)
    current.name, current.type, current.basis = draft.name, draft.type, basis
    current.key = name_key(draft.name)
    current.save()
    locked.name, locked.type, locked.sort_key = draft.name, draft.type, sort_key(draft.name)
    locked.save(update_fields=["name", "type", "sort_key"])
    keep_former([locked.pk])
    record(
        actor=actor,
        action="areas.hamlet.renamed",
        subject=locked,
        at=at,
        area_code=commune.code,
        detail={"before": before, "after": str(current), "from": on_day.isoformat()},
    )
    return current


def require_living(area: Area, day: date) -> None:
    """Refuse a day on which the unit is not there."""
    if not Days(area.valid_from, area.valid_to).hold(day):
        until = f" đến trước {area.valid_to:%d/%m/%Y}" if area.valid_to else ""
        raise OutsideItsSpan(
            f"{area.full_name} có từ {area.valid_from:%d/%m/%Y}{until}; ngày {day:%d/%m/%Y} nằm "
            "ngoài thời gian đó. Chọn ngày khác.",
            area=area.code,
            day=day.isoformat(),
        )


def require_going_on(commune: Area) -> None:
    """Refuse hamlets that would have no place on the map after their commune."""
    if commune.valid_to is not None:
        raise OutsideItsSpan(
            f"{commune.full_name} kết thúc từ ngày {commune.valid_to:%d/%m/%Y} theo một thay đổi "
            "đã công bố. Hãy lập thôn, tổ dân phố ở đơn vị mới từ ngày đó.",
            area=commune.code,
            day=commune.valid_to.isoformat(),
        )


def checked(draft: HamletDraft) -> HamletDraft:
    """Return the draft as it is written; refuse a name or type word that cannot be."""
    words = TYPE_WORDS[Level.HAMLET]
    type_word, name = space(draft.type).lower(), space(draft.name)
    if type_word not in words:
        raise BadHamletName(
            f"“{draft.type}” không phải loại thôn, tổ dân phố. Chọn một trong: {', '.join(words)}.",
            type=draft.type,
        )
    if not name_key(name) or len(name) > 100:
        raise BadHamletName(
            f"Tên {type_word} phải có từ 1 đến 100 ký tự và có ít nhất một chữ cái hoặc chữ số.",
            name=draft.name,
        )
    return HamletDraft(type_word, name)


def require_free_names(
    commune: Area,
    wanted: Sequence[HamletDraft],
    day: date,
    besides: Area | None = None,
    *,
    alike: bool = False,
) -> None:
    """Refuse two hamlets of one name on one day, and names alike unless they are two places."""
    named = AreaName.objects.filter(
        on(day), area__level=Level.HAMLET, area__placements__parent=commune
    )
    if besides is not None:
        named = named.exclude(area=besides)
    taken: dict[str, list[str]] = {}
    for type_word, name in named.values_list("type", "name"):
        taken.setdefault(fold(f"{type_word} {name}"), []).append(full_name(type_word, name))
    for draft in wanted:
        own = full_name(draft.type, draft.name)
        others = taken.setdefault(fold(f"{draft.type} {draft.name}"), [])
        same = next((other for other in others if _one_name(own, other)), None)
        if same is not None:
            raise HamletNameTaken(
                f"{commune.full_name} đã có {same}. Đặt tên khác để không lẫn hai nơi.",
                name=draft.name,
            )
        near = next((other for other in others if _lacks_marks(own, other)), None)
        if near is not None and not alike:
            raise HamletNameAlike(
                f"{commune.full_name} đã có {near}, chỉ khác {own} ở dấu. Nếu là một nơi, ghi tên "
                "có đủ dấu.",
                name=draft.name,
            )
        others.append(own)


def _one_name(one: str, other: str) -> bool:
    """Return whether two names are one; where a tone mark stands (Hoà, Hòa) does not matter."""
    words = [unicodedata.normalize("NFD", text.lower()) for text in (one, other)]
    return sorted(words[0]) == sorted(words[1])


def _lacks_marks(one: str, other: str) -> bool:
    """
    Return whether one of two names with the same letters has no marks at all.

    Hạ and Hà are two places; "cau say" may be Cầu Sậy typed without marks, and Ba may be Bà.
    """
    return any(fold(name) == name.lower() for name in (_bare(one), _bare(other)))


def _bare(name: str) -> str:
    """Return a hamlet's name without its type word, which people always write with its marks."""
    return next(
        (
            name[len(word) :].strip()
            for word in sorted(TYPE_WORDS[Level.HAMLET], key=len, reverse=True)
            if name.lower().startswith(f"{word} ")
        ),
        name,
    )


def _next_codes(commune: Area, wanted: int) -> list[str]:
    # A range, because SQLite reads the whole table for a beginning.
    used = Area.objects.filter(code__range=(f"{commune.code}.000", f"{commune.code}.999"))
    codes = hamlet_codes(commune.code, used.values_list("code", flat=True), wanted)
    if codes is None:
        raise _no_room(commune)
    return codes


def _place(commune: Area, hamlets: Sequence[Area], day: date) -> None:
    # Other hierarchies end at communes: they are put in charge of these as they are.
    versions = BoundaryVersion.objects.filter(tree=BoundaryVersion.ADMINISTRATIVE).exclude(
        valid_to__lte=day
    )
    for home in commune.placements.filter(version__in=versions):
        last = Placement.objects.filter(version=home.version_id, parent=commune).aggregate(
            last=Max("right")
        )["last"]
        numbers = free_numbers(home.span, last or home.left, len(hamlets))
        if numbers is None:
            raise _no_room(commune)
        Placement.objects.bulk_create(
            Placement(
                version_id=home.version_id,
                area=hamlet,
                parent=commune,
                left=number,
                right=number,
                depth=home.depth + 1,
            )
            for hamlet, number in zip(hamlets, numbers, strict=True)
        )


def commune_of(hamlet: Area) -> Area:
    """Return the commune of a hamlet on the latest map that has it."""
    home = hamlet.placements.order_by("-version__valid_from").select_related("parent").first()
    if home is None or home.parent is None:
        raise NotAHamlet(f"{hamlet.full_name} chưa thuộc xã nào.", area=hamlet.code)
    return home.parent


def _no_room(commune: Area) -> NoRoomForHamlets:
    return NoRoomForHamlets(
        f"{commune.full_name} đã dùng hết 999 mã thôn, tổ dân phố. Liên hệ quản trị hệ thống để "
        "lập phiên bản địa giới mới.",
        area=commune.code,
    )
