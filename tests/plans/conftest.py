"""A plan that Minh has handed in for the province, and one that is published."""

import pytest

from diaban.plans.models import Plan, PlanItem
from diaban.plans.publishing import publish_plan
from diaban.plans.review import confirm_item
from diaban.plans.rules.doubts import Doubt
from diaban.plans.services import add_plan
from tests.plans.texts import short_plan
from tests.village import NOW


def hand_in(village, data, name="ke-hoach.txt", user=None, area="98"):
    (plan,) = add_plan(
        actor=village.actor(user or village.minh), area_code=area, name=name, data=data,
        confirmed=True, at=NOW,
    )  # fmt: skip
    return plan


def confirm_all(village, plan, user=None):
    actor = village.actor(user or village.minh)
    for item in PlanItem.objects.filter(plan=plan, decision="waiting"):
        confirm_item(actor=actor, plan_id=plan.pk, item_id=item.pk, revision=item.revision, at=NOW)


def publish(village, plan, at=NOW, **how):
    confirm_all(village, plan)
    how.setdefault("known", frozenset(Doubt))
    return publish_plan(actor=village.actor(village.minh), plan_id=plan.pk, at=at, **how)


@pytest.fixture
def plan(village) -> Plan:
    """What was read in the short plan, all of it waiting."""
    return hand_in(village, short_plan())


@pytest.fixture
def published(village, plan) -> Plan:
    """The short plan, confirmed as read and published."""
    return publish(village, plan).plan
