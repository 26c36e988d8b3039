"""Where an installation keeps its files, and the secret it made for itself."""

import os
import secrets
from pathlib import Path

from diaban.core.errors import BadSetting


def home() -> Path:
    """
    Return the folder of this installation, made if it is not there.

    `DIABAN_HOME` names it; without it, `~/.diaban`. Only the owner may enter.

    Raises:
        BadSetting: it is a file, or may not be made or written.
    """
    folder = Path(os.environ.get("DIABAN_HOME") or Path.home() / ".diaban").expanduser()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def _unusable(folder: Path, error: OSError) -> BadSetting:
    return BadSetting(
        f"Không dùng được thư mục {folder} (DIABAN_HOME): {_why(error)}. Chỉ ra một thư mục "
        "mà tài khoản đang chạy chương trình được ghi.",
        name="DIABAN_HOME",
    )


def _why(error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "đó là một tệp, không phải thư mục"
    if isinstance(error, PermissionError):
        return "không có quyền ghi"
    return "không ghi được"


def secret_key() -> str:
    """
    Return the key that signs sessions: `DIABAN_SECRET_KEY`, else one kept in the home folder.

    The file is created with mode 600 and exclusively, so that two processes that start
    together agree on one key.
    """
    given = os.environ.get("DIABAN_SECRET_KEY")
    if given:
        return given
    path = home() / "secret-key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise _unusable(home(), error) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
