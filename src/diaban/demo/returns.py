"""Twelve months of returns: who sent what, when, and what is still lying about."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final

from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH, Period, PeriodKind, period_of, previous
from diaban.demo.figures import Document, document, year_of
from diaban.demo.history import changes, history
from diaban.demo.told import khe_say
from diaban.demo.world import Commune, Former, Habit, World
from diaban.indicators.rules.returns import State

MONTHS: Final = 12
DUE_DAYS: Final = 2
NO_SESSION: Final = (
    "Mưa lũ, đường vào thôn bị chia cắt; buổi họp dời sang đầu tháng sau.",
    "Nhà văn hóa đang sửa, tháng sau tổ chức ghép hai buổi.",
    "Trưởng thôn nghỉ ốm, chưa có người thay.",
)

# The two-level government, the map and the monthly form begin on 1/7/2025, so the first whole
# month is the one that ends on 14/8/2025.
_FIRST_END: Final = date(2025, 8, 14)


class DayTooEarly(DomainError):
    """The sample year would begin before the map on which it is drawn."""

    code: ClassVar[str] = "demo_day_too_early"


@dataclass(frozen=True, slots=True)
class SampleReturn:
    """One commune's form for one month, as it lies in the office on the day of the sample."""

    area_code: str
    period: str
    state: State
    saved_at: datetime
    submitted_at: datetime | None
    document: Document
    saved_by: str
    reason: str = ""


def sample_months(today: date) -> list[Period]:
    """
    Return the twelve newest months that have ended before `today`, oldest first.

    Raises:
        DayTooEarly: the first of them would begin before 1/7/2025.
    """
    months = [previous(period_of(today, PeriodKind.MONTH))]
    while len(months) < MONTHS:
        months.insert(0, previous(months[0]))
    if months[0].end < _FIRST_END:
        raise DayTooEarly(
            f"Ngày {today:%d/%m/%Y} quá sớm: số liệu mẫu cần 12 tháng kể từ 01/07/2025. "
            "Chọn --today từ 2026-07-15 trở đi, hoặc chỉnh lại đồng hồ của máy.",
            given=today.isoformat(),
        )
    return months


def merged_on(months: Sequence[Period]) -> date:
    """Return the day of the merger: the first day of the sixth month's calendar month."""
    return months[5].end.replace(day=1)


def sample_returns(world: World, seed: int, today: date) -> Iterator[SampleReturn]:
    """
    Give every return of the sample, commune by commune, each in order of time.

    A commune's figures depend on the seed and on its own code only, so the small province has
    the same figures as the large one.
    """
    months = sample_months(today)
    for commune in world.communes:
        # Sample figures must come out the same everywhere; they are no secret.
        chance = random.Random(f"{seed} {commune.code}")  # noqa: S311
        made = _documents(commune, months, chance)
        former = world.merger.former if commune.code == world.merger.into else ()
        yield from _sent(commune, former, months, made, today, chance)


def digest(returns: Iterator[SampleReturn]) -> str:
    """Return a checksum over every figure, state and moment."""
    sha = hashlib.sha256()
    for item in returns:
        line = [
            item.area_code,
            item.period,
            item.state.value,
            item.saved_at.isoformat(),
            item.submitted_at.isoformat() if item.submitted_at else None,
            item.document,
            item.reason,
        ]
        sha.update(json.dumps(line, ensure_ascii=False, sort_keys=True).encode())
    return sha.hexdigest()


def _documents(commune: Commune, months: Sequence[Period], chance: random.Random) -> list[Document]:
    stocks = history(commune, len(months), chance)
    year = year_of(commune, stocks[-1], chance)
    made: list[Document] = []
    for number, (before, now) in enumerate(changes(stocks)):
        left = len(months) - 1 - number
        if commune.habit is Habit.FROZEN and left < 5:
            made.append(deepcopy(made[-1]))
            continue
        made.append(document(year, before, now, months[number], left=left))
    return made


def _sent(
    commune: Commune,
    former: Sequence[Former],
    months: Sequence[Period],
    documents: Sequence[Document],
    today: date,
    chance: random.Random,
) -> Iterator[SampleReturn]:
    last, _, amount = commune.last_return.partition(":")
    never_begun = int(amount) if last == "none" else 0
    for number, (month, made) in enumerate(zip(months, documents, strict=True)):
        left = len(months) - 1 - number
        at = _moment(commune, month, today, chance)
        forgotten = commune.habit is Habit.LATE and left > 2 and chance.random() < 0.02
        if left < never_begun or forgotten:
            continue
        if left == 0 and last in ("draft", "returned"):
            yield _unfinished(commune, month, made, today, at)
        elif former and month.end < merged_on(months):
            share = [len(old.hamlet_codes) for old in former]
            first, second = _split(made, former[0].hamlet_codes, share)
            for old, part in ((former[0], first), (former[1], second)):
                yield SampleReturn(
                    old.code, month.label, State.LOCKED, at, at, part, _office(old.full_name)
                )
        else:
            yield _finished(commune, month, made, left, at, chance)


def _finished(
    commune: Commune,
    month: Period,
    made: Document,
    left: int,
    at: datetime,
    chance: random.Random,
) -> SampleReturn:
    office = _office(commune.full_name)
    if commune.sign == "KS" and left == 1:
        return SampleReturn(
            commune.code, month.label, State.RETURNED, at, at, made, office,
            f"{commune.hamlets[2].full_name}: số hộ khác với số đã duyệt tháng trước. "
            f"{commune.hamlets[6].full_name}: 3 buổi tuyên truyền nhưng sổ chỉ ghi 2.",
        )  # fmt: skip
    state = State.LOCKED if left > 1 else State.APPROVED
    if left == 0:
        state = State.APPROVED if chance.random() < 0.35 else State.SUBMITTED
        # An office that never changes a figure explains none either.
        made = made if commune.habit is Habit.FROZEN else _explained(made)
    return SampleReturn(commune.code, month.label, state, at, at, made, office)


def _explained(made: Document) -> Document:
    """Return a document in which every second hamlet without a session says why it had none."""
    without = [code for code, row in made["hamlets"].items() if row["communication_sessions"] == 0]
    why = {
        f"communication_sessions.{code}": NO_SESSION[number % len(NO_SESSION)]
        for number, code in enumerate(without[::2])
    }
    return made | {"why": why} if why else made


def _unfinished(
    commune: Commune, month: Period, made: Document, today: date, at: datetime
) -> SampleReturn:
    """Return what lies on the desk for the newest month: a draft, or a return given back."""
    office = _office(commune.full_name)
    kind, _, amount = commune.last_return.partition(":")
    rows = list(made["hamlets"].values())
    if kind == "returned":
        whole, fewer = rows[3]["population_resident"], rows[3]["population_resident"] * 3 // 4
        rows[3]["population_resident"] = fewer
        rows[5]["communication_sessions"] = None
        reason = (
            f"{commune.hamlets[3].full_name}: số người đang cư trú giảm {whole - fewer} so với "
            f"tháng trước, chưa có giải thích. {commune.hamlets[5].full_name}: chưa ghi số buổi "
            "tuyên truyền."
        )
        return SampleReturn(commune.code, month.label, State.RETURNED, at, at, made, office, reason)
    if commune.sign == "KS":
        for row, (_, now) in zip(rows, khe_say(), strict=True):
            row.update(now)
    else:
        for row in rows[-int(amount) :]:
            row.update(dict.fromkeys(row))
    values = made["values"]
    for code in list(values)[len(values) * 3 // 5 :]:
        values[code] = None
    saved = datetime.combine(today - timedelta(days=1), time(16, 42), HO_CHI_MINH)
    return SampleReturn(commune.code, month.label, State.DRAFT, saved, None, made, office)


def _split(
    made: Document, codes_of_first: Sequence[str], shares: Sequence[int]
) -> tuple[Document, Document]:
    """
    Divide a commune's document between the two that it was made of.

    Hamlets go with their commune; other counts are divided by the number of hamlets, the first
    part rounded down, which keeps every part below its whole.
    """
    first: Document = {"values": {}, "hamlets": {}}
    second: Document = {"values": {}, "hamlets": {}}
    for code, row in made["hamlets"].items():
        (first if code in codes_of_first else second)["hamlets"][code] = row
    for code, cell in made["values"].items():
        if isinstance(cell, int) and code != "on_key_route":
            part = cell * shares[0] // sum(shares)
            first["values"][code], second["values"][code] = part, cell - part
        else:
            first["values"][code] = second["values"][code] = cell
    for half in (first, second):
        sessions = (row["communication_sessions"] for row in half["hamlets"].values())
        half["values"]["hamlets_informed"] = sum(1 for count in sessions if count)
    return first, second


def _moment(commune: Commune, month: Period, today: date, chance: random.Random) -> datetime:
    """Return when a return was sent: mostly in time, and always before today."""
    late = chance.random() < (0.6 if commune.habit is Habit.LATE else 0.06)
    days = chance.randint(DUE_DAYS + 1, DUE_DAYS + 6) if late else chance.randint(1, DUE_DAYS)
    day = min(month.end + timedelta(days=days), today - timedelta(days=1))
    clock = time(7, 30), timedelta(minutes=chance.randrange(570), seconds=chance.randrange(60))
    return datetime.combine(day, clock[0], HO_CHI_MINH) + clock[1]


def _office(commune: str) -> str:
    return f"Công an {commune[0].lower()}{commune[1:]}"
