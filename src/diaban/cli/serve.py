"""`diaban serve`: one process, nothing else to start."""

import errno
import socket
from importlib.resources import as_file, files
from pathlib import Path
from typing import ClassVar

import click

from diaban.cli.environment import django_ready, progress
from diaban.core.environment import whole_number
from diaban.core.errors import DomainError

# How long answers that are under way may take when the server is told to stop.
SECONDS_TO_FINISH = 3

MOST_WORKERS = 64


class CannotListen(DomainError):
    """The address or port is taken, forbidden or not of this machine."""

    code: ClassVar[str] = "serve_cannot_listen"


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ để nghe.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Cổng để nghe."
)
def command(host: str, port: int) -> None:
    """Mở các trang web của Địa Bàn."""
    workers = whole_number("DIABAN_WORKERS", 1, what="số tiến trình", most=MOST_WORKERS)
    _require_free(host, port)
    django_ready()
    from django.conf import settings
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces

    if _pages_are_older(settings.STATIC_ROOT / "staticfiles.json"):
        progress("Chuẩn bị giao diện…")
        call_command("collectstatic", interactive=False, verbosity=0)
    progress(f"Địa Bàn đang mở tại http://{_in_url(host)}:{port}/ (Ctrl+C để dừng)")
    if settings.DEMO:
        progress(_demo_accounts())
    # One worker with a few threads: SQLite takes writers in turn, and one office is small.
    Granian(
        "diaban.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        # Browsers keep their connections open; without an end the server would wait for them.
        workers_kill_timeout=SECONDS_TO_FINISH,
    ).serve()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _require_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on; the server itself would share the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does, so that connections of the one before do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotListen(_why(error, host, port), host=host, port=port) from error


def _why(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"Máy này không có địa chỉ {host}. Dùng 127.0.0.1, hoặc 0.0.0.0 cho cả mạng."
    if error.errno == errno.EACCES:
        return f"Không có quyền mở cổng {port}. Chọn cổng từ 1024 trở lên bằng --port."
    return (
        f"Cổng {port} đang có chương trình khác dùng. Dừng chương trình đó, hoặc chọn cổng khác "
        f"bằng --port (với make: make run PORT={port + 1 if port < 65535 else 8001})."
    )


def _pages_are_older(manifest: Path) -> bool:
    """Return whether the collected files were never made, or the product is newer than they."""
    if not manifest.exists():
        return True
    made = manifest.stat().st_mtime
    own = files("diaban.web") / "static"
    with as_file(own) as folder:
        return any(path.stat().st_mtime > made for path in folder.rglob("*"))


def _demo_accounts() -> str:
    from diaban.accounts.models import User
    from diaban.demo.people import DEMO_PASSWORD

    lines = [
        f"  {user.username:<12} {user.name}"
        for user in User.objects.filter(is_demo=True).order_by("pk")
    ]
    return "\n".join([f"Tài khoản dùng thử (mật khẩu {DEMO_PASSWORD}):", *lines])
