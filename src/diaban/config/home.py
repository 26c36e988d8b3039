"""Where an installation keeps its files, and the secret it made for itself."""

import os
import secrets
from pathlib import Path


def home() -> Path:
    """
    Return the folder of this installation, made if it is not there.

    `DIABAN_HOME` names it; without it, `~/.diaban`. Only the owner may enter.
    """
    folder = Path(os.environ.get("DIABAN_HOME") or Path.home() / ".diaban").expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


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
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
