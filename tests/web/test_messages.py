"""Every text of a page has an English one; the catalogue compiles without gettext's tools."""

import ast
import gettext
import io
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tools.compile_messages import catalogue, compiled

WEB = Path(__file__).resolve().parents[2] / "src" / "diaban" / "web"
SOURCE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def english():
    return catalogue(SOURCE.read_text(encoding="utf-8"))


def known():
    return {key.partition("\x00")[0] for key in english()}


def texts_of_template(path):
    text = path.read_text(encoding="utf-8")
    yield from (
        match[1] or match[2]
        for match in re.finditer(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""", text)
    )
    yield from (match[1] for match in re.finditer(r'_\("([^"]+)"\)', text))
    yield from blocks_of(text)


def blocks_of(text):
    """Yield the texts between blocktranslate and its end or its plural, variables as %(name)s."""
    inside = None
    for token in Lexer(text).tokenize():
        word = token.contents.split(" ", 1)[0]
        if token.token_type == TokenType.BLOCK and word == "blocktranslate":
            inside = ""
        elif token.token_type == TokenType.BLOCK and inside is not None:
            yield inside
            inside = None
        elif inside is not None:
            inside += (
                f"%({token.contents})s" if token.token_type == TokenType.VAR else token.contents
            )


def texts_of_module(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if called in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


@pytest.mark.parametrize(
    "path", sorted((WEB / "templates").rglob("*.html")), ids=lambda path: path.stem
)
def test_every_text_of_a_template_has_an_english_one(path):
    assert [text for text in texts_of_template(path) if text not in known()] == []


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.py")), ids=lambda path: path.stem)
def test_every_text_of_a_view_has_an_english_one(path):
    assert [text for text in texts_of_module(path) if text not in known()] == []


def test_the_compiled_catalogue_is_read_by_python():
    read = gettext.GNUTranslations(io.BytesIO(compiled(english())))

    assert read.gettext("Việc của tôi") == "My work"
    assert read.ngettext("%(n)s việc", "%(n)s việc", 1) == "%(n)s task"
    assert read.ngettext("%(n)s việc", "%(n)s việc", 2) == "%(n)s tasks"
    assert read.gettext("không có trong danh mục") == "không có trong danh mục"


def test_variables_are_the_same_in_both_languages():
    named = re.compile(r"%\(\w+\)[sd]")
    differing = [
        key
        for key, text in english().items()
        if key and set(named.findall(key)) != set(named.findall(text))
    ]

    assert differing == []


def test_an_unclear_entry_is_left_out():
    text = '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n\nmsgid "d"\nmsgstr "e"\n"f"\n'

    assert catalogue(text) == {"d": "ef"}


def test_a_line_that_is_no_entry_is_named():
    with pytest.raises(ValueError, match="line 2"):
        catalogue('msgid "a"\nmsgtsr\n')
