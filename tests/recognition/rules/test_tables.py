import pytest

from diaban.recognition.rules.set_files import builtin_set
from diaban.recognition.rules.tables import NotInTable, Table, assessable


def table(*keys):
    return Table({key: {"communication_sessions": 1} for key in keys})


YEARS = builtin_set("soc-trang-da3-2022")
MONTHS = builtin_set("tan-an-2026")
MOMENT = builtin_set("lao-cai-2023")


@pytest.mark.parametrize(
    ("criteria", "keys", "wanted"),
    [
        (MOMENT, [("a", "2026"), ("b", "2025")], [("a", "2026"), ("b", "2025")]),
        (MOMENT, [("a", "2026-11"), ("a", "2026-10")], [("a", "2026-11"), ("a", "2026-10")]),
        (MOMENT, [("a", "dot-1")], [("a", "dot-1")]),
        (YEARS, [("a", "2025"), ("a", "2026")], [("a", "2026")]),
        (YEARS, [("a", "2024"), ("a", "2025"), ("a", "2026")], [("a", "2025"), ("a", "2026")]),
        (YEARS, [("a", "2025"), ("b", "2026")], [("a", "2025"), ("b", "2026")]),
        (YEARS, [("a", "2026")], [("a", "2026")]),
        (MONTHS, [("a", "2026"), ("a", "2026-01"), ("a", "2026-02")], [("a", "2026")]),
        (MONTHS, [("a", "2026-01"), ("b", "2026-02")], [("a", "2026"), ("b", "2026")]),
    ],
)
def test_ingredients_are_not_assessed_themselves(criteria, keys, wanted):
    assert assessable(table(*keys), criteria) == wanted


def test_a_named_period_takes_every_area_also_a_silent_one():
    found = table(("a", "2025"), ("a", "2026"), ("b", "2025"))

    assert assessable(found, YEARS, period="2026") == [("a", "2026"), ("b", "2026")]
    assert assessable(found, YEARS, period="2025", area="b") == [("b", "2025")]


def test_a_year_may_be_named_where_only_its_months_are_there():
    assert assessable(table(("a", "2026-03")), MONTHS, period="2026") == [("a", "2026")]


@pytest.mark.parametrize("wanted", [{"area": "c"}, {"period": "2031"}])
def test_what_is_not_in_the_table_is_refused_with_what_is(wanted):
    found = table(("a", "2025"), ("a", "2026"))

    with pytest.raises(NotInTable) as refusal:
        assessable(found, YEARS, **wanted)

    assert refusal.value.facts == wanted


def test_figures_bring_the_year_before_and_the_months():
    found = table(("a", "2025"), ("a", "2026"), ("a", "2026-03")).figures("a", "2026")

    assert found.now == found.year_before == {"communication_sessions": 1}
    assert found.label_before == "2025"
    assert [label for label, values in found.months if values] == ["2026-03"]
    assert len(found.months) == 12


def test_a_campaign_has_neither():
    found = table(("a", "dot-1")).figures("a", "dot-1")

    assert (found.label_before, found.year_before, found.months) == ("", {}, ())
