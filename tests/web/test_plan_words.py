"""What was read in a plan, said in English around the plan's own words."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from diaban.plans.reader import warnings
from diaban.plans.rules.items import DECISION_NAMES, FIELDS, NATURE_NAMES, Kind
from diaban.plans.rules.typed import COMPARATORS, RECURRENCES, REPORTS, read_typed
from diaban.web.plan_page import KINDS
from diaban.web.plan_words import (
    SENTENCES,
    deadline_text,
    level_text,
    nature_text,
    report_text,
    said,
)
from tests.web.test_messages import known


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


def test_every_word_for_what_was_read_has_an_english_one():
    names = [*DECISION_NAMES.values(), *NATURE_NAMES.values(), *COMPARATORS.values(),
             *RECURRENCES.values(), *REPORTS.values(), *KINDS.values(), *SENTENCES]  # fmt: skip
    names += [label for fields in FIELDS.values() for _name, label, _how in fields]

    assert [name for name in names if name not in known()] == []


def shape_of(node):
    """Return a sentence of the source with a mark for each thing that is put in."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)


def test_every_warning_of_the_reader_is_known():
    source = ast.parse(Path(warnings.__file__).read_text(encoding="utf-8"))
    written = {
        shape_of(node.args[1])
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Notice"
    }

    assert len(written) == 16
    assert written <= {re.sub(r"%\(\w+\)s", "{}", one) for one in SENTENCES}


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        ("Văn bản chưa có số.", "The document has no number."),
        (
            'Thời hạn "trước ngày 15/12" của Sở Y tế không ghi năm; đã lấy năm 2026 của kế hoạch.',
            'The deadline "trước ngày 15/12" of Sở Y tế has no year; 2026, that of the plan, was '
            "taken.",
        ),
        ("Một câu lạ.", "Một câu lạ."),
    ],
)
def test_a_warning_keeps_the_words_of_the_plan(in_english, sentence, english):
    assert said(sentence) == english


def test_what_cannot_be_taken_is_said_with_the_name_of_the_field(in_english):
    _value, faults = read_typed(Kind.TARGET, {"what": "Một", "value": "nhiều"}, {})

    assert [said(fault.sentence) for fault in faults] == [
        "Level: “nhiều” is no number. Type it like 95 or 1,5."
    ]


def test_facts_of_an_item_are_said_in_english(in_english):
    day = {"date": "2026-12-15", "bound": "before", "scope": "17 xã biên giới"}
    level = {"comparator": ">=", "value": "5", "unit": "%", "baseline": "vs_previous_year"}

    assert deadline_text(day) == "before 15/12/2026 (17 xã biên giới)"
    assert level_text(level) == "at least 5 %, against the year before"
    assert nature_text("recurring", "2/month") == "recurring, 2 a month"
    assert report_text("on_demand") == "on request"


def test_a_deadline_is_typed_as_the_page_says_it(in_english):
    day = {"date": "2026-12-15", "bound": "before", "scope": "17 xã biên giới"}
    typed = {"what": "Một việc", "nature": "dated", "dates": deadline_text(day)}

    value, faults = read_typed(Kind.DUTY, typed, {})

    assert faults == []
    assert value["dates"] == [{**day, "text": ""}]


def test_in_vietnamese_a_sentence_is_left_alone():
    with translation.override("vi"):
        assert said("Văn bản chưa có số.") == "Văn bản chưa có số."
        assert deadline_text({"date": "2026", "bound": "on"}) == "trong 2026"
