"""The product's settings, in a folder of their own and with a cheap password hash."""

import os
import tempfile
from pathlib import Path

os.environ["DIABAN_HOME"] = tempfile.mkdtemp(prefix="diaban-test-")
os.environ.setdefault("DIABAN_SECRET_KEY", "not-a-secret-only-for-tests")

from diaban.config.settings import *  # noqa: F403
from diaban.config.settings import DATABASES, HOME, MIDDLEWARE, STORAGES

assert str(HOME).startswith(tempfile.gettempdir())

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [m for m in MIDDLEWARE if m != "whitenoise.middleware.WhiteNoiseMiddleware"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in an installation: an in-memory database has no WAL and one connection.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(HOME) / "test.sqlite3")}
