"""Labels and days of campaigns, as plain values."""

from datetime import date

import pytest

from diaban.core.access import Span
from diaban.core.periods import NoNeighbour, PeriodKind, is_administrative, parse_label, previous
from diaban.indicators.rules.campaigns import (
    LONGEST_LABEL,
    CampaignPeriod,
    label_before,
    label_of,
    narrower,
    problems_of,
)

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
CAMPAIGN = CampaignPeriod(
    "2026-thang-hanh-dong", *JUNE, PeriodKind.OTHER, "Tháng hành động", "thang-hanh-dong", 7,
    Span(10, 20), False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Tháng hành động phòng, chống ma túy 2026", "2026-thang-hanh-dong"),
        ("Đợt cao điểm Tết", "2026-dot-cao-diem-tet"),
        ("Cao điểm", "2026-cao-diem"),
        ("12", "2026-dot-12"),
        ("Q4", "2026-dot-q4"),
        ("2026", "2026-dot"),
        ("???", "2026-dot"),
        ("Nghiêngngảnghiêngngảnghiêngngả", "2026-nghiengnganghien"),
    ],
)
def test_the_label_is_the_year_and_the_first_words(name, label):
    found = label_of(name, JUNE[1], ())

    assert found == label
    assert not is_administrative(found)
    assert len(found) <= LONGEST_LABEL - 3


def test_two_campaigns_of_one_name_have_two_labels():
    taken = {"2026-cao-diem", "2026-cao-diem-2"}

    assert label_of("Cao điểm", JUNE[1], taken) == "2026-cao-diem-3"


def test_a_campaign_has_no_period_before_it():
    assert label_before(CAMPAIGN) == ""
    assert label_before(parse_label("2026-06")) == "2026-05"
    with pytest.raises(NoNeighbour):
        previous(CAMPAIGN)


def test_a_campaign_is_named_by_its_office():
    assert CAMPAIGN.title == "Tháng hành động"
    assert CAMPAIGN.span == "01/06–30/06"


@pytest.mark.parametrize(
    ("span", "owing"),
    [(Span(1, 100), Span(10, 20)), (Span(10, 20), Span(10, 20)), (Span(12, 13), Span(12, 13))],
)
def test_only_the_area_that_a_campaign_is_asked_of_owes_it(span, owing):
    assert narrower(span, CAMPAIGN) == owing
    assert narrower(span, parse_label("2026-06")) == span


@pytest.mark.parametrize(
    ("name", "start", "end", "basis", "fields"),
    [
        ("Đợt", *JUNE, "KH 12", set()),
        ("Đợt", JUNE[0], JUNE[0], "KH 12", set()),
        (" ", None, None, "", {"name", "start", "end", "basis"}),
        ("Đợt", JUNE[1], JUNE[0], "KH 12", {"end"}),
        ("Đợt", date(2026, 1, 1), date(2027, 1, 2), "KH 12", {"end"}),
        ("Đợt", date(2026, 1, 1), date(2027, 1, 1), "KH 12", set()),
        ("Đợt", date(1999, 1, 1), date(1999, 1, 2), "KH 12", {"start"}),
    ],
)
def test_what_is_wrong_is_said_by_field(name, start, end, basis, fields):
    assert set(problems_of(name, start, end, basis)) == fields
