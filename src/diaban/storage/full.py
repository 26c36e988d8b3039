"""When the disk is full: the machine's own word for it, as a refusal that says what to do."""

import errno
from typing import ClassVar, Final

from django.db.utils import DatabaseError

from diaban.core.errors import DomainError

_OS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# SQLite's sentence for SQLITE_FULL; PostgreSQL's SQLSTATE disk_full.
_SQLITE: Final = "database or disk is full"
_POSTGRESQL: Final = "53100"


class NoSpace(DomainError):
    """The disk of the machine is full: nothing of what was being done was kept."""

    code: ClassVar[str] = "no_space"


def refusal_of(error: BaseException) -> BaseException:
    """Return the refusal behind an error of database or file that came of a full disk."""
    if not _is_full(error):
        return error
    return NoSpace(
        "Máy chủ hết chỗ trống trên đĩa nên chưa ghi được gì của việc vừa làm; những gì đã lưu "
        "trước đó vẫn còn nguyên. Báo người quản trị dọn đĩa rồi làm lại.",
    )


def _is_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in _OS:
            return True
        if isinstance(error, DatabaseError) and _SQLITE in str(error):
            return True
        if getattr(error, "sqlstate", None) == _POSTGRESQL:
            return True
        error = error.__cause__ or error.__context__
    return False
