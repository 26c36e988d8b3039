"""Every template keeps to the content security policy and renders with its example context."""

import copy
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tools.gallery import pages
from tools.render_gallery import TEMPLATE_OPTIONS

WEB = Path(__file__).resolve().parents[2] / "src" / "diaban" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PAGES = pages()
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.S)


FRAGMENTS = {"entry-saved", "criteria-cell"}


@pytest.fixture(autouse=True)
def only_what_templates_need(settings):
    """Render without the site's context processors: an example context is the whole context."""
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": copy.deepcopy(TEMPLATE_OPTIONS),
        }
    ]


def rendered(name):
    template, context = PAGES[name]
    with translation.override("vi"):
        return render_to_string(template, context | {"csrf_token": "test"})


class Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_no_inline_style_script_or_handler(path):
    # What stands in tags of the template (`{% if one == … %}`) is no attribute.
    text = TAG.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))

    assert re.findall(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=", text) == []
    assert re.findall(r"<script\b(?![^>]*\ssrc=)[^>]*>", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_names_no_address_outside(path):
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))

    assert re.findall(r"(?:https?:)?//[a-z][a-z0-9.-]+\.[a-z]{2,}", text) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_renders_without_leftovers(name):
    html = rendered(name)

    assert re.findall(r"{{|{%|<c-|</c-", html) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_only_for_static_files_that_are_there(name):
    asked = [
        attributes.get("src") or attributes.get("href")
        for tag, attributes in Tags(rendered(name)).found
        if tag in ("script", "link", "img", "use")
    ]
    files = {address.partition("#")[0].removeprefix("/static/") for address in asked}

    assert [file for file in sorted(files) if not (WEB / "static" / file).is_file()] == []


@pytest.mark.parametrize("name", PAGES)
def test_an_id_stands_once_on_a_page(name):
    tags = Tags(rendered(name)).found
    seen = Counter(attributes["id"] for _tag, attributes in tags if "id" in attributes)

    assert [one for one, times in seen.items() if times > 1] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_uses_only_icons_of_the_sprite(name):
    manifest = json.loads((WEB / "static/vendor/manifest.json").read_text(encoding="utf-8"))
    sprite = next(file for file in manifest["files"] if file.endswith("icons.svg"))
    drawn = (WEB / "static/vendor" / sprite).read_text(encoding="utf-8")
    known = set(re.findall(r'id="([^"]+)"', drawn))
    used = {
        attributes["href"].partition("#")[2]
        for tag, attributes in Tags(rendered(name)).found
        if tag == "use"
    }

    assert used - known == set()


@pytest.mark.parametrize("name", sorted(set(PAGES) - FRAGMENTS))
def test_every_field_of_a_page_has_a_name_for_a_screen_reader(name):
    tags = Tags(rendered(name)).found
    labelled = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    nameless = [
        attributes
        for tag, attributes in tags
        if tag in ("input", "select", "textarea")
        and attributes.get("type") != "hidden"
        and "aria-label" not in attributes
        and attributes.get("id") not in labelled
    ]

    assert nameless == []


def test_a_form_that_changes_something_carries_the_token():
    html = rendered("work")
    forms = re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", html, re.DOTALL)

    assert len(forms) >= 3
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []


def test_the_grid_is_one_form_that_needs_no_script():
    tags = Tags(rendered("entry")).found
    names = [
        attributes["name"] for tag, attributes in tags if tag == "input" and "name" in attributes
    ]

    assert "v.Cầu-Sậy-households" in names
    assert len([name for name in names if name.startswith("v.")]) == 12 * 6
    assert ("button", "submit") in [(tag, attributes.get("value")) for tag, attributes in tags]
