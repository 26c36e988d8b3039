"""Files that anybody may hand in: what is refused, and at what cost of memory (and `bench`)."""

import io
import os
import resource
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

from diaban.indicators.workbooks import contents
from diaban.indicators.workbooks.bounded import LARGEST_FILE, Reader, UnreadableWorkbook
from tests.indicators.workbooks import books

SHEET = "xl/worksheets/sheet1.xml"


def bomb() -> bytes:
    """A hundred kilobytes that unpack to a thousand times as much."""
    out = io.BytesIO()
    block = b" " * (1 << 20)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in books.parts(books.blank()).items():
            if name != SHEET:
                archive.writestr(name, data)
        with archive.open(SHEET, "w", force_zip64=True) as part:
            for _ in range(100):
                part.write(block)
    return out.getvalue()


def quoted_bomb() -> bytes:
    """Some 700 kB of parts that all unpack the same bytes: gigabytes by its own list of parts."""
    blank = books.of_parts(books.parts(books.blank()) | {SHEET: b" " * (600 << 20)})
    with zipfile.ZipFile(io.BytesIO(blank)) as archive:
        sheet = archive.getinfo(SHEET)
        start = archive.start_dir
    end = blank.rindex(b"PK\x05\x06")
    directory = blank[start:end]
    own = directory[directory.index(SHEET.encode()) - 46 :]
    own = own[: 46 + len(SHEET)]
    copies = b"".join(own.replace(b"sheet1.xml", b"shee%02d.xml" % n) for n in range(10, 20))
    count = (len(books.parts(books.blank())) + 10).to_bytes(2, "little")
    size = (len(directory) + len(copies)).to_bytes(4, "little")
    assert sheet.file_size == 600 << 20
    return (
        blank[:start] + directory + copies
        + blank[end : end + 8] + count + count + size + blank[end + 16 :]
    )  # fmt: skip


def lying_bomb() -> bytes:
    """The same in small, with a list of parts that claims a harmless size."""
    blank = books.parts(books.blank())
    data = books.of_parts(blank | {SHEET: blank[SHEET] + b" " * (60 << 20)})
    true_size = (len(blank[SHEET]) + (60 << 20)).to_bytes(4, "little")
    return data.replace(true_size, (9_000).to_bytes(4, "little"))


def million_rows() -> bytes:
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    rows = b"".join(row % (number, number) for number in range(1, 1_000_001))
    blank = books.parts(books.blank())
    start, end = blank[SHEET].split(b"<sheetData>")[0], b"</sheetData></worksheet>"
    return books.of_parts(blank | {SHEET: start + b"<sheetData>" + rows + end})


def far_cell() -> bytes:
    """One cell at the far corner of the sheet: a dense table of it would not fit anywhere."""
    blank = books.parts(books.blank())
    start, end = blank[SHEET].split(b"<sheetData>")[0], b"</sheetData></worksheet>"
    rows = (
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    return books.of_parts(blank | {SHEET: start.replace(b"<dimension", b"<x") + rows + end})


def with_macros() -> bytes:
    return books.of_parts(books.parts(books.blank()) | {"xl/vbaProject.bin": b"\xd0\xcf"})


def with_formula() -> bytes:
    def edit(book):
        book["hamlets"]["C3"] = "=1+1"

    return books.edited(books.blank(), edit)


def with_password() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


def _dying(tmp_path: Path) -> Path:
    """Return a script that answers with the name of a file, and ends at one called so."""
    script = tmp_path / "dying.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(contents.__file__).parent)!r})\n"
        "import contents\n"
        "def answer(data, wanted):\n"
        "    if data == b'die':\n"
        "        raise SystemExit(1)\n"
        "    return contents._packed([(data.decode(), 0, 0, [])])\n"
        "contents.answer = answer\n"
        "contents.serve()\n"
    )
    return script


@cache
def made(name: str) -> bytes:
    return HOSTILE[name][0]()


HOSTILE = {
    "a bomb": (bomb, "too_large"),
    "a bomb of gigabytes": (quoted_bomb, "too_large|not_a_workbook"),
    "a bomb that lies about its size": (lying_bomb, "broken|not_a_workbook|too_slow|too_large"),
    "a million rows": (million_rows, "too_large"),
    "a cell at the far corner": (far_cell, "too_large|too_slow"),
    "macros": (with_macros, "macros"),
    "a formula": (with_formula, "formula"),
    "a password": (with_password, "password"),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_format"),
    "a text": (lambda: "Xã Hạ;12".encode(), "not_a_workbook"),
    "nothing": (lambda: b"", "not_a_workbook"),
    "half a workbook": (lambda: books.blank()[:4_000], "not_a_workbook"),
    "a large file": (lambda: bytes(LARGEST_FILE + 1), "too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_the_next_one_is_read(name):
    problem = HOSTILE[name][1]
    data = made(name)

    with Reader() as reader:
        reader.read(books.blank())
        with pytest.raises(UnreadableWorkbook) as refusal:
            reader.read(data)
        sheets = reader.read(books.blank())

    assert refusal.value.facts["problem"] in problem.split("|")
    assert refusal.value.sentence.endswith(".")
    assert "commune" in sheets


def test_files_that_are_read_ahead_come_in_their_order_whatever_is_among_them():
    files = [books.blank(), made("a bomb that lies about its size"), made("a formula")]
    files += [books.blank(hamlets=[(f"99001.{n:03}", f"Thôn {n}")]) for n in range(1, 12)]
    told = []

    with Reader() as reader:
        for data in reader.ahead(files, lambda one: one):
            try:
                told.append(reader.read(data)["hamlets"][2][1])
            except UnreadableWorkbook as refusal:
                told.append(refusal.facts["problem"] == "formula")

    assert told == ["Hạ 1", False, True, *(f"Thôn {n}" for n in range(1, 12))]


def test_a_file_that_ends_the_process_takes_none_of_the_others_along(monkeypatch, tmp_path):
    monkeypatch.setattr("diaban.indicators.workbooks.bounded._SCRIPT", _dying(tmp_path))
    files = [b"one", b"two", b"die", b"four", b"five"]

    told = []
    with Reader() as reader:
        for data in reader.ahead(files, lambda one: one):
            try:
                told.append(list(reader.read(data)))
            except UnreadableWorkbook as refusal:
                told.append(refusal.facts["problem"])

    assert told == [["one"], ["two"], "too_slow", ["four"], ["five"]]


def test_what_getting_a_file_raises_comes_after_those_before_it():
    def files():
        yield books.blank()
        raise OSError("gone")

    with Reader() as reader:
        given = reader.ahead(files(), lambda one: one)
        first = reader.read(next(given))
        with pytest.raises(OSError, match="gone"):
            next(given)

    assert "commune" in first


# Run in a process of its own: what a child used at most is counted with what its parent held.
_MEASURE = """
import resource, sys
from pathlib import Path
from diaban.core.errors import DomainError
from diaban.indicators.workbooks import contents
from diaban.indicators.workbooks.bounded import Reader

with Reader() as reader:
    for path in sorted(Path(sys.argv[1]).iterdir()):
        try:
            reader.read(path.read_bytes())
        except DomainError:
            continue
        raise SystemExit(f"{path} was read")
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="no limit of memory here")
def test_reading_whatever_it_is_stays_below_300_megabytes(tmp_path):
    for number, name in enumerate(HOSTILE):
        (tmp_path / f"{number:02}.xlsx").write_bytes(made(name))

    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert told.stderr == ""
    assert int(told.stdout) < 300 * 1024


def test_the_cell_of_a_formula_is_named():
    with Reader() as reader, pytest.raises(UnreadableWorkbook) as refusal:
        reader.read(with_formula())

    assert "C3" in refusal.value.sentence


def test_a_file_that_computes_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr("diaban.indicators.workbooks.contents.WALL_SECONDS", 0.0)

    with Reader() as reader, pytest.raises(UnreadableWorkbook) as refusal:
        reader.read(books.blank())

    assert refusal.value.facts["problem"] == "too_slow"
