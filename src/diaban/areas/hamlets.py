"""
Merging and closing hamlets, and handing in a list of them.

All that a commune does to its hamlets on one day is one act: ends, then names, then new ones, so
that a new hamlet may take the name of one that ends. Modules above hear of it through
`signals.hamlets_changed` and may refuse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from diaban.areas.models import Area, AreaName, Succession
from diaban.areas.rules.hamlet_lists import Known, Problem, Row, Work, work_of
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import version_on
from diaban.areas.services import (
    HamletDraft,
    HamletNameTaken,
    NameAlreadyChanged,
    NotACommune,
    OutsideItsSpan,
    checked,
    make_hamlets,
    rename_hamlet,
    require_free_names,
    require_going_on,
    require_living,
)
from diaban.areas.signals import HamletNews, hamlets_changed
from diaban.audit.services import record
from diaban.core.access import Actor
from diaban.core.errors import DomainError


class BadHamletMerge(DomainError):
    """Too few hamlets, one merged into itself, or one that is not of this commune."""

    code: ClassVar[str] = "bad_hamlet_merge"


class BadHamletList(DomainError):
    """Rows of a list of hamlets cannot be used; all are named. Facts: `errors`, by row."""

    code: ClassVar[str] = "bad_hamlet_list"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a list: how many hamlets were made, named anew, merged and closed."""

    made: int = 0
    renamed: int = 0
    merged: int = 0
    closed: int = 0

    @property
    def anything(self) -> bool:
        """Return whether anything changed."""
        return bool(self.made or self.renamed or self.merged or self.closed)


@dataclass(frozen=True, slots=True)
class _Act:
    """Hamlets that end, with their heirs' codes, or the place of the heir among the new ones."""

    ends: Mapping[str, str | int | None] = field(default_factory=dict)
    names: Mapping[str, HamletDraft] = field(default_factory=dict)
    drafts: Sequence[HamletDraft] = ()


def merge_hamlets(
    *,
    actor: Actor,
    commune: Area,
    codes: Sequence[str],
    into: str | HamletDraft,
    on_day: date,
    at: datetime,
    basis: str = "",
    alike: bool = False,
) -> Area:
    """
    Let hamlets go into one of the commune's others, or into a new one; returns the heir.

    A hamlet that ended that way on that day already is left as it is, so a second press changes
    nothing.

    Raises:
        BadHamletMerge: fewer than two hamlets meet, or a code is not one of the commune's.
        OutsideItsSpan, NameAlreadyChanged: a hamlet is not there on that day, or only since.
        BadHamletName, HamletNameTaken, NoRoomForHamlets: the new hamlet cannot be made.
    """
    ending = list(dict.fromkeys(code for code in codes if code != into))
    if not ending or (isinstance(into, HamletDraft) and len(ending) < 2):
        raise BadHamletMerge("Nhập phải có ít nhất hai thôn, tổ dân phố. Hãy chọn thêm.")
    if isinstance(into, HamletDraft):
        act = _Act(dict.fromkeys(ending, 0), drafts=[into])
        made = _carry_out(actor, commune, act, on_day, at, basis, alike)
        return made[0]
    _carry_out(actor, commune, _Act(dict.fromkeys(ending, into)), on_day, at, basis)
    return Area.objects.get(code=into, valid_to=None)


def close_hamlet(
    *, actor: Actor, commune: Area, code: str, on_day: date, at: datetime, basis: str = ""
) -> None:
    """
    End a hamlet that nobody succeeds: its people have moved away.

    Raises:
        BadHamletMerge: the code is not one of the commune's.
        OutsideItsSpan, NameAlreadyChanged: it is not there on that day, or only since.
    """
    _carry_out(actor, commune, _Act({code: None}), on_day, at, basis)


@transaction.atomic
def hand_in_list(
    *,
    actor: Actor,
    commune: Area,
    rows: Sequence[Row],
    on_day: date,
    at: datetime,
    basis: str = "",
    alike: bool = False,
) -> Done:
    """
    Bring the hamlets of a commune to a list: new ones, names, mergers; all or none.

    Hamlets that the list does not name stay as they are. The same list again changes nothing.

    Raises:
        BadHamletList: rows cannot be used; `errors` holds the sentences by row.
        DomainError: as creating, renaming and merging do.
    """
    work = work_of(rows, known_hamlets(commune, on_day))
    if work.problems:
        raise bad_list(work.problems)
    if not work.anything:
        return Done()
    _carry_out(actor, commune, _as_act(work), on_day, at, basis, alike)
    return Done(len(work.new), len(work.names), len(work.ends), 0)


def known_hamlets(commune: Area, on_day: date) -> list[Known]:
    """
    Return all hamlets that the commune has or had, with what the ended ones went into.

    They are called as on `on_day`.

    Cost: three queries.
    """
    hamlets = Area.objects.filter(
        placements__version=version_on(on_day), placements__parent=commune, level=Level.HAMLET
    ).order_by("code", "valid_from")
    heirs = dict(Succession.objects.filter(old__in=hamlets).values_list("old__code", "new__code"))
    return [
        Known(
            one.code,
            *one.called(on_day),
            ended=one.valid_to is not None and one.valid_to <= on_day,
            heir=heirs.get(one.code, ""),
        )
        for one in hamlets
    ]


def bad_list(problems: Sequence[Problem]) -> BadHamletList:
    """Return the refusal that names every row."""
    return BadHamletList(
        "Danh sách chưa nhập được, không có gì bị thay đổi:\n"
        + "\n".join(f"  Dòng {one.row}: {one.sentence}" for one in problems),
        errors=[(one.row, one.sentence) for one in problems],
    )


def _as_act(work: Work) -> _Act:
    return _Act(
        work.ends,
        {code: HamletDraft(type_word, name) for code, (type_word, name) in work.names.items()},
        [HamletDraft(type_word, name) for type_word, name in work.new],
    )


@transaction.atomic
def _carry_out(
    actor: Actor,
    commune: Area,
    act: _Act,
    on_day: date,
    at: datetime,
    basis: str,
    alike: bool = False,
) -> list[Area]:
    """Write an act; returns the hamlets that were made."""
    if commune.level != Level.COMMUNE:
        raise NotACommune(f"{commune.full_name} không phải đơn vị cấp xã.", area=commune.code)
    Area.objects.select_for_update().get(pk=commune.pk)
    require_living(commune, on_day)
    require_going_on(commune)
    there = {
        area.code: area
        for area in Area.objects.filter(
            placements__version=version_on(on_day),
            placements__parent=commune,
            level=Level.HAMLET,
            valid_to=None,
        )
    }
    for code in (*act.ends, *(heir for heir in act.ends.values() if isinstance(heir, str))):
        if code not in there:
            raise BadHamletMerge(
                f"{commune.full_name} không có thôn, tổ dân phố mã {code} đang tồn tại.", area=code
            )
    for code in act.ends:
        _end(there[code], on_day)
    renamed = {there[code]: draft for code, draft in act.names.items()}
    _rename(actor, renamed, on_day, at, basis, alike)
    wanted = [checked(draft) for draft in act.drafts]
    require_free_names(commune, wanted, on_day, alike=alike)
    made = make_hamlets(commune, wanted, on_day) if wanted else []
    heirs: dict[str, str] = {}
    for code, heir in act.ends.items():
        new = made[heir] if isinstance(heir, int) else there.get(heir or "")
        heirs[code] = new.code if new else ""
        if new is not None:
            _require_before(new, on_day)
            Succession.objects.create(
                old=there[code], new=new, on=on_day, partial=False, weight=1, basis=basis
            )
    record(
        actor=actor,
        action="areas.hamlets.changed",
        subject=commune,
        at=at,
        area_code=commune.code,
        detail={
            "from": on_day.isoformat(),
            "ended": heirs,
            "made": [area.code for area in made],
            "renamed": sorted(act.names),
            "basis": basis,
        },
    )
    hamlets_changed.send(
        sender=Area, news=HamletNews(actor, commune.pk, commune.code, on_day, at, heirs)
    )
    return made


def _end(hamlet: Area, on_day: date) -> None:
    if hamlet.valid_from >= on_day:
        raise OutsideItsSpan(
            f"{hamlet.full_name} có từ {hamlet.valid_from:%d/%m/%Y}; ngày hiệu lực phải sau ngày "
            "đó.",
            area=hamlet.code,
            day=on_day.isoformat(),
        )
    ended = AreaName.objects.filter(area=hamlet, valid_to=None, valid_from__lt=on_day)
    if not ended.update(valid_to=on_day):
        raise NameAlreadyChanged(
            f"{hamlet.full_name} đã có tên mới từ ngày {on_day:%d/%m/%Y} hoặc sau đó. Chọn ngày "
            "muộn hơn.",
            area=hamlet.code,
        )
    hamlet.valid_to = on_day
    hamlet.save(update_fields=["valid_to"])


def _require_before(heir: Area, on_day: date) -> None:
    if heir.valid_from > on_day:
        raise OutsideItsSpan(
            f"{heir.full_name} mới có từ {heir.valid_from:%d/%m/%Y}; chọn ngày từ đó trở đi.",
            area=heir.code,
            day=on_day.isoformat(),
        )


def _rename(
    actor: Actor,
    drafts: Mapping[Area, HamletDraft],
    on_day: date,
    at: datetime,
    basis: str,
    alike: bool,
) -> None:
    """Give names; one that is still another's waits until that one has its new name."""
    waiting = dict(drafts)
    while waiting:
        refusal = None
        for hamlet, draft in list(waiting.items()):
            try:
                with transaction.atomic():
                    rename_hamlet(
                        actor=actor, hamlet=hamlet, type=draft.type, name=draft.name,
                        on_day=on_day, at=at, basis=basis, alike=alike,
                    )  # fmt: skip
            except HamletNameTaken as error:
                refusal = error
            else:
                del waiting[hamlet]
                break
        else:
            if refusal is not None:
                raise refusal
