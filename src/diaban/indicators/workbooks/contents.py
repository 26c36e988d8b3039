"""
What stands in the cells of a workbook that anybody may have made; runs in its own process.

Knows nothing of the product: standard library and the reader only, so that the process starts
in some 50 ms and can be given up without loss. As a script it answers requests on its standard
input until that ends: four bytes of length and the workbook. The names of the sheets that are
wanted are its arguments; without any it reads all. It answers four bytes of length, a line of
JSON, and the cells, one after the other with `SEPARATOR` between them. The line is
`{"sheets": [[name, rows, columns], ...]}` or `{"problem", "sentence"}`. A workbook that is
refused for its formulas alone is answered with both, and `cells`: `[sheet, address]` of each.
"""

from __future__ import annotations

import gc
import html
import io
import json
import os
import re
import select
import signal
import struct
import sys
import zipfile
import zlib
from collections.abc import Container, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

# A commune's workbook has some 30 kB packed and 200 kB unpacked; the largest form of the
# largest commune stays below a twentieth of these.
MOST_UNPACKED: Final = 16 * 1024 * 1024
MOST_PARTS: Final = 300
MOST_ROWS: Final = 3_000
MOST_COLUMNS: Final = 300
SECONDS: Final = 1.5
WALL_SECONDS: Final = 10.0
ADDRESS_SPACE: Final = 280 * 1024 * 1024

_AT_ONCE: Final = 64 * 1024
_HELD: Final = 48 * 1024
# Nobody can type it; JSON would cost more than reading the cells.
SEPARATOR: Final = "\x1f"

# The numbers that stand in nearly every cell, written once.
_WRITTEN: Final[dict[Any, str]] = {float(number): str(number) for number in range(1_000)}

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# More formulas than that are told as so many; the copy with remarks stays readable.
_MOST_FORMULAS: Final = 200
_LOOKS: Final = ("xl/theme/", "xl/media/", "xl/printerSettings/", "docProps/")
_UTF8: Final = 0x800
# An archive's own tables: before a part, in the list of parts, and the end of that list. What
# says with which version and on which day a part was packed is passed over.
_LOCAL: Final = struct.Struct("<4s2x2H4x3I2H")
_LISTED: Final = struct.Struct("<4s4x2H4x3I3H8xI")
_END: Final = struct.Struct("<4s4H2IH")
# Parts that a workbook has in common with most others, and how large one is that is kept.
_STYLES: Final = "xl/styles.xml"
_ALIKE: Final = frozenset({"_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", _STYLES})
_SMALL: Final = 16 * 1024
_FORMATS: Final = re.compile(
    rb"<(?:numFmts|cellXfs)\b[^>]*[^>/]>.*?</(?:numFmts|cellXfs)>", re.DOTALL
)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>")
_CELL_OR_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?(?:(?P<cell>c)(?:\s[^>]*)?|f(?:\s[^>]*)?)>",
)
_ADDRESS: Final = re.compile(rb"\sr=\"([A-Z]{1,3}\d{1,7})\"")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")

# A sheet: its name, how many rows and columns it has, and its cells row by row.
_Cells = tuple[str, int, int, list[str]]
# A part as it goes to the reader: name, how it is packed, checksum and size unpacked, its bytes.
_Kept = tuple[bytes, int, int, int, bytes]


class Refused(Exception):
    """
    A file that is not read any further; `problem` is a word for programs.

    For a workbook with formulas, `cells` says where they stand (sheet and address), and
    `sheets` what else is in it, so that whoever mends it is told everything at once.
    """

    def __init__(
        self,
        problem: str,
        sentence: str,
        cells: list[tuple[str, str]] | None = None,
        sheets: Any = None,
    ) -> None:
        super().__init__(sentence)
        self.problem, self.sentence = problem, sentence
        self.cells, self.sheets = cells or [], sheets


def contents_of(data: bytes, wanted: Container[str] = ()) -> dict[str, list[list[str]]]:
    """
    Return the cells of the sheets as text, row by row from A1; dates as dd/mm/yyyy.

    With `wanted` the other sheets are not read.

    Raises:
        Refused: not a workbook, too large, locked by a password, with macros or formulas.
    """
    return {
        name: _in_rows(rows, columns, cells) for name, rows, columns, cells in _read(data, wanted)
    }


def _read(data: bytes, wanted: Container[str]) -> list[_Cells]:
    formulas, looked_at = _look_inside(data)
    sheets = _sheets(looked_at, wanted)
    if formulas:
        raise _refused_formulas(formulas, sheets)
    return sheets


def _in_rows(rows: int, columns: int, cells: list[str]) -> list[list[str]]:
    return [cells[at : at + columns] for at in range(0, rows * columns, columns or 1)]


def _sheets(data: bytes, wanted: Container[str]) -> list[_Cells]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [_cells(book, name) for name in book.sheet_names if not wanted or name in wanted]
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(
            "broken",
            "Tệp Excel bị hỏng nên không đọc được. Mở bằng Excel, lưu lại rồi tải lên lần nữa.",
        ) from error


def _look_inside(data: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """
    Refuse by the list of parts what must not even be unpacked.

    Return where formulas are, and the workbook with the very sheets that were looked at.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Refused(
                "password", "Tệp đặt mật khẩu nên không đọc được. Bỏ mật khẩu rồi tải lên lại."
            )
        raise Refused(
            "old_format", "Đây là tệp Excel đời cũ (.xls). Chọn Lưu thành dạng .xlsx rồi tải lên."
        )
    try:
        return _check_parts(_listed(data), data)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError) as error:
        raise Refused(
            "not_a_workbook",
            "Đây không phải tệp Excel .xlsx. Hãy tải đúng tệp mẫu do hệ thống xuất ra.",
        ) from error


def _listed(data: bytes) -> list[_Part]:
    """
    Return the parts of an archive, those of a strange one as `zipfile` lists them.

    An archive of a spreadsheet has nothing before, between or after what its tables say.
    """
    at_end = len(data) - _END.size
    if at_end >= 0:
        sign, disk, of, here, count, size, at, note = _END.unpack_from(data, at_end)
        plain = sign == b"PK\x05\x06" and not (disk or of or note) and here == count < MOST_PARTS
        if plain and at + size == at_end:
            parts = []
            for _ in range(count):
                part = _Part.at(data, at)
                parts.append(part)
                at += part.listed
            if at == at_end and all(part.plain for part in parts):
                return parts
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [_Part.of(one) for one in archive.infolist()]


class _Part:
    """One part of an archive, as its list has it; `listed` is how many bytes say so."""

    __slots__ = ("crc", "filename", "flags", "how", "listed", "name", "packed", "place", "size")

    crc: int
    filename: str
    flags: int
    how: int
    listed: int
    name: bytes
    packed: int
    place: int
    size: int

    @classmethod
    def at(cls, data: bytes, at: int) -> _Part:
        part = cls()
        sign, part.flags, part.how, part.crc, part.packed, part.size, name, extra, note, place = (
            _LISTED.unpack_from(data, at)
        )
        part.name = data[at + _LISTED.size : at + _LISTED.size + name]
        if sign != b"PK\x01\x02" or len(part.name) != name:
            raise zipfile.BadZipFile
        part.listed = _LISTED.size + name + extra + note
        part.filename, part.place = part.name.decode(_encoding(part.flags)), place
        return part

    @classmethod
    def of(cls, listed: zipfile.ZipInfo) -> _Part:
        part = cls()
        part.flags, part.how, part.crc = listed.flag_bits, listed.compress_type, listed.CRC
        part.packed, part.size = listed.compress_size, listed.file_size
        part.filename, part.place, part.listed = listed.filename, listed.header_offset, 0
        part.name = listed.orig_filename.encode(_encoding(part.flags))
        return part

    @property
    def plain(self) -> bool:
        """Whether its list tells its sizes itself, and a name that nobody reads otherwise."""
        sizes = max(self.packed, self.size, self.place)
        return sizes < 0xFFFFFFFF and "\0" not in self.filename and "\\" not in self.filename


def _encoding(flags: int) -> str:
    return "utf-8" if flags & _UTF8 else "cp437"


def _check_parts(parts: list[_Part], data: bytes) -> tuple[list[tuple[str, str]], bytes]:
    unpacked = sum(part.size for part in parts)
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise Refused(
            "too_large",
            f"Tệp khi mở ra lớn {unpacked // (1024 * 1024)} MB, quá mức {MOST_UNPACKED >> 20} MB "
            "của một biểu. Hãy dùng tệp mẫu và chỉ điền các ô trắng.",
        )
    names = [part.filename for part in parts]
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
        raise Refused("macros", "Tệp có macro nên không nhận. Lưu lại dạng .xlsx rồi tải lên.")
    if any(part.flags & 1 for part in parts):
        raise Refused(
            "password", "Tệp đặt mật khẩu nên không đọc được. Bỏ mật khẩu rồi tải lên lại."
        )
    found = []
    kept: list[_Kept] = []
    for part in parts:
        # How it looks, and who made it, is no figure.
        if part.filename.startswith(_LOOKS):
            continue
        packed = _packed_part(data, part)
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            xml = _unpacked_part(packed, part)
            found += [(part.filename, cell) for cell in _formulas(xml)]
            kept.append(_without_merges(xml, part))
        elif part.filename in _ALIKE and len(packed) <= _SMALL and part.how == zipfile.ZIP_DEFLATED:
            kept.append(_without_looks(part.filename, packed, part.size, part.crc))
        else:
            kept.append((part.filename.encode(), part.how, part.crc, part.size, packed))
    looked_at = _archive(kept)
    if not found:
        return [], looked_at
    names_of = _sheet_names({part.filename: part for part in parts}, data)
    return [(names_of.get(part, ""), cell) for part, cell in found[:_MOST_FORMULAS]], looked_at


def _without_merges(xml: bytes, part: _Part) -> _Kept:
    """
    Return a sheet, unpacked, that says before its cells that none are merged.

    The reader would go through the whole sheet a second time to look for that list, which
    nobody asks for.
    """
    if zlib.crc32(xml) != part.crc:
        raise zipfile.BadZipFile(part.filename)
    return _stored(
        part.filename.encode(),
        xml.replace(b"<sheetData", b"<mergeCells></mergeCells><sheetData", 1),
    )


def _stored(name: bytes, xml: bytes) -> _Kept:
    return name, zipfile.ZIP_STORED, zlib.crc32(xml), len(xml), xml


@lru_cache(maxsize=64)
def _without_looks(name: str, packed: bytes, size: int, crc: int) -> _Kept:
    """Return a part that most workbooks have alike, unpacked; of the styles only the formats."""
    xml = _inflated(packed, size)
    if zlib.crc32(xml) != crc:
        raise zipfile.BadZipFile(name)
    return _stored(name.encode(), _formats(xml) if name == _STYLES else xml)


def _formats(xml: bytes) -> bytes:
    """Return of the styles which formats cells have; strange ones as they are."""
    found: list[bytes] = _FORMATS.findall(xml)
    tags = [one[1:8] for one in found]
    if b"<!" in xml or tags not in ([b"numFmts", b"cellXfs"], [b"cellXfs"]):
        return xml
    return b"<styleSheet>" + b"".join(found) + b"</styleSheet>"


def _archive(parts: Sequence[_Kept]) -> bytes:
    """Return an archive of parts as they are, packed or not."""
    body: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for name, how, crc, size, packed in parts:
        told = (_UTF8, how, crc, len(packed), size, len(name), 0)
        own = _LOCAL.pack(b"PK\x03\x04", *told)
        body += (own, name, packed)
        listed += (_LISTED.pack(b"PK\x01\x02", *told, 0, at), name)
        at += len(own) + len(name) + len(packed)
    table = b"".join(listed)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(table), at, 0)
    return b"".join((*body, table, end))


def _part(data: bytes, part: _Part) -> bytes:
    """Return one part unpacked."""
    return _unpacked_part(_packed_part(data, part), part)


def _packed_part(data: bytes, part: _Part) -> bytes:
    name, extra = struct.unpack_from("<HH", data, part.place + 26)
    start = part.place + 30 + name + extra
    return data[start : start + part.packed]


def _unpacked_part(packed: bytes, part: _Part) -> bytes:
    """Unpack a part, never to more than the list of parts says."""
    if part.how == zipfile.ZIP_STORED:
        return packed
    if part.how != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(part.filename)
    return _inflated(packed, part.size)


def _inflated(packed: bytes, size: int) -> bytes:
    xml = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    if len(xml) != size:
        raise zipfile.BadZipFile
    return xml


def _formulas(xml: bytes) -> list[str]:
    """Return the addresses of the cells that hold a formula."""
    # `<f` alone also begins names of other elements, but a sheet without it has no formula.
    if not (b"<f" in xml or b":f" in xml) or not _FORMULA.search(xml):
        return []
    found, address = [], ""
    for one in _CELL_OR_FORMULA.finditer(xml):
        if one["cell"]:
            told = _ADDRESS.search(one[0])
            address = told[1].decode() if told else ""
        else:
            found.append(address)
            if len(found) == _MOST_FORMULAS:
                break
    return found


def _sheet_names(parts: dict[str, _Part], data: bytes) -> dict[str, str]:
    """Return the names of the sheets by the part they stand in; none where the lists are odd."""
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return {}
    targets = {}
    for tag in _RELATION.findall(_part(data, relations)):
        target = _attribute(tag, "Target")
        own = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[_attribute(tag, "Id")] = own
    named = {}
    for tag in _SHEET.findall(_part(data, book)):
        named[targets.get(_attribute(tag, r"\w+:id"), "")] = _attribute(tag, "name")
    return named


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf"\s{name}=(?:\"([^\"]*)\"|'([^']*)')", tag.decode("utf-8", "replace"))
    return html.unescape(found[1] or found[2] or "") if found else ""


def _refused_formulas(formulas: list[tuple[str, str]], sheets: list[_Cells]) -> Refused:
    cell = formulas[0][1]
    where = f"Ô {cell}" if cell else "Tệp"
    return Refused(
        "formula",
        f"{where} chứa công thức nên không nhận. Chép vùng đó rồi dán lại dạng giá trị "
        "(Paste Values), lưu và tải lên lại.",
        formulas,
        sheets,
    )


def _cells(book: CalamineWorkbook, name: str) -> _Cells:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise Refused(
            "too_large",
            f"Trang tính “{name[:40]}” có {sheet.total_height} dòng, {sheet.total_width} cột, "
            f"quá mức {MOST_ROWS} dòng, {MOST_COLUMNS} cột. Hãy dùng tệp mẫu.",
        )
    rows = sheet.to_python(skip_empty_area=False)
    cells: list[Any] = list(chain.from_iterable(rows))
    # Nearly every cell is text or a small number; yes and no would pass for 1 and 0.
    if bool not in (kinds := set(map(type, cells))):
        cells = list(map(_WRITTEN.get, cells, cells))
        kinds = set(map(type, cells))
    if kinds != {str}:
        cells = [cell if cell.__class__ is str else _text(cell) for cell in cells]
    return name, len(rows), len(rows[0]) if rows else 0, cells


def _text(value: Any) -> str:
    """Return a cell as a Vietnamese office would have typed it."""
    if value.__class__ is float:
        if value.is_integer() and -1e15 < value < 1e15:
            return str(int(value))
        return _decimal(value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value) if isinstance(value, int | time | timedelta) else value or ""


def _decimal(value: float) -> str:
    # Fifteen digits are what the sheet keeps; the binary rest is not what was typed.
    from decimal import Decimal

    return f"{Decimal(format(value, '.15g')):f}".replace(".", ",")


def answer(data: bytes, wanted: Container[str] = ()) -> str:
    """Return what the process that asked is told."""
    try:
        return _packed(_read(data, wanted))
    except Refused as refusal:
        told: dict[str, Any] = {"problem": refusal.problem, "sentence": refusal.sentence}
        if refusal.sheets is not None:
            return _packed(refusal.sheets, told | {"cells": refusal.cells})
    except MemoryError:
        told = {
            "problem": "too_large",
            "sentence": "Tệp cần quá nhiều bộ nhớ để mở. Hãy dùng tệp mẫu và chỉ điền ô trắng.",
        }
    return json.dumps(told, ensure_ascii=False) + "\n"


def _packed(sheets: list[_Cells], more: dict[str, Any] | None = None) -> str:
    shapes = [shape for *shape, _cells in sheets]
    cells = list(chain.from_iterable([own for *_shape, own in sheets]))
    joined = SEPARATOR.join(cells)
    if joined.count(SEPARATOR) != max(0, len(cells) - 1):
        joined = SEPARATOR.join([cell.replace(SEPARATOR, " ") for cell in cells])
    return f"{json.dumps({'sheets': shapes} | (more or {}), ensure_ascii=False)}\n{joined}"


def unpacked(told: str) -> dict[str, list[list[str]]] | Refused:
    """Return what such an answer says."""
    head, _, joined = told.partition("\n")
    line = json.loads(head)
    if "sheets" not in line:
        return Refused(line["problem"], line["sentence"])
    cells = joined.split(SEPARATOR)
    sheets: dict[str, list[list[str]]] = {}
    start = 0
    for name, rows, columns in line["sheets"]:
        end = start + rows * columns
        sheets[name] = _in_rows(rows, columns, cells[start:end])
        start = end
    if "problem" in line:
        cells_of = [(sheet, cell) for sheet, cell in line["cells"]]
        return Refused(line["problem"], line["sentence"], cells_of, sheets)
    return sheets


def _limit() -> None:
    # Windows has no such limits; there the wall clock of the asking process is the bound.
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _timer(seconds: float) -> None:
    """Have the system end this process after so much computing, whatever code it is in."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def serve() -> None:
    """Answer requests until standard input ends."""
    _limit()
    # Nothing here refers back to itself; looking for what does costs as much as the formulas.
    gc.disable()
    inward, outward, wanted = sys.stdin.fileno(), sys.stdout.fileno(), frozenset(sys.argv[1:])
    held: list[bytes] = []
    while (data := received(inward)) is not None:
        _timer(SECONDS)
        told = answer(data, wanted).encode()
        _timer(0)
        held += (struct.pack(">I", len(told)), told)
        # Waking the other side costs as much as its work: answers wait while files do.
        if sum(map(len, held)) > _HELD or not select.select([inward], [], [], 0)[0]:
            send(outward, b"".join(held))
            held.clear()


def send(to: int, message: bytes) -> None:
    """Write all of a message."""
    left = memoryview(message)
    while left:
        left = left[os.write(to, left) :]


def received(inward: int) -> bytes | None:
    """Return a message that stands behind its length, None when the other side ended."""
    parts: list[bytes] = []
    left, head = 4, True
    while left:
        part = os.read(inward, min(left, _AT_ONCE))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
        if head and not left:
            (left,) = struct.unpack(">I", b"".join(parts))
            parts, head = [], False
    return parts[0] if len(parts) == 1 else b"".join(parts)


if __name__ == "__main__":
    serve()
