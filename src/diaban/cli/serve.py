"""`diaban serve`: one process, nothing else to start."""

import os
from importlib.resources import as_file, files
from pathlib import Path

import click

from diaban.cli.environment import django_ready, progress


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ để nghe.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Cổng để nghe."
)
def command(host: str, port: int) -> None:
    """Mở các trang web của Địa Bàn."""
    django_ready()
    from django.conf import settings
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces

    if _pages_are_older(settings.STATIC_ROOT / "staticfiles.json"):
        progress("Chuẩn bị giao diện…")
        call_command("collectstatic", interactive=False, verbosity=0)
    progress(f"Địa Bàn đang mở tại http://{host}:{port}/ (Ctrl+C để dừng)")
    if settings.DEMO:
        progress(_demo_accounts())
    # One worker with a few threads: SQLite takes writers in turn, and one office is small.
    Granian(
        "diaban.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("DIABAN_WORKERS", "1")),
        blocking_threads=4,
        log_access=False,
    ).serve()


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
