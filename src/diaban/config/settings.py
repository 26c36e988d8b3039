"""
Settings of an installation.

Everything that differs between installations comes from the environment;
docs/reference/settings.md lists the variables.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from diaban.config.home import home, secret_key
from diaban.core.environment import variable, whole_number
from diaban.core.errors import BadSetting

PACKAGE = Path(__file__).resolve().parents[1]
HOME = home()

SECRET_KEY = secret_key()
DEBUG = False
DEMO = variable("DIABAN_DEMO") == "1"
ALLOWED_HOSTS = [
    host.strip()
    for host in variable("DIABAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]
HTTPS = variable("DIABAN_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "diaban.audit",
    "diaban.areas",
    "diaban.agencies",
    "diaban.accounts",
    "diaban.indicators",
    "diaban.plans",
    "diaban.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "diaban.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "diaban.web.middleware.ActorMiddleware",
    "diaban.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "diaban.config.urls"
WSGI_APPLICATION = "diaban.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            # Components are compiled by one loader, partials by another; each app's own set-up
            # undoes the other's, so both are named here, and the result is kept in memory.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "diaban.web.context.house",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """
    Return the database: `DATABASE_URL`, else SQLite in the home folder.

    SQLite's defaults lose writes under several writers; with WAL, IMMEDIATE transactions and a
    busy timeout none was lost in 1,600 (docs/decisions/0003).
    """
    url = variable("DATABASE_URL", f"sqlite:///{HOME / 'diaban.sqlite3'}")
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    except (ValueError, TypeError, KeyError) as error:
        # The address may hold a password, so it is not repeated.
        raise BadSetting(
            "DATABASE_URL không phải địa chỉ cơ sở dữ liệu. Viết theo mẫu "
            "postgres://người-dùng:mật-khẩu@máy:5432/tên, hoặc bỏ trống để dùng SQLite trong "
            "DIABAN_HOME.",
            name="DATABASE_URL",
        ) from error
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-16000;"
                "PRAGMA temp_store=MEMORY;"
            ),
        }
    else:
        database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:work"
LOGOUT_REDIRECT_URL = "web:sign-in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "diaban.web.sign_in.locked_out"
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "diaban.web.errors.csrf_refused"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The morning's mail goes to the terminal until a server is named (docs/reference/settings.md).
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = variable("DIABAN_MAIL_FROM", "khong-tra-loi@diaban.local")
if variable("DIABAN_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = variable("DIABAN_SMTP_HOST")
    EMAIL_PORT = whole_number("DIABAN_SMTP_PORT", 587, what="cổng của máy chủ thư", most=65_535)
    EMAIL_HOST_USER = variable("DIABAN_SMTP_USER")
    EMAIL_HOST_PASSWORD = variable("DIABAN_SMTP_PASSWORD")
    EMAIL_USE_TLS = EMAIL_PORT == 587
    EMAIL_TIMEOUT = 20

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["diaban.web.formats"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(HOME / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# The largest return (40 hamlets x 20 indicators) has some 900 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# More loose workbooks than an import takes, so that the page itself can say so.
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "diaban": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
