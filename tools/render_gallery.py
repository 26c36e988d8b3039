"""
Render every template with its example context, and photograph it (development only).

    python tools/render_gallery.py OUT                     # HTML pages and static files into OUT
    python tools/render_gallery.py OUT --shoot work entry  # PNG of these pages (none: of all)
    python tools/render_gallery.py OUT --axe               # accessibility faults of all pages

Photographs are taken at 1366 x 900 and 360 x 740 with the content security policy of the site, so
that a style or script which the policy refuses shows at once.
"""

import argparse
import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = {"": (1366, 900, 1), "-phone": (360, 740, 2)}
# Components are compiled by one loader, partials by another; each app's own set-up undoes the
# other's, so both are named here.
TEMPLATE_OPTIONS: dict[str, Any] = {
    "loaders": [
        (
            "template_partials.loader.Loader",
            [
                "django_cotton.cotton_loader.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        )
    ],
    "builtins": ["django_cotton.templatetags.cotton"],
}
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"


def set_up_django() -> None:
    """Configure no more of Django than templates need."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    settings.configure(
        SECRET_KEY="gallery",  # noqa: S106 - signs nothing
        INSTALLED_APPS=[
            "django.contrib.staticfiles",
            "django_cotton.apps.SimpleAppConfig",
            "template_partials.apps.SimpleAppConfig",
            "diaban.web",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": TEMPLATE_OPTIONS,
            }
        ],
        STATIC_URL="/static/",
        LANGUAGE_CODE="vi",
        TIME_ZONE="Asia/Ho_Chi_Minh",
        USE_TZ=True,
        LOCALE_PATHS=[ROOT / "src/diaban/web/locale"],
    )
    django.setup()


def render(out: Path, language: str = "vi") -> list[str]:
    """Write all pages and the static files into `out`; return the names of the pages."""
    from django.template.loader import render_to_string
    from django.utils import translation

    from tools.gallery import pages

    out.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "src/diaban/web/static", out / "static", dirs_exist_ok=True)
    found = pages()
    translation.activate(language)
    for name, (template, context) in found.items():
        html = render_to_string(template, context | {"csrf_token": "gallery"})
        (out / f"{name}.html").write_text(html, encoding="utf-8")
    return list(found)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder with the policy of the site, quietly."""

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(out: Path) -> Iterator[str]:
    """Serve `out` on a free local port."""
    handler = functools.partial(Handler, directory=str(out))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def shoot(out: Path, names: list[str], axe: bool, dark: bool, whole: bool) -> int:
    """Photograph or examine the pages; return the number of faults."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    faults = 0
    with serving(out) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for suffix, (width, height, scale) in SIZES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height},
                device_scale_factor=scale,
                color_scheme="dark" if dark else "light",
            )
            page.on("console", lambda message: print("console:", message.text))
            page.on("requestfailed", lambda request: print("failed:", request.url))
            page.on(
                "response",
                lambda answer: answer.status < 400 or print("answer:", answer.status, answer.url),
            )
            page.on("pageerror", lambda error: print("error:", error))
            for name in names:
                page.goto(f"{site}/{name}.html", wait_until="networkidle")
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    faults += 1
                    print(f"{name}{suffix}: {wide} px wide on a screen of {width}")
                fragment = page.evaluate("document.doctype === null")
                if axe and fragment:
                    continue
                if axe:
                    faults += _report(name + suffix, Axe().run(page).response)
                else:
                    page.screenshot(path=str(out / f"{name}{suffix}.png"), full_page=whole)
        browser.close()
    return faults


def _report(name: str, response: dict[str, Any]) -> int:
    for fault in response["violations"]:
        print(f"{name}: {fault['impact']} {fault['id']}: {fault['help']}")
        for node in fault["nodes"][:4]:
            print("   ", node["html"][:140], "|", node["failureSummary"].split("\n")[1][:160])
    return len(response["violations"])


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Render the pages with example contexts.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--shoot", nargs="*", metavar="PAGE")
    parser.add_argument("--axe", nargs="*", metavar="PAGE")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--whole", action="store_true", help="the whole page, not one screen")
    parser.add_argument("--english", action="store_true")
    given = parser.parse_args()
    set_up_django()
    names = render(given.out, "en" if given.english else "vi")
    print(f"{len(names)} pages in {given.out}")
    faults = 0
    if given.shoot is not None:
        faults += shoot(given.out, given.shoot or names, False, given.dark, given.whole)
    if given.axe is not None:
        faults += shoot(given.out, given.axe or names, True, given.dark, given.whole)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
