"""Small workbooks for tests: a template as it goes out, and what people make of it."""

import io
import zipfile

import openpyxl

from diaban.core.numbers import Kind
from diaban.indicators.workbooks.forms import Line, Sheet, Stamp
from diaban.indicators.workbooks.writing import write_workbook

COMMUNE = [
    Line("schools", "Số trường học", "trường", Kind.COUNT),
    Line("plant_area_destroyed_m2", "Diện tích cây bị phá nhổ", "m²", Kind.DECIMAL),
    Line("on_key_route", "Nằm trên tuyến trọng điểm", "có/không", Kind.BOOLEAN),
]
COLUMNS = [
    Line("households", "Số hộ gia đình", "hộ", Kind.COUNT),
    Line("addicts", "Số người nghiện ma túy", "người", Kind.COUNT),
]
HAMLETS = [("98001.001", "Hạ 1"), ("98001.002", "Đồng Mít")]
STAMP = Stamp("98001", "2026-11", "thang", 1, 0)


def blank(**changes) -> bytes:
    """Return a template; `changes` are fields of `Sheet`."""
    given = {
        "stamp": STAMP,
        "check": "seal",
        "title": "Biểu số liệu tháng 11/2026: Xã Hạ",
        "note": "",
        "sections": [("Mục", COMMUNE)],
        "columns": COLUMNS,
        "hamlets": HAMLETS,
        "values": {},
        "previous": {},
        "marks": {},
    }
    return write_workbook(Sheet(**given | changes))


def edited(data: bytes, edit) -> bytes:
    """Return a workbook after somebody opened it, did `edit(book)` and saved it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def of_parts(parts: dict[str, bytes]) -> bytes:
    """Return a workbook of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
