"""
Task tables that came without cells: each cell (or line of a cell) on a line of its own, or each
row on one line with nothing between its cells but a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diaban.plans.reader.agencies import looks_like_body, unit_at, unit_at_start
from diaban.plans.reader.columns import Column, column_of, is_standing_time, rhythm
from diaban.plans.reader.dates import date_phrases
from diaban.plans.reader.folding import flat, trimmed
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.rows import Cell, Heads, Row, names
from diaban.plans.reader.zones import starts_table

# A row of more lines than this is no row; trying all its cuts would take long.
MAX_LINES = 40


def flat_rows(lines: list[Paragraph], labels: dict[int, str | None]) -> Iterator[Row]:
    """The rows of a table whose cells were printed one below the other."""
    at = 0
    while at < len(lines):
        heads, start = _flat_heads(lines, at)
        whole = _line_heads(lines[at].text)
        if heads is None and whole is None:
            at += 1
            continue
        start = start if heads is not None else at + 1
        end = next((i for i in range(start, len(lines)) if starts_table(lines[i].text)), len(lines))
        if heads is not None:
            found = (_aligned(cells, heads, labels) for cells in _records(lines[start:end]))
        else:
            found = (_parted(part, whole or [], labels) for part in _line_records(lines[start:end]))
        yield from (row for row in found if row is not None)
        at = end


def _flat_heads(lines: list[Paragraph], at: int) -> tuple[Heads | None, int]:
    """Read the head from "TT" to the first number; its names may be broken over lines."""
    if not starts_table(lines[at].text) or len(lines[at].text) > 8:
        return None, at
    stop = next(
        (
            i
            for i in range(at + 1, min(at + 20, len(lines)))
            if re.fullmatch(r"(?:1|01|I|A)\.?", lines[i].text.strip())
        ),
        None,
    )
    if stop is None:
        return None, at
    heads: Heads = []
    words = ""
    for line in lines[at + 1 : stop]:
        column = column_of(line.text)
        if (
            column is not None
            and (not heads or column is not heads[-1][0])
            and column not in [c for c, _ in heads]
        ):
            heads.append((column, f"{words} {line.text}".strip()))
            words = ""
        else:
            words = line.text if column is None else ""
    columns = [column for column, _ in heads]
    if Column.TASK not in columns or Column.LEAD not in columns:
        return None, at
    return heads, stop


def _records(lines: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Cut the lines into rows at the numbers 1, 2, 3 …; a Roman number only names a group."""
    expected = 1
    current: list[Paragraph] | None = None
    for line in lines:
        words = line.text.strip(" .")
        number = int(words) if re.fullmatch(r"\d{1,3}", words) else 0
        # After a group the count may begin again.
        if number == expected or (number == 1 and (current is None or len(current) >= 2)):
            if current:
                yield current
            current, expected = [], number + 1
            continue
        if re.fullmatch(r"[IVX]+|[A-H]", words):
            if current:
                yield current
            current = None
            continue
        if current is not None:
            current.append(line)
    if current:
        yield current


def _aligned(lines: list[Paragraph], heads: Heads, labels: dict[int, str | None]) -> Row | None:
    """Give the lines of a record to the columns, in order, where they fit best."""
    columns = [column for column, _ in heads]
    if len(lines) > MAX_LINES:
        return None
    if len(lines) == len(columns):
        split = list(range(len(lines) + 1))
    else:
        split = _best_split(lines, [column or Column.OTHER for column in columns])
    cells: dict[Column, Cell] = {}
    for index, column in enumerate(columns):
        part = lines[split[index] : split[index + 1]]
        if part and column is not None:
            text = " ".join(p.text for p in part)
            cells[column] = Cell(text, (part[0].start, part[-1].end))
    if Column.TASK not in cells or Column.LEAD not in cells:
        return None
    return Row(cells, names(heads), labels.get(lines[0].start))


def _best_split(lines: list[Paragraph], columns: list[Column]) -> list[int]:
    """Return the best cut of lines into columns (dynamic programming over places)."""
    count = len(lines)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for column in columns:
        row: dict[int, tuple[float, int]] = {}
        for start, (score, _) in best[-1].items():
            for end in range(start, count + 1):
                value = score + _fit(lines[start:end], column)
                if end not in row or value > row[end][0]:
                    row[end] = (value, start)
        best.append(row)
    split = [count]
    for step in range(len(columns), 0, -1):
        split.append(best[step][split[-1]][1])
    return split[::-1]


def _fit(lines: list[Paragraph], column: Column) -> float:
    """How well some lines fill a column."""
    if not lines:
        return -4.0 if column in (Column.TASK, Column.LEAD) else -1.0
    text = " ".join(line.text for line in lines)
    unit = (
        unit_at_start(text) is not None
        or looks_like_body(text)
        or re.match(r"(?:cac|nhu tren)\b", flat(text)) is not None
    )
    dated = bool(date_phrases(text, 2000)) or is_standing_time(text) or rhythm(text) is not None
    score = -0.2 * (len(lines) - 1)
    if column in (Column.LEAD, Column.SUPPORT):
        broken = any(line.text[:1].islower() for line in lines[:1])
        starts = sum(
            unit_at_start(line.text) is not None or looks_like_body(line.text) for line in lines
        )
        return (
            score
            + (3.0 if unit else -1.5)
            + 0.4 * starts
            - (2.0 if dated else 0)
            - (1.0 if broken else 0)
        )
    if column is Column.TIME:
        return score + (4.0 if dated else -2.0) - (1.5 if len(text) > 60 else 0)
    if column is Column.TASK:
        whole = unit_at_start(text) == len(text.rstrip())
        return (
            score
            + (1.0 if not whole else -2.0)
            + min(len(text), 60) / 60
            - (1.0 if len(lines) == 0 else 0)
        )
    return score + (0.5 if not unit and not dated else -1.0)


# --- one line a row ---------------------------------------------------------------------------

_HEAD_WORDS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (
        Column.TASK,
        re.compile(
            r"(?:noi dung|ten)?\s*(?:nhiem vu|noi dung(?: cong viec| thuc hien)?|"
            r"cong viec|hoat dong)"
        ),
    ),
    (
        Column.LEAD,
        re.compile(
            r"(?:co quan |don vi |bo phan )?(?:chu tri|phu trach)|(?:co quan|don vi) thuc hien"
        ),
    ),
    (Column.SUPPORT, re.compile(r"(?:co quan |don vi )?phoi hop")),
    (
        Column.TIME,
        re.compile(r"(?:thoi gian|thoi han|tien do)(?: thuc hien| hoan thanh)?|hoan thanh"),
    ),
    (Column.PRODUCT, re.compile(r"san pham|ket qua")),
    (Column.OTHER, re.compile(r"ghi chu|kinh phi")),
)
_ROW = re.compile(r"(?P<n>\d{1,3})\s*[.)]?\s+(?=\S)")
_SPOKEN = re.compile(
    r"(?:^|\s)(?:của|với|cho|tại|do|gửi|và|về|giúp|từ|đến|trên|các|là)$|[,(]$", re.I
)
_WHEN = re.compile(r"(?:thuong xuyen|lien tuc|(?:hang|moi) (?:nam|quy|thang)|ca nam)\b.{0,24}$")


def _line_heads(text: str) -> Heads | None:
    """Return the columns that one line names, in order; None if it is no head."""
    words = flat(text)
    if not starts_table(text) or len(words) > 160:
        return None
    places: list[tuple[int, Column, str]] = []
    for column, pattern in _HEAD_WORDS:
        found = pattern.search(words)
        if found:
            places.append((found.start(), column, text[found.start() : found.end()]))
    columns = {column for _, column, _ in places}
    if not {Column.TASK, Column.LEAD} <= columns:
        return None
    return [(column, head) for _, column, head in sorted(places)]


def _line_records(lines: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Gather the lines of each row: a row begins with the next number."""
    expected = 1
    current: list[Paragraph] = []
    for line in lines:
        found = _ROW.match(line.text)
        if found and int(found["n"]) == expected:
            if current:
                yield current
            current, expected = [line], expected + 1
        elif current and len(current) < MAX_LINES:
            current.append(line)
    if current:
        yield current


def _parted(lines: list[Paragraph], heads: Heads, labels: dict[int, str | None]) -> Row | None:
    """Part a row from its end: the time, then who helps, then who leads; the rest is the task."""
    text = "\n".join(line.text for line in lines)
    first = _ROW.match(text)
    if first is None:
        return None
    columns = [column for column, _ in heads]
    begin, end = first.end(), len(text)
    cells: dict[Column, tuple[int, int]] = {}
    if Column.TIME in columns:
        start = _time_start(text, begin, end)
        if start is not None:
            cells[Column.TIME] = (start, end)
            end = start
    end = begin + len(text[begin:end].rstrip())
    lead = _lead(text, begin, end, Column.SUPPORT in columns)
    if lead is None:
        return None
    cells[Column.TASK] = (begin, lead[0])
    cells[Column.LEAD] = (lead[0], lead[1])
    if lead[1] < end:
        cells[Column.SUPPORT] = (lead[1], end)
    offset = lines[0].start
    printed = {}
    for column, (a, b) in cells.items():
        a, b = trimmed(text, a, b)
        printed[column] = Cell(text[a:b], (offset + a, offset + b))
    return Row(printed, names(heads), labels.get(offset))


def _time_start(text: str, begin: int, end: int) -> int | None:
    """Where the words of time begin with which a row ends."""
    words = flat(text[:end])
    standing = _WHEN.search(words, begin)
    phrases = [p for p in date_phrases(text[:end], 2000) if p.start >= begin]
    start = standing.start() if standing else end
    for phrase in reversed(phrases):
        if re.fullmatch(r"[\s,;.]*(?:va|den|-|–)?[\s,;.]*", words[phrase.end : start]):
            start = phrase.start
    return start if start < end else None


def _lead(text: str, begin: int, end: int, helped: bool) -> tuple[int, int] | None:
    """Where the lead stands: the first place from which names of bodies reach to the end."""
    for gap in re.finditer(r"\s+", text[begin:end]):
        start = begin + gap.end()
        if start - begin < 8 or _SPOKEN.search(text[begin : begin + gap.start()]):
            continue
        stop = _list_end(text, start, end)
        if stop is None:
            continue
        if stop == end:
            return start, stop
        if helped and text[stop].isspace() and _list_end(text, stop + 1, end) == end:
            return start, stop
    return None


def _list_end(text: str, start: int, end: int) -> int | None:
    """Where a list of bodies ends that begins at `start`; the cells are joined by a space only."""
    stop = unit_at(text[:end], start)
    while stop is not None and stop < end:
        cut = re.compile(r"\s*(?:,|;|\bvà\b)\s*").match(text, stop, end)
        more = unit_at(text[:end], cut.end()) if cut else None
        if more is None:
            return stop
        stop = more
    return stop
