"""The product as its users meet it: the real command, a real server, a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
# Seconds until something is given up: many, for a busy machine is no fault of the product.
PATIENCE = 600


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[str]:
    """Serve a small sample province in a folder of its own; give its address."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {
        **os.environ,
        "DIABAN_HOME": str(home),
        "DIABAN_DEMO": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "diaban"]
    subprocess.run([*command, "demo", "--small"], env=environment, check=True, timeout=PATIENCE)
    log = (home / "serve.log").open("w")
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(4 * PATIENCE):
            try:
                urllib.request.urlopen(f"{address}/sign-in/", timeout=2)
                break
            except OSError:
                assert server.poll() is None, (home / "serve.log").read_text()
                time.sleep(0.25)
        else:
            pytest.fail((home / "serve.log").read_text())
        yield address
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)
        log.close()


class Chromium:
    """Debian's Chromium, started again where it died; without the calls home that it makes."""

    def __init__(self, playwright) -> None:
        self._playwright = playwright
        self._running = None

    def new_context(self, **settings):
        if self._running is None or not self._running.is_connected():
            self._running = self._playwright.chromium.launch(
                executable_path=BROWSER,
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            )
        return self._running.new_context(**settings)

    def end(self, context) -> None:
        """Close a context; one of a browser that died is closed already."""
        from playwright.sync_api import Error

        try:
            context.close()
        except Error:
            if self._running.is_connected():
                raise

    def close(self) -> None:
        if self._running is not None:
            self._running.close()


# Not for the session: while it is open the thread has an event loop, in which Django refuses to
# ask the database, and the next file on the same worker may want to.
@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = Chromium(playwright)
        yield chromium
        chromium.close()


def pytest_collection_modifyitems(items):
    """
    Run a test once more that lost its browser.

    Chromium crashes of itself now and then, which says nothing about the product. Every other
    failure counts at once, and one that takes the browser down each time fails as well.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TargetClosedError"]))


@pytest.fixture
def visit(site, browser):
    """
    Open pages of the site as a new visitor; every request is written down.

    `visit.requests` holds the addresses that the browser asked for, `visit.errors` what its
    console complained of (a breach of the content security policy among them).
    """

    class Visit:
        def __init__(self) -> None:
            self.requests: list[str] = []
            self.errors: list[str] = []
            self.contexts = []
            self.site = site

        def page(self, *, width=1366, height=768, javascript=True):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                java_script_enabled=javascript,
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
            )
            context.set_default_timeout(PATIENCE * 1000 / 5)
            self.contexts.append(context)
            page = context.new_page()
            page.on("request", lambda request: self.requests.append(request.url))
            page.on(
                "console",
                lambda message: message.type == "error" and self.errors.append(message.text),
            )
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            return page

        def sign_in(self, page, username: str) -> None:
            from diaban.demo.people import DEMO_PASSWORD

            page.goto(f"{self.site}/sign-in/")
            page.fill("#id_username", username)
            page.fill("#id_password", DEMO_PASSWORD)
            page.click("form button.btn-primary")
            page.wait_for_url("**/work/")

        def outside(self) -> list[str]:
            """Return the addresses that were not of this site."""
            own = urlsplit(self.site).netloc
            return [
                url
                for url in self.requests
                if urlsplit(url).netloc != own and not url.startswith(("data:", "blob:"))
            ]

    one = Visit()
    yield one
    for context in one.contexts:
        browser.end(context)
