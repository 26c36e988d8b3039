"""The totals of an area in two views: as reported then, and on today's map."""

import csv
import io
from datetime import date

import pytest
import time_machine
from click.testing import CliRunner

from diaban.accounts.models import Holding
from diaban.accounts.rules import Role
from diaban.accounts.selectors import actor_of, local_administrator
from diaban.areas.models import Area
from diaban.areas.rules.operations import Kind, Weighing
from diaban.areas.rules.shares import Coming
from diaban.cli.totals import command
from diaban.core.access import Missing
from diaban.core.numbers import Absence
from diaban.core.periods import parse_label
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.comparing import figures_on_map
from diaban.indicators.models import FormVersion
from diaban.indicators.rules.catalogue import AcrossAreas, builtin_catalogue
from diaban.indicators.rules.returns import State
from diaban.indicators.rules.views import View, ratio
from diaban.indicators.viewed import totals_in_view
from diaban.indicators.workbooks.bounded import Reader
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import SPLIT, publish
from tests.village import NOW, START, TODAY, make_user

pytestmark = pytest.mark.django_db

LATER = date(2027, 2, 1)
MONTH = "2026-10"
UNDIVIDED = op(
    Kind.SPLIT,
    "98001",
    into=[
        part("98001", "Đông", members=("98001.001", "98001.002")),
        part("98003", "Tây", members=("98001.003",)),
    ],
    by=Weighing.UNDIVIDED,
)


@pytest.fixture
def sent(village):
    """Send October of both communes: 100 and 7 of one count, 33 and 4 of another, a yes."""
    form = FormVersion.objects.first()
    catalogue = builtin_catalogue()
    counts = [
        code for code in form.commune_codes
        if catalogue[code].across_areas is AcrossAreas.SUM and catalogue[code].scale == 1
    ]  # fmt: skip
    yes = next(
        code for code in form.commune_codes if catalogue[code].across_areas is AcrossAreas.ANY
    )
    whole, some = counts[:2]
    store_many(
        form.code,
        [
            Ready(
                area=area,
                period=MONTH,
                state=State.SUBMITTED,
                document={
                    "values": {whole: first, some: second, yes: True},
                    "hamlets": {hamlet.code: {} for hamlet in village.hamlets[area.code]},
                },
                saved_at=NOW,
                saved_by="Thử",
                submitted_at=NOW,
            )
            for area, first, second in ((village.lower, 100, 33), (village.upper, 7, 4))
        ],
        NOW,
    )
    return whole, some, yes


def seen(code, view, actor=None):
    return totals_in_view(actor or local_administrator(LATER), code, MONTH, view, today=LATER)


def sums(found, codes):
    return [found.values[code].total for code in codes]


def test_a_province_that_keeps_all_parts_has_the_same_sums_in_both_views(village, sent):
    for number, operation in enumerate((SPLIT, op(Kind.MERGE, "98003", into=[part("98002")]))):
        publish(local_administrator(TODAY), operation, on=date(2026, 12, 1 + number),
                key=f"k{number}")  # fmt: skip

    then, now = seen("98", View.AS_REPORTED), seen("98", View.TODAY)

    assert sums(then, sent) == sums(now, sent) == [107, 37, 2]
    assert now.estimated == frozenset()
    assert [(one.code, one.coming) for one in now.bridge] == [("98001", Coming.WHOLE)]
    assert (then.reporting, then.expected, now.reporting, now.expected) == (2, 2, 2, 2)


def test_a_part_by_weight_is_an_estimate_and_a_yes_is_not_divided(village, sent):
    publish(local_administrator(TODAY), SPLIT)
    east, west = (seen(code, View.TODAY) for code in ("98001", "98003"))

    assert sums(east, sent) == [60, 20, None]
    assert sums(west, sent) == [40, 13, None]
    assert east.estimated == set(sent)
    assert [(one.name, one.coming, one.share, one.reported) for one in east.bridge] == [
        ("Xã Hạ", Coming.SHARED, 0.6, True)
    ]


def test_what_nobody_can_share_out_is_named_and_left_aside(village, sent):
    publish(local_administrator(TODAY), UNDIVIDED)

    east, province = seen("98001", View.TODAY), seen("98", View.TODAY)

    assert sums(east, sent) == [None, None, None]
    assert [one.name for one in east.apart] == ["Xã Hạ"]
    assert (east.reporting, east.expected) == (0, 0)
    # The province has both parts, so no share is needed.
    assert sums(province, sent) == [107, 37, 2]
    assert province.apart == ()


def test_a_merged_commune_has_both_figures_and_the_old_one_its_own(village, sent):
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", into=[part("98002")]))

    assert sums(seen("98002", View.TODAY), sent) == [107, 37, 2]
    assert sums(seen("98002", View.AS_REPORTED), sent) == [7, 4, 1]
    assert sums(seen("98001", View.AS_REPORTED), sent) == [100, 33, 1]


def test_a_ratio_is_made_of_its_two_sides_on_the_map_that_is_shown(village, sent):
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", into=[part("98002")]))
    whole, some, _ = sent

    (figures,) = figures_on_map(
        Area.objects.on(LATER).at("commune"), parse_label(MONTH), View.TODAY, today=LATER
    ).figures.values()

    # 37 of 107, and not the mean of 33 of 100 and 4 of 7.
    assert ratio(figures[some], figures[whole]).as_integer_ratio() == (37, 107)
    assert ratio(figures[whole], figures[whole]) == 1
    assert ratio(figures["addicts"], figures[whole]) is Absence.MISSING


def test_what_is_gone_is_seen_by_whoever_sees_all_that_became_of_it(village, sent):
    publish(local_administrator(TODAY), SPLIT)
    east = Area.objects.on(LATER).get(code="98001")
    part_only = make_user("dong", "Xã Đông", Role.COMMUNE_OFFICER, east)
    Holding.objects.create(
        user=make_user("cuc", "Tỉnh", Role.STANDING_OFFICE, village.province),
        role=Role.STANDING_OFFICE, area=village.province, valid_from=START,
    )  # fmt: skip

    assert sums(seen("98001", View.AS_REPORTED, actor_of(village.minh, LATER)), sent) == [
        100, 33, 1,
    ]  # fmt: skip
    with pytest.raises(Missing):
        seen("98001", View.AS_REPORTED, actor_of(part_only, LATER))
    with pytest.raises(Missing):
        seen("98", View.TODAY, actor_of(part_only, LATER))


@pytest.mark.parametrize("view", list(View))
def test_a_code_that_never_was_is_missing(village, sent, view):
    with pytest.raises(Missing):
        seen("97", view)


def test_the_cost_does_not_grow_with_the_communes(village, sent, django_assert_max_num_queries):
    publish(local_administrator(TODAY), SPLIT)

    with django_assert_max_num_queries(14):
        seen("98", View.TODAY)
    with django_assert_max_num_queries(11):
        seen("98", View.AS_REPORTED)


def run(*arguments):
    with time_machine.travel(NOW.replace(year=2027), tick=False):
        return CliRunner().invoke(
            command, ["--period", MONTH, *map(str, arguments)], catch_exceptions=False
        )


def test_every_output_says_which_view_it_shows(village, sent, tmp_path):
    publish(local_administrator(TODAY), SPLIT)
    east = ("--area", "98001", "--view", "today")

    shown = run(*east).stdout
    table = list(csv.reader(io.StringIO(run(*east, "--csv").stdout)))
    path = tmp_path / "x.xlsx"
    run(*east, "--xlsx", path)

    assert "Góc nhìn: theo địa giới hiện nay (bản đồ ngày 18/11/2027)" in shown
    assert "60 (ước tính)" in shown
    assert table[1] == ["Góc nhìn: theo địa giới hiện nay (bản đồ ngày 18/11/2027)"]
    assert table[-1] == ["98001", "Xã Hạ", "một phần, chia theo tỷ lệ", "60,00 %", "có"]
    with Reader() as reader:
        sheets = reader.read(path.read_bytes())
    assert sheets["Tổng hợp"][1][0] == table[1][0]
    assert sheets["Bảng nối"][1] == table[-1]
    assert "như đã báo cáo (bản đồ ngày 14/10/2026)" in run("--area", "98").stdout
