import csv
import re

import pytest

from diaban.core.numbers import Kind
from diaban.indicators.rules.catalogue import (
    AcrossAreas,
    AcrossPeriods,
    BadCatalogue,
    Time,
    UnknownIndicator,
    builtin_catalogue,
    load_catalogue,
)
from tests.shared import SHARED

CATALOGUE = builtin_catalogue()
EVERY = pytest.mark.parametrize("indicator", CATALOGUE.values(), ids=list(CATALOGUE))

LOCAL = """
[units]
camera = "máy quay"

[[indicator]]
code = "cameras_working"
name_vi = "Số máy quay hoạt động"
name_en = "Working cameras"
unit = "camera"
kind = "count"
time = "stock"
lowest_level = "hamlet"
fed_by = "report"
noun = "máy quay hoạt động"
across_areas = "sum"
across_periods = "last"
"""


@pytest.mark.shared
def test_the_catalogue_is_that_of_the_contract():
    table = SHARED / "contracts" / "indicators.csv"
    if not table.exists():
        pytest.skip("the reference files are not beside the checkout")
    with table.open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}

    assert list(CATALOGUE) == list(rows)
    for code, row in rows.items():
        indicator = CATALOGUE[code]
        given = {
            key: str(getattr(indicator, key))
            for key in ("code", "unit", "kind", "time", "lowest_level", "fed_by")
        }
        assert given == {key: row[key] for key in given}
        # The table abbreviates with dots what the row above says; the catalogue spells it out.
        for key in ("name_vi", "name_en"):
            ours, theirs = getattr(indicator, key), row[key]
            if theirs.startswith("..."):
                assert ours.endswith(theirs.removeprefix("..."))
            else:
                assert ours == theirs


@EVERY
def test_every_indicator_adds_up_as_its_time_and_kind_imply(indicator):
    assert (indicator.across_periods is AcrossPeriods.LAST) == (indicator.time is Time.STOCK)
    assert (indicator.across_areas is AcrossAreas.ANY) == (indicator.kind is Kind.BOOLEAN)


@EVERY
def test_every_indicator_can_stand_in_a_sentence(indicator):
    assert re.match(r"[a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹm]", indicator.noun)
    assert "..." not in indicator.name_vi + indicator.name_en
    assert not (indicator.lacking or "").endswith(".")


@EVERY
def test_every_whole_is_counted_like_its_part(indicator):
    for whole in indicator.part_of:
        assert CATALOGUE[whole].kind is indicator.kind
        assert indicator.code not in CATALOGUE[whole].part_of


def test_committed_households_are_part_of_the_households():
    assert CATALOGUE["households_committed"].part_of == ("households",)
    assert CATALOGUE["households_committed"].lacking == "hộ chưa ký cam kết"


def test_an_unknown_code_is_refused_with_the_nearest_known():
    with pytest.raises(UnknownIndicator) as refusal:
        CATALOGUE["household_commited"]

    assert "households_committed" in refusal.value.sentence
    assert str(refusal.value) == refusal.value.sentence
    assert "household_commited" not in CATALOGUE
    assert CATALOGUE.get("household_commited") is None


def test_an_installation_adds_indicators_of_its_own(tmp_path):
    path = tmp_path / "local.toml"
    path.write_text(LOCAL, encoding="utf-8")

    catalogue = load_catalogue(path)

    assert len(catalogue) == len(CATALOGUE) + 1
    assert catalogue["cameras_working"].unit_vi == "máy quay"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = [", "không đọc được"),
        ("x = 1", "không có mục"),
        (LOCAL.replace("cameras_working", "households"), "households: mã đã có"),
        (LOCAL.replace('kind = "count"\n', ""), "cameras_working: thiếu hoặc không biết kind"),
        (LOCAL.replace('"camera"', '"lens"'), "cameras_working: thiếu hoặc không biết lens"),
        (LOCAL.replace('"stock"', '"tide"'), "cameras_working: 'tide'"),
        (LOCAL + 'part_of = ["cameras"]', "cameras_working: part_of có mã không biết cameras"),
        (LOCAL + 'colour = "red"', "cameras_working:"),
        (LOCAL.replace('"hamlet"', '"street"'), "cameras_working: lowest_level"),
    ],
)
def test_a_bad_catalogue_says_what_is_wrong(tmp_path, text, error):
    path = tmp_path / "local.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadCatalogue) as refusal:
        load_catalogue(path)

    assert error in refusal.value.sentence
    assert str(path) in refusal.value.sentence
