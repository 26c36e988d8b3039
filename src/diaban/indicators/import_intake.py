"""From what was uploaded to the workbooks in it: bounded, and never written under their names."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, ClassVar, Final

from diaban.core.errors import DomainError
from diaban.indicators.workbooks.bounded import LARGEST_FILE

# A province has some 100 communes and the nation 3,321; a workbook has some 30 kB.
MOST_FILES: Final = 4_000
MOST_LOOSE_FILES: Final = 200
LARGEST_UPLOAD: Final = 128 * 1024 * 1024
# Unpacked, all together: well over 4,000 workbooks, well under a disk.
LARGEST_UNPACKED: Final = 512 * 1024 * 1024
_LARGEST_LIST: Final = 4 * 1024 * 1024
_LONGEST_NAME: Final = 200
_END_OF_ZIP: Final = b"PK\x05\x06"
_NOT_FILES: Final = ("__macosx/", "thumbs.db", "desktop.ini")
_ARCHIVES: Final = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")


class BadUpload(DomainError):
    """
    An upload that is not begun with.

    Facts: `problem`, one of nothing, too_large, too_many, not_a_zip, bomb.
    """

    code: ClassVar[str] = "bad_upload"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it; `file` can be read from any place."""

    name: str
    size: int
    file: IO[bytes]


@dataclass(frozen=True, slots=True)
class Taken:
    """One file of an upload; `refusal` says why it is not even opened."""

    name: str
    data: bytes = b""
    refusal: str = ""


def files_of(uploads: Sequence[Upload]) -> Iterator[Taken]:
    """
    Give the files of an upload one after the other: workbooks, or those in one ZIP.

    A member that is no workbook comes with its refusal, so that the list is whole.

    Raises:
        BadUpload: nothing of it is read.
    """
    if not uploads:
        raise BadUpload("Chưa chọn tệp. Chọn một tệp ZIP hoặc các tệp .xlsx.", problem="nothing")
    if sum(one.size for one in uploads) > LARGEST_UPLOAD:
        raise BadUpload(
            f"Tải lên quá {LARGEST_UPLOAD >> 20} MB một lần. Chia thành nhiều lần.",
            problem="too_large",
        )
    if len(uploads) == 1 and uploads[0].name.lower().endswith(".zip"):
        yield from _members(uploads[0])
        return
    if len(uploads) > MOST_LOOSE_FILES:
        raise BadUpload(
            f"Chọn {len(uploads)} tệp rời, quá mức {MOST_LOOSE_FILES}. Nén thành một tệp ZIP "
            "rồi tải lên.",
            problem="too_many",
        )
    for one in sorted(uploads, key=lambda upload: upload.name):
        refusal = _refusal_of(one.name)
        data = b"" if refusal else one.file.read(LARGEST_FILE + 1)
        yield Taken(_shown(one.name), data, refusal)


def _members(upload: Upload) -> Iterator[Taken]:
    if _list_size(upload) > _LARGEST_LIST:
        raise _too_many(f"hơn {MOST_FILES}")
    try:
        archive = zipfile.ZipFile(upload.file)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise _not_a_zip(upload.name) from error
    with archive:
        members = sorted(
            (one for one in archive.infolist() if _is_file(one)), key=lambda one: one.filename
        )
        if not members:
            raise BadUpload(
                "Tệp ZIP không có tệp nào. Nén các tệp .xlsx của xã rồi tải lên.",
                problem="nothing",
            )
        if len(members) > MOST_FILES:
            raise _too_many(str(len(members)))
        left = LARGEST_UNPACKED
        if sum(one.file_size for one in members) > left:
            raise _bomb()
        for one in members:
            taken = _unpacked(archive, one)
            # The sizes that an archive states need not be true.
            left -= len(taken.data)
            if left < 0:
                raise _bomb()
            yield taken


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Taken:
    name = _name_of(member)
    shown = _shown(name)
    refusal = _refusal_of(name)
    if not refusal and member.flag_bits & 1:
        refusal = "Tệp trong ZIP có mật khẩu nên không mở được. Nén lại không đặt mật khẩu."
    if not refusal and member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refusal = "Tệp nén theo cách không đọc được. Nén lại thành ZIP thường."
    if refusal:
        return Taken(shown, refusal=refusal)
    try:
        with archive.open(member) as file:
            return Taken(shown, file.read(LARGEST_FILE + 1))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        return Taken(shown, refusal="Tệp này trong ZIP bị hỏng. Nén lại từ tệp gốc.")


def _list_size(upload: Upload) -> int:
    """Return how long the list of members is by the archive's own end; it is read whole."""
    file = upload.file
    file.seek(max(0, upload.size - 65_557))
    end = file.read(65_557)
    file.seek(0)
    at = end.rfind(_END_OF_ZIP)
    if at < 0 or len(end) < at + 22:
        raise _not_a_zip(upload.name)
    return int.from_bytes(end[at + 12 : at + 16], "little")


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Leave out folders and what file managers, Excel and earlier imports leave behind."""
    name = member.filename.lower()
    last = name.rpartition("/")[2]
    return not (
        member.is_dir()
        or name.startswith(_NOT_FILES[0])
        or last in _NOT_FILES[1:]
        or last.startswith(("~$", "."))
        or last.endswith(".loi.xlsx")
    )


def _name_of(member: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: many programs write UTF-8 without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _refusal_of(name: str) -> str:
    last = name.rpartition("/")[2].lower()
    parts = name.replace("\\", "/").split("/")
    if len(name) > _LONGEST_NAME or ".." in parts or not name.isprintable() or not last:
        return "Tên tệp quá dài hoặc có ký tự không dùng được. Đổi tên tệp rồi tải lên lại."
    if last.endswith(_ARCHIVES):
        return (
            "Tệp nén nằm trong tệp nén không được mở. Giải nén, rồi nén chung các tệp .xlsx "
            "thành một ZIP."
        )
    # The reader says of the old format and of macros itself what to do.
    if not last.endswith((".xlsx", ".xlsm", ".xls")):
        return "Không phải tệp Excel .xlsx nên không nhận."
    return ""


def _shown(name: str) -> str:
    kept = "".join(letter if letter.isprintable() else "?" for letter in name)
    return kept if len(kept) <= _LONGEST_NAME else f"{kept[: _LONGEST_NAME - 1]}…"


def _too_many(how_many: str) -> BadUpload:
    return BadUpload(
        f"Tệp ZIP có {how_many} tệp, quá mức {MOST_FILES}. Chia thành nhiều lần.",
        problem="too_many",
    )


def _not_a_zip(name: str) -> BadUpload:
    return BadUpload(
        f"{_shown(name)} không phải tệp ZIP đọc được. Nén lại rồi tải lên.", problem="not_a_zip"
    )


def _bomb() -> BadUpload:
    return BadUpload(
        f"Tệp ZIP bung ra quá {LARGEST_UNPACKED >> 20} MB nên không mở. Chỉ nén các tệp .xlsx "
        "của xã.",
        problem="bomb",
    )


def in_memory(name: str, data: bytes) -> Upload:
    """Return bytes as an upload."""
    return Upload(name, len(data), io.BytesIO(data))
