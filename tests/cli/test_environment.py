"""A machine that is not as it should be is told in one sentence, and the server ends when told."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"


def environment(home: Path, **given: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIABAN_")}
    kept.pop("DATABASE_URL", None)
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "PYTHONPATH": str(SOURCE), "DIABAN_HOME": str(home), **given}


def diaban(home: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "diaban", *arguments],
        env=environment(home, **given), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def test_a_home_that_is_a_file_is_one_sentence(tmp_path):
    place = tmp_path / "tep"
    place.write_text("")
    ended = diaban(place, "areas", "count")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Không dùng được thư mục {place} (DIABAN_HOME): đó là một tệp")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("url", ["foo", "foo://x", "postgres://a:bi-mat@127.0.0.1:abc/x"])
def test_a_wrong_database_address_is_one_sentence_that_keeps_the_password(tmp_path, url):
    ended = diaban(tmp_path, "areas", "count", DATABASE_URL=url)
    assert ended.returncode == 2
    assert ended.stderr.startswith("DATABASE_URL không phải địa chỉ cơ sở dữ liệu.")
    assert "bi-mat" not in ended.stderr


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    file = tmp_path / "x.sqlite3"
    file.write_bytes(bytes(range(256)) * 16)
    ended = diaban(tmp_path, "areas", "count", DATABASE_URL=f"sqlite:///{file}")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Không mở được cơ sở dữ liệu {file}.")


def test_a_port_that_is_taken_is_refused_and_another_one_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = diaban(tmp_path, "serve", "--port", str(port))
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Cổng {port} đang có chương trình khác dùng.")


def test_an_address_of_another_machine_is_refused(tmp_path):
    ended = diaban(tmp_path, "serve", "--host", "192.0.2.7")
    assert ended.returncode == 2
    assert ended.stderr.startswith("Máy này không có địa chỉ 192.0.2.7.")


@pytest.mark.parametrize("given", ["abc", "0", "65", "²"])
def test_a_wrong_number_of_workers_is_one_sentence(tmp_path, given):
    ended = diaban(tmp_path, "serve", DIABAN_WORKERS=given)
    assert ended.returncode == 2
    assert ended.stderr.startswith("DIABAN_WORKERS là số tiến trình")


def test_a_wrong_port_of_the_mail_server_is_one_sentence(tmp_path):
    ended = diaban(tmp_path, "check", DIABAN_SMTP_HOST="thu", DIABAN_SMTP_PORT="abc")
    assert ended.returncode == 2
    assert ended.stderr.startswith("DIABAN_SMTP_PORT là cổng của máy chủ thư, từ 1 đến 65535;")


def test_the_server_ends_when_told_although_a_browser_keeps_its_connection(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "diaban", "serve", "--port", str(port)],
        env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        browser = connected(server, port)
        browser.request("GET", "/sign-in/")
        assert browser.getresponse().read()
        os.killpg(server.pid, signal.SIGINT)
        # Without an end of its own the server would wait as long as the connection is kept.
        assert server.wait(timeout=600) == 0
        browser.close()
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)


def connected(server: "subprocess.Popen[bytes]", port: int) -> http.client.HTTPConnection:
    while server.poll() is None:
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        try:
            browser.connect()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return browser
    pytest.fail("the server ended by itself")
