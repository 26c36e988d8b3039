"""What is tracked names no registry and no machine."""

import re
from pathlib import Path

import pytest

from tests.docs.places import ROOT, text_of, tracked_files

CONFIGURATION = (".toml", ".cfg", ".ini", ".txt", ".json", ".yaml", ".yml", ".lock", ".in")
NAMED = {".npmrc", "Makefile", "pip.conf", ".pypirc", ".python-version"}

# Hosts from which packages come, whichever the address is written with.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|pypi\.python|registry\.npmjs|npmmirror|yarnpkg\.com"
    r"|deb\.debian\.org|/simple/?(?:[\"'\s]|$)"
)
# Options with which pip, uv and npm are told where to fetch.
OPTION = re.compile(
    r"(?:^|\s)(?:-i|--(?:extra-)?index-url|--default-index|--index|--find-links|-f|--trusted-host)"
    r"(?:[ =]\S|$)"
    r"|^\s*(?:(?:extra-)?index-url|find-links|trusted-host|(?:@\w+:)?registry)\s*=",
    re.MULTILINE,
)
# An absolute path into somebody's folder; the word before keeps addresses of the site out.
FOLDERS = ("work", "root", "home", "tmp", "Users", "mnt")
MACHINE = re.compile(rf"(?<![\w.~/}})\]*+-])/(?:{'|'.join(FOLDERS)})/\w")


def _is_configuration(path: Path) -> bool:
    if "vendor" in path.parts or path.is_relative_to(ROOT / "src"):
        return False
    return path.name in NAMED or path.suffix in CONFIGURATION


def _lines(path: Path, pattern: re.Pattern[str]) -> list[str]:
    text = text_of(path) or ""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/",
        "--extra-index-url=https://example.org/",
        "-i https://example.org/",
        "index-url = 'https://example.org/'",
        "registry=https://example.org/",
        "@scope:registry=https://example.org/",
    ],
)
def test_an_option_that_names_an_index_is_recognised(line):
    assert OPTION.search(line)


@pytest.mark.parametrize(
    "line",
    ["omit-lockfile-registry-resolved=true", "rm -rf build", "pytest -n 2 --dist loadfile"],
)
def test_other_options_are_left_alone(line):
    assert not OPTION.search(line)


def test_a_machine_path_is_recognised():
    assert MACHINE.search("see /" + "home/lan/plan.docx")
    assert not MACHINE.search("https://example.org/" + "home/plan")
    assert not MACHINE.search("{% url %}/" + "work/1")


def test_no_configuration_or_lock_file_names_a_registry():
    found = [
        line
        for path in tracked_files()
        if _is_configuration(path)
        for pattern in (REGISTRY, OPTION)
        for line in _lines(path, pattern)
    ]

    assert found == []


def test_no_lock_file_says_where_a_package_was_fetched():
    lock = ROOT / "package-lock.json"

    assert '"resolved"' not in lock.read_text(encoding="utf-8")


def test_no_tracked_file_carries_a_machine_path():
    found = [
        line
        for path in tracked_files()
        if "vendor" not in path.parts
        for line in _lines(path, MACHINE)
    ]

    assert found == []
