"""
Sixty random reorganisations with returns, totals, duties, roles, groups and posts on the units.

After each: every kept total equals its full recomputation and no sum is lost, no role reaches
further than the day before, no share of a duty is lost. Undone last first, every row is as it was.
"""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.core import serializers

from diaban.accounts.models import User
from diaban.accounts.rules import Role
from diaban.accounts.selectors import actor_of, local_administrator
from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind as AgencyKind
from diaban.areas.change_reading import units_of
from diaban.areas.checks import CHECKS
from diaban.areas.hierarchies import publish_hierarchy
from diaban.areas.models import (
    Area,
    AreaGroup,
    AreaGroupMember,
    BoundaryVersion,
    Placement,
    Succession,
)
from diaban.areas.reorganising import (
    BadChange,
    ChangeBlocked,
    draft_change,
    publish_change,
    undo_change,
)
from diaban.areas.rules.grouping import GroupKind
from diaban.areas.rules.hierarchies import HierarchyFile, Sector
from diaban.areas.rules.levels import Level
from diaban.core.access import Missing, NotAllowed
from diaban.core.checks import outcome
from diaban.indicators.models import KeptTotal, Return
from diaban.indicators.services import save_return
from diaban.indicators.totals import recompute, totals_of
from diaban.plans.models import Duty, Share
from tests.areas.rules.test_changes import random_operation
from tests.indicators.test_services import typed_for
from tests.village import START, TODAY, make_area, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 18)
PERIODS = ("2026-12", "2027-01", "2027-02")
CHANGES = 60


def moment(day):
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def build_more(village):
    """Add a province with eight communes, bodies in all, and a head and a clerk here and there."""
    version = village.province.placements.get().version
    Placement.objects.filter(area=village.nation).update(right=2_000_000)
    other = make_area("99", Level.PROVINCE, "Kia", "tỉnh")
    Placement.objects.create(version=version, area=other, parent=village.nation,
                             left=10_001, right=30_000, depth=1)  # fmt: skip
    for number in range(8):
        area = make_area(f"9900{number}", Level.COMMUNE, f"Kia {number}", "xã")
        left = 10_002 + 1024 * number
        Placement.objects.create(version=version, area=area, parent=other, left=left,
                                 right=left + 1023, depth=2)  # fmt: skip
        if number % 3 == 0:
            make_user(f"can-bo-{number}", "Cán bộ", Role.COMMUNE_OFFICER, area)
    make_user("kia", "Công an tỉnh Kia", Role.STANDING_OFFICE, other)
    make_user("truong", "Trưởng thôn", Role.HAMLET_HEAD, village.hamlets["98002"][0])
    for area in Area.objects.filter(level=Level.COMMUNE):
        Agency.objects.create(code="cong-an", name=f"Công an {area}", kind=AgencyKind.POLICE,
                              area=area, valid_from=area.valid_from)  # fmt: skip


def send_returns(village):
    for period in PERIODS:
        for user, code in ((village.lan, "98001"), (village.thu, "98002")):
            save_return(
                actor=village.actor(user), area_code=code, period_label=period, form="thang",
                typed=typed_for(village, code), revision=0, client_key=f"{code}{period}",
                at=moment(date(2027, 2, 20)), submit=True,
            )  # fmt: skip


def owe(duty):
    for place, agency in enumerate(Agency.objects.filter(code="cong-an", area__level="commune")):
        Share.objects.create(
            duty=duty, agency=agency, area=agency.area, slot="ngay", begins_on=DAY,
            due_on=date(2027, 1, 31), first_due_on=date(2027, 1, 31),
            done_on=date(2026, 11, 20) if place % 4 == 0 else None,
        )  # fmt: skip


def put_into_groups_and_charges():
    """Put units into groups, two key types among them, and half the communes in posts' charge."""
    communes = list(Area.objects.filter(level=Level.COMMUNE).order_by("code"))
    nation = Area.objects.get(level=Level.NATION)
    lists = {
        GroupKind.BORDER: communes[::2], GroupKind.KEY_1: communes[:3],
        GroupKind.KEY_2: communes[3:6], GroupKind.PHASE: communes[4:],
    }  # fmt: skip
    for kind, units in lists.items():
        group = AreaGroup.objects.create(
            area=nation, name=kind.value, key=kind.value, level=Level.COMMUNE, kind=kind
        )
        for unit in units:
            group.members.create(area=unit, valid_from=START, basis="QĐ 1")
    hamlets = AreaGroup.objects.create(
        area=nation, name="Thôn", key="thon", level=Level.HAMLET, kind=GroupKind.OTHER
    )
    for hamlet in Area.objects.filter(level=Level.HAMLET):
        hamlets.members.create(area=hamlet, valid_from=START)
    posts = (
        Sector("DB-1", "đồn", "Một", "", tuple(one.code for one in communes[:5:2])),
        Sector("DB-2", "đồn", "Hai", "", tuple(one.code for one in communes[1:5:2])),
    )
    given = HierarchyFile("border-guard", "Biên phòng", START, "QĐ 2", posts)
    publish_hierarchy(actor=local_administrator(TODAY), given=given, at=moment(START))


def rows():
    """Return every row of what a change may touch; totals by what they say, not by their key."""
    found = {
        model._meta.label: serializers.serialize("json", model._default_manager.order_by("pk"))
        for label in ("areas", "accounts", "agencies", "plans", "indicators")
        for model in apps.get_app_config(label).get_models()
        if model is not KeptTotal and model._meta.model_name != "change"
    }
    kept = KeptTotal.objects.order_by("period", "version", "area")
    found["totals"] = str(
        [(one.period, one.area_id, one.returns, bytes(one.sums), bytes(one.reporting),
          bytes(one.units)) for one in kept]
    )  # fmt: skip
    return found


def totals_are_right(nation):
    """Compare every kept total with its full recomputation; return the sums of the nation."""
    sums = []
    version = Return.objects.first().version
    for period in PERIODS:
        kept = {one.area_id: totals_of(one) for one in KeptTotal.objects.filter(period=period)}
        anew = recompute(period, version)
        assert kept.keys() == anew.keys()
        for area, totals in kept.items():
            assert not (totals - anew[area]).anything
        sums.append([int(one) for one in kept[nation.pk].sums])
    return sums


def reaches(day, atoms):
    """Return for every person what the units are made of in which they may do something."""
    placed = [
        (left, right, area)
        for left, right, area in Placement.objects.filter(
            version__valid_to=None, version__tree=BoundaryVersion.ADMINISTRATIVE
        ).values_list("left", "right", "area_id")
    ]
    found = {}
    for user in User.objects.all():
        seen = set()
        for grant in actor_of(user, day).grants:
            for left, right, area in placed:
                if grant.span.left <= left and right <= grant.span.right:
                    seen |= atoms.get(area, set())
        found[user.pk] = seen
    return found


def made_of(atoms):
    """Return what each unit is made of, in units of the first day."""
    grown = {key: set(value) for key, value in atoms.items()}
    for line in Succession.objects.order_by("on", "pk"):
        grown.setdefault(line.new_id, set()).update(grown.get(line.old_id, set()))
    return grown


def test_sixty_random_changes_keep_sums_duties_and_rights_and_are_all_undone(village, published):
    build_more(village)
    send_returns(village)
    owe(Duty.objects.filter(plan=published).first())
    put_into_groups_and_charges()
    members, lists = AreaGroupMember.objects.count(), BoundaryVersion.objects.count()
    admin = local_administrator(TODAY)
    above = (Level.NATION, Level.PROVINCE, Level.SECTOR)
    atoms = {key: {key} for key in Area.objects.exclude(level__in=above)
             .values_list("pk", flat=True)}  # fmt: skip
    nation, shares = totals_are_right(village.nation), Share.objects.count()
    reach = reaches(DAY, made_of(atoms))
    dice, day, stack, kinds, refused = random.Random(11), DAY, [], set(), 0

    for number in range(10_001, 10_400):
        day += timedelta(days=1)
        latest = BoundaryVersion.objects.get(valid_to=None, tree=BoundaryVersion.ADMINISTRATIVE)
        units, _begins = units_of(latest.placements.all(), day)
        operation = random_operation(units, dice, number)
        before = rows()
        try:
            change = draft_change(
                actor=admin, effective_on=day, basis="Nghị quyết thử", operations=[operation],
                client_key=str(number), at=moment(day),
            )  # fmt: skip
            change = publish_change(actor=admin, change_id=change.pk, at=moment(day))
        except (BadChange, ChangeBlocked, Missing, NotAllowed):
            refused += 1
            assert rows() == before
            continue
        stack.append((change, before))
        kinds.add(operation.kind)
        assert totals_are_right(village.nation) == nation
        after = reaches(day, made_of(atoms))
        assert all(after[user] <= reach[user] for user in after)
        reach = after
        assert Share.objects.count() >= shares
        if len(stack) == CHANGES:
            break

    assert len(stack) == CHANGES
    assert len(kinds) == 6
    assert refused > 0
    # Groups and posts went along, and nothing that must hold of them was broken.
    assert AreaGroupMember.objects.count() > members
    maps = len([change for change, _ in stack if change.version_id])
    assert BoundaryVersion.objects.count() > lists + maps
    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)
    while stack:
        change, before = stack.pop()
        undo_change(actor=admin, change_id=change.pk, at=moment(day), reason="thử")
        assert rows() == before
        assert totals_are_right(village.nation) == nation
