"""Which form a period asks for, and that no figure is asked for twice."""

from datetime import date

import pytest

from diaban.core.periods import ADMINISTRATIVE, PeriodKind, parse_label
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.period_forms import (
    asked_form,
    builtin_forms,
    columns_in,
    form_by_kind,
    hamlet_kinds,
    kind_by_code,
    windows_within,
)


@pytest.mark.parametrize(
    ("label", "form"),
    [("2026-11", "thang"), ("2026-Q3", "quy"), ("2026-H1", "nua-nam"), ("2026", "nam")],
)
def test_every_kind_of_period_asks_for_a_form_of_its_own(label, form):
    assert asked_form(parse_label(label)) == form


def test_no_column_is_asked_for_in_two_kinds_of_period():
    asked = [
        (code, form["code"])
        for form in builtin_forms()
        if form["period_kind"] in ADMINISTRATIVE
        for code in columns_in(form)
    ]

    assert len({code for code, _form in asked}) == len(set(asked))
    assert set(form_by_kind()) == set(ADMINISTRATIVE)


def test_hamlets_are_asked_only_for_what_a_hamlet_can_report():
    catalogue = builtin_catalogue()
    asked = {code for form in builtin_forms() for code in form["hamlet"]}

    assert {code for code in asked if catalogue[code].lowest_level != "hamlet"} == set()
    assert hamlet_kinds() == (PeriodKind.MONTH, PeriodKind.QUARTER)
    assert kind_by_code()["tips_handled"] is PeriodKind.QUARTER


@pytest.mark.parametrize(
    ("label", "kind", "labels"),
    [
        ("2026", "quarter", ["2026-Q1", "2026-Q2", "2026-Q3"]),
        ("2026-H1", "quarter", ["2026-Q1", "2026-Q2"]),
        ("2026-Q3", "quarter", ["2026-Q3"]),
        ("2026-Q4", "quarter", []),
        ("2026-Q3", "half", []),
        ("2026-09", "quarter", []),
    ],
)
def test_windows_within_a_period_are_those_that_are_over(label, kind, labels):
    found = windows_within(parse_label(label), PeriodKind(kind), date(2026, 11, 18))

    assert [one.label for one in found] == labels
