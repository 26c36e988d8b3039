"""The vendored files are what the manifest says, nothing comes from elsewhere, all is light."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "diaban" / "web"
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
OWN = sorted(path for path in (STATIC / "diaban").iterdir() if path.suffix in (".css", ".js"))

FIRST_LOAD_LIMIT = 150_000


def manifest():
    return json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def test_every_vendored_file_is_the_one_in_the_manifest():
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert found == manifest()["files"]


def test_every_vendored_package_has_its_licence_beside_it():
    without = [
        package["name"]
        for package in manifest()["packages"]
        if not (VENDOR / package["folder"] / "LICENSE").is_file()
    ]

    assert without == []


def test_the_vendored_versions_are_those_of_package_json():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    vendored = {package["name"]: package["version"] for package in manifest()["packages"]}

    assert {name: wanted[name] for name in vendored} == vendored
    assert [name for name, version in wanted.items() if not version[0].isdigit()] == []


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_no_vendored_file_asks_for_a_source_map():
    asking = [
        path.name
        for path in VENDOR.rglob("*")
        if path.suffix in (".js", ".css") and b"sourceMappingURL" in path.read_bytes()
    ]

    assert asking == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_own_style_sheets_and_scripts_name_only_files_that_are_there(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r'url\("([^"]+)"\)', text)

    assert re.findall(r"https?://(?!www\.w3\.org)[^\s\"')]+", text) == []
    assert [name for name in named if not (path.parent / name).is_file()] == []


def test_the_first_page_weighs_at_most_150_kilobytes():
    packages = {package["name"]: VENDOR / package["folder"] for package in manifest()["packages"]}
    packed = [
        packages["bootstrap"] / "bootstrap.min.css",
        packages["bootstrap-icons"] / "icons.svg",
        packages["htmx.org"] / "htmx.min.js",
        STATIC / "diaban" / "diaban.css",
        STATIC / "diaban" / "parts.css",
        STATIC / "diaban" / "print.css",
        STATIC / "diaban" / "diaban.js",
        # The heaviest page of its own: the grid.
        STATIC / "diaban" / "entry.css",
        STATIC / "diaban" / "entry.js",
        STATIC / "diaban" / "autosave.js",
    ]
    fonts = [path for name in packages for path in packages[name].glob("*.woff2")]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in packed) + sum(
        path.stat().st_size for path in fonts
    )

    assert len(fonts) == 9
    assert weight <= FIRST_LOAD_LIMIT - 15_000, weight  # 15 kB are kept for the page itself
