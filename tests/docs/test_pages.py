"""Pages lead somewhere: links resolve, indexes list everything, decisions have their shape."""

import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.places import DECISIONS, DOCS, ROOT, SOURCE, pages, text_of

# A link that is not inside a code block: [words](target), also with an image before it.
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
RECORDS = sorted(DECISIONS.glob("[0-9]*.md"))


def _anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, made as the common forges make them."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _links(path: Path) -> list[str]:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_internal_link_resolves(page):
    broken = []
    for link in _links(page):
        target, _, anchor = unquote(link).partition("#")
        there = (page.parent / target).resolve() if target else page
        resolves = there.exists() and there.is_relative_to(ROOT)
        if resolves and anchor and there.suffix == ".md":
            resolves = anchor in _anchors(there)
        if not resolves:
            broken.append(link)

    assert broken == []


def test_the_index_lists_every_page():
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in _links(DOCS / "README.md")}

    lacking = [
        str(page.relative_to(DOCS))
        for page in sorted(DOCS.rglob("*.md"))
        if page not in listed and page != DOCS / "README.md" and page.parent != DECISIONS
    ]

    assert lacking == []


def test_the_index_of_decisions_lists_every_record_with_its_title_and_status():
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")

    expected = []
    for record in RECORDS:
        text = record.read_text(encoding="utf-8")
        number, title = re.match(r"# (\d{4})\. (.+)\n", text).groups()
        status = re.search(r"^Status: (.+), \d{4}-\d\d-\d\d$", text, re.MULTILINE)[1]
        assert record.name.startswith(f"{number}-")
        expected.append(f"| [{number}]({record.name}) | {title} | {status} |")

    assert [line for line in index.splitlines() if line.startswith("| [")] == expected


def test_decisions_are_numbered_without_gaps():
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_every_decision_has_its_four_parts_and_a_date(record):
    text = record.read_text(encoding="utf-8")

    day = re.search(r"^Status: [^,]+, (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert day is not None
    assert date.fromisoformat(day[1])
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Considered",
    ]
    assert len(text.splitlines()) <= 60, "a record is half a page"


def test_every_decision_that_code_refers_to_is_there():
    numbers = {record.name[:4] for record in RECORDS}
    cited = {
        (str(path.relative_to(ROOT)), number)
        for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), ROOT / "pyproject.toml"]
        for number in re.findall(r"docs/decisions/(\d{4})", text_of(path) or "")
    }

    assert cited
    assert {where for where in cited if where[1] not in numbers} == set()


def test_the_notice_names_every_vendored_package_in_its_version():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    manifest = json.loads((SOURCE / "web/static/vendor/manifest.json").read_text(encoding="utf-8"))

    lacking = [
        package["name"]
        for package in manifest["packages"]
        if not re.search(rf"{re.escape(package['version'])}\b", notice)
        or package["licence"] not in notice
    ]

    assert lacking == []


def test_the_changelog_has_an_unreleased_part():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert "\n## [Unreleased]\n" in text
