import pytest

from diaban.core.numbers import Kind
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.ranges import builtin_ranges, range_checks
from diaban.indicators.rules.validation import Returns, evaluate, in_english

CHECKS = range_checks(
    "thang", ["hotspots_open"], ["population_resident", "addicts"], builtin_catalogue(),
    builtin_ranges(),
)  # fmt: skip


def found(checks=CHECKS, *, residents=0, addicts=0, hotspots=0):
    row = {"population_resident": residents, "addicts": addicts}
    now = {"values": {"hotspots_open": hotspots}, "hamlets": {"98001.001": row}}
    return [(one.row, one.code, one.sentence) for one in evaluate(checks, Returns(now))]


def test_the_largest_number_that_may_be_is_taken():
    assert found(residents=50_000, addicts=5_000, hotspots=1_000) == []


def test_one_more_is_refused_with_the_most_that_may_be():
    assert found(residents=50_001, hotspots=1_001) == [
        ("98001.001", "population_resident",
         "50.001 quá lớn cho một thôn (nhiều nhất là 50.000); kiểm tra lại số chữ số."),
        ("", "hotspots_open",
         "1.001 quá lớn cho một xã (nhiều nhất là 1.000); kiểm tra lại số chữ số."),
    ]  # fmt: skip


def test_an_indicator_of_its_own_range_leaves_that_of_its_unit():
    assert [code for _row, code, _text in found(residents=5_001, addicts=5_001)] == ["addicts"]


def test_in_english_the_same_cells_are_named():
    assert found(in_english(CHECKS), addicts=5_001) == [
        ("98001.001", "addicts",
         "5.001 is too many for one hamlet (at most 5.000); check the digits.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        code
        for code in builtin_catalogue()
        if builtin_catalogue()[code].kind in (Kind.COUNT, Kind.DECIMAL)
    ],
)
def test_everything_that_is_counted_has_a_range_with_its_reason(code):
    most = builtin_ranges().of(builtin_catalogue()[code])

    assert most is not None
    assert 0 < most.hamlet <= most.commune < 2**31 // 100
    assert most.because
