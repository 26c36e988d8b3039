"""What areas, groups and effects are called, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from diaban.agencies.rules import KIND_NAMES
from diaban.areas.rules.grouping import GROUP_NAMES
from diaban.areas.rules.levels import LEVEL_NAMES
from diaban.web.area_words import (
    ENGLISH_EFFECTS,
    body_word,
    effect_words,
    group_word,
    level_word,
)

SOURCES = Path(__file__).resolve().parents[2] / "src" / "diaban"
TABLES = [(LEVEL_NAMES, level_word), (GROUP_NAMES, group_word), (KIND_NAMES, body_word)]


@pytest.mark.parametrize(("names", "word"), TABLES, ids=["levels", "groups", "bodies"])
def test_pages_use_the_words_of_the_modules_and_have_each_in_english(names, word):
    with translation.override("vi"):
        assert {key: word(key) for key in names} == names
    with translation.override("en"):
        assert [name for key, name in names.items() if word(key) == name] == []


def test_every_effect_that_a_module_counts_has_english_words():
    counted = set()
    for path in [*SOURCES.glob("*/reorganisation.py"), *SOURCES.glob("areas/*.py")]:
        counted |= set(re.findall(r'Effect\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")))
    own = re.findall(r'\("([a-z_]+)", "', (SOURCES / "areas" / "effects.py").read_text("utf-8"))
    own += re.findall(r'^ +"([a-z_]+)",$', (SOURCES / "areas" / "effects.py").read_text("utf-8"),
                      flags=re.MULTILINE)  # fmt: skip

    assert counted | {f"areas.{code}" for code in own} == set(ENGLISH_EFFECTS)


def test_an_english_page_says_an_effect_in_both_languages():
    with translation.override("en"):
        assert effect_words("areas.begun", "2 đơn vị mới", 2) == "2 new units (2 đơn vị mới)"
        assert effect_words("areas.other", "2 thứ khác", 2) == "2 thứ khác"
    with translation.override("vi"):
        assert effect_words("areas.begun", "2 đơn vị mới", 2) == "2 đơn vị mới"
