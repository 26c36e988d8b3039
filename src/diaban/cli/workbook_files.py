"""Workbooks named on the command line: files, the files of a folder, the members of a ZIP."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from diaban.core.errors import DomainError

if TYPE_CHECKING:
    from diaban.indicators.imports import Source

COPY_ENDING: Final = ".loi.xlsx"
# A province has some 100 communes and the nation 3,321.
_MOST_FILES: Final = 10_000
_LARGEST: Final = 4 * 1024 * 1024 + 1


class NoWorkbooks(DomainError):
    """A file, folder or archive in which there is no workbook to read. Facts: `path`."""

    code: ClassVar[str] = "no_workbooks"


def count_of(paths: Sequence[Path]) -> int:
    """
    Return how many workbooks there are to read.

    Raises:
        NoWorkbooks: a path is not there, or holds none.
    """
    return sum(len(_names(path)) for path in paths)


def sources_of(paths: Sequence[Path]) -> "Iterator[Source]":
    """Give every workbook, in the order of the paths and by name within them."""
    from diaban.indicators.imports import Source

    for path in paths:
        if path.is_dir():
            for name in _names(path):
                yield Source(str(path / name), _read(path / name))
        elif _is_archive(path):
            with zipfile.ZipFile(path) as archive:
                for name in _names(path):
                    # No more than a workbook may have is unpacked, whatever the archive says.
                    with archive.open(name) as member:
                        yield Source(f"{path}/{name}", member.read(_LARGEST))
        else:
            yield Source(str(path), _read(path))


def copy_path(file: str) -> Path:
    """Return where the copy of a refused workbook goes: beside it, or beside its archive."""
    path = Path(file)
    for above in path.parents:
        if above.is_file():
            path = above.parent / path.name
            break
    return path.with_name(f"{path.stem}{COPY_ENDING}")


def _names(path: Path) -> list[str]:
    if path.is_dir():
        names = sorted(
            one.name for one in path.iterdir() if one.is_file() and _is_workbook(one.name)
        )
    elif not path.exists():
        raise NoWorkbooks(f"Không có tệp hay thư mục {path}.", path=str(path))
    elif _is_archive(path):
        with zipfile.ZipFile(path) as archive:
            names = sorted(one for one in archive.namelist() if _is_workbook(one))
    else:
        return [path.name]
    if not names:
        raise NoWorkbooks(f"Không có tệp .xlsx nào trong {path}.", path=str(path))
    if len(names) > _MOST_FILES:
        raise NoWorkbooks(
            f"{path} có {len(names)} tệp, quá mức {_MOST_FILES}. Chia thành nhiều lần nhập.",
            path=str(path),
        )
    return names


def _is_workbook(name: str) -> bool:
    """Leave out the copies of an earlier import and the locks of an open Excel."""
    last = name.rpartition("/")[2]
    return (
        last.lower().endswith((".xlsx", ".xlsm", ".xls"))
        and not last.endswith(COPY_ENDING)
        and not last.startswith(("~$", "."))
    )


def _is_archive(path: Path) -> bool:
    """Return whether a file is a ZIP of workbooks; a workbook is itself a ZIP."""
    if path.suffix.lower() != ".zip":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise NoWorkbooks(f"{path} không phải tệp ZIP đọc được.", path=str(path)) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise NoWorkbooks(
            f"Không đọc được tệp {path}; kiểm tra tên tệp và quyền đọc.", path=str(path)
        ) from error
