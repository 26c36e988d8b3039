"""One duty for every commune of the nation: in how many statements, and that it is done once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diaban.areas.models import AreaGroup
from diaban.areas.rules.levels import Level
from diaban.plans.fan_out import fan_out, span_of_plan
from diaban.plans.models import Duty, DutyBody, Plan, Share
from diaban.plans.publishing import change_dates
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import short_plan
from tests.village import NOW, TODAY, make_area

pytestmark = pytest.mark.django_db
COMMUNES = 3_321


@pytest.fixture
def national(village) -> Plan:
    """A published plan whose one duty is for every commune of a province as large as the nation."""
    from diaban.areas.models import Area, Placement

    plan = publish(village, hand_in(village, short_plan())).plan
    version = village.province.placements.get().version
    Placement.objects.filter(area__in=[village.province, village.nation]).update(right=10_000_000)
    areas = Area.objects.bulk_create(
        Area(
            code=f"{10_000 + n}", level=Level.COMMUNE.value, name=f"Số {n}", type="xã",
            sort_key=f"so {n:05}", valid_from=village.lower.valid_from,
        )
        for n in range(COMMUNES - 2)
    )  # fmt: skip
    Placement.objects.bulk_create(
        Placement(
            version=version, area=area, parent=village.province, left=5_000 + 1_024 * n,
            right=5_000 + 1_024 * n + 1_023, depth=2,
        )
        for n, area in enumerate(areas)
    )  # fmt: skip
    return plan


def test_a_duty_of_3321_communes_is_handed_out_in_a_bounded_number_of_statements(village, national):
    duty = Duty.objects.get(plan=national, what__contains="Ban hành kế hoạch của xã")
    with CaptureQueriesContext(connection) as asked:
        first = fan_out(national, TODAY)
    with CaptureQueriesContext(connection) as asked_again:
        again = fan_out(national, TODAY)
    with CaptureQueriesContext(connection) as asked_to_move:
        moved = change_dates(
            actor=village.actor(village.minh),
            duty_id=duty.pk,
            dates=[{"date": "2027-03-05", "bound": "before", "scope": None, "text": ""}],
            at=NOW,
        )

    # Two duties of the plan are for all communes; two of them had theirs already.
    assert first.made == 2 * (COMMUNES - 2)
    assert (again.made, again.moved, again.removed) == (0, 0, 0)
    assert moved.moved == COMMUNES
    assert set(duty.shares.values_list("due_on", flat=True).distinct()) == {
        duty.shares.first().due_on
    }
    # Not one statement a commune: that is what keeps it within ten seconds.
    assert len(asked) <= COMMUNES // 20
    assert len(asked_again) <= 20
    assert len(asked_to_move) <= 30


def test_a_body_that_leaves_a_group_loses_what_is_empty_and_keeps_what_is_not(village):
    plan = publish(village, hand_in(village, short_plan())).plan
    duty = Duty.objects.get(plan=plan, what__contains="Ban hành kế hoạch của xã")
    used, empty = duty.shares.order_by("area__code")
    used.evidence.create(kind="document", on=TODAY, text="1/BC", at=NOW, by="x")
    nobody = AreaGroup.objects.create(
        area=village.province, name="Không xã nào", key="khong", level=Level.COMMUNE.value
    )
    DutyBody.objects.filter(duty=duty).update(group=nobody)

    done = fan_out(plan, TODAY)

    assert done.removed == 2
    assert [(one.pk, one.frozen) for one in Share.objects.filter(duty=duty)] == [(used.pk, True)]
    assert not Share.objects.filter(pk=empty.pk).exists()


def test_a_new_commune_gets_its_share(village):
    plan = publish(village, hand_in(village, short_plan())).plan
    version = village.province.placements.get().version
    new = make_area("98003", Level.COMMUNE, "Mới", "xã")
    new.placements.create(
        version=version, parent=village.province, left=2_100, right=2_900, depth=2
    )

    done = fan_out(plan, TODAY)

    assert done.made == 2
    assert {one.agency.name for one in new.shares.all()} == {"Ủy ban nhân dân xã Mới"}


def test_a_plan_without_a_stated_time_runs_for_the_years_of_its_title():
    titled = Plan(
        reading={"metadata": {"period": None, "period_in_title": {"start": "2027", "end": "2028"}}}
    )

    assert span_of_plan(titled, TODAY) == (date(2027, 1, 1), date(2028, 12, 31))
