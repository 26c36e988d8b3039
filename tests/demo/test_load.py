from collections import Counter
from datetime import date, timedelta
from importlib.resources import files

import pytest
from click.testing import CliRunner

from diaban.accounts.models import User
from diaban.accounts.rules import EDIT_RETURN, SEE_RETURN
from diaban.accounts.selectors import actor_of
from diaban.agencies.models import Agency
from diaban.areas.checks import CHECKS
from diaban.areas.groups import members_on
from diaban.areas.hierarchies import hierarchies_on, standing_on
from diaban.areas.models import Area, AreaGroup, BoundaryVersion, Succession
from diaban.areas.rules.hierarchies import read_hierarchy
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below, children, path, span_of, version_on
from diaban.audit.services import broken_at
from diaban.cli import main
from diaban.cli.demo import command
from diaban.core.access import may
from diaban.core.checks import outcome
from diaban.demo.load import AlreadyInUse, load_demo
from diaban.demo.people import ACCOUNTS, DEMO_PASSWORD
from diaban.demo.world import world
from diaban.indicators.figures import figures_of, monthly_figures
from diaban.indicators.models import KeptTotal, Return, Revision
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.returns import State
from diaban.indicators.selectors import read_period
from diaban.plans.duty_lists import standing_of
from diaban.plans.models import Plan, Share
from diaban.recognition.rules.assessment import assess
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.set_files import builtin_set
from tests.demo.conftest import TODAY

SMALL = world(small=True)


def area(sign):
    return Area.objects.get(code=SMALL.by_sign(sign).code)


def test_load_demo_says_each_step_and_what_it_wrote(sample, loaded):
    _, said, _ = sample

    assert [line[:5] for line in said] == [f"[{number}/5]" for number in range(1, 6)]
    assert (loaded.communes, loaded.hamlets) == (32, 648)
    assert (loaded.accounts, loaded.plans) == (len(ACCOUNTS), 3)
    assert loaded.returns == Return.objects.count()


def test_nobody_in_the_sample_reviews_a_return_of_their_own(loaded):
    stored = {one.pk: one for one in Return.objects.all()}
    steps = {}
    for step in Revision.objects.order_by("of", "number"):
        steps.setdefault(step.of_id, []).append(step)

    assert steps.keys() == stored.keys()
    for key, (sent, *reviews) in steps.items():
        last = [sent, *reviews][-1]
        assert (last.number, last.state) == (stored[key].revision, stored[key].state)
        assert sent.state in (State.DRAFT, State.SUBMITTED)
        assert all(step.by != sent.by and step.at >= sent.at for step in reviews)
    assert {len(one) for one in steps.values()} == {1, 2, 3}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_map_with_the_sample_passes_every_check(loaded, check):
    assert outcome(check).examples == ()


def test_national_map_stays_as_it_was_published(sample, loaded):
    _, _, national = sample
    versions = list(BoundaryVersion.objects.filter(tree="administrative").order_by("number"))

    assert [version.valid_from for version in versions] == [
        date(2025, 7, 1),
        date(2025, 11, 15),
        date(2026, 5, 1),
    ]
    assert versions[0].seal == national.seal
    assert versions[0].placements.count() == 3


def test_province_holds_its_communes_before_and_after_the_merger(loaded):
    province = Area.objects.get(code="99")
    before = set(below(province, date(2026, 4, 30), Level.COMMUNE).values_list("code", flat=True))
    after = set(below(province, date(2026, 5, 1), Level.COMMUNE).values_list("code", flat=True))
    merged = SMALL.merger.into

    assert (len(before), len(after)) == (33, 32)
    assert before - after == {old.code for old in SMALL.merger.former}
    assert after - before == {merged}
    assert {line.old.code for line in Succession.objects.filter(new__code=merged)} == (
        before - after
    )


def test_hamlets_follow_their_commune_into_the_merger(loaded):
    old = SMALL.merger.former[0]
    hamlet = Area.objects.get(code=old.hamlet_codes[0])

    assert path(hamlet, date(2026, 4, 30)) == ("Tỉnh Sông Lam", old.full_name)
    assert path(hamlet, date(2026, 5, 1)) == (
        "Tỉnh Sông Lam",
        SMALL.commune(SMALL.merger.into).full_name,
    )


def test_totals_of_the_province_count_the_communes_that_reported(loaded):
    province = Area.objects.get(code="99")
    total = KeptTotal.objects.get(area=province, period="2026-11")

    assert total.returns == sum(commune.counted for commune in SMALL.communes)


def test_stored_figures_give_what_the_story_tells(loaded):
    commune, month = area("TH"), read_period("2026-11")
    figures = monthly_figures([commune], [month], builtin_catalogue())[commune.pk, month.label]

    result = assess(builtin_set("lao-cai-2023"), Figures(month.label, figures), area=commune.code)

    failed = {r.criterion.id: r.shortfall for r in result.results if r.status.value != "met"}
    assert failed == {"5a": 16}


def test_year_of_the_merged_commune_has_the_months_of_those_before_it(loaded):
    commune = area("TT")
    months = [read_period(f"2026-{number:02}") for number in range(1, 12)]
    found = monthly_figures([commune], months, builtin_catalogue())
    year = figures_of([found.get((commune.pk, month.label)) for month in months])

    assert all((commune.pk, month.label) in found for month in months)
    assert year["offenders_arrested"] == sum(
        found[commune.pk, month.label]["offenders_arrested"] for month in months
    )


def test_hamlets_of_a_return_are_those_on_the_map(loaded):
    commune = area("KS")
    draft = Return.objects.get(area=commune, period="2026-11")

    assert list(children(commune, TODAY).values_list("name", flat=True)) != []
    assert sorted(draft.document["hamlets"]) == sorted(draft.roster.hamlet_codes)
    assert set(draft.roster.hamlet_codes) == {hamlet.code for hamlet in children(commune, TODAY)}


def test_demo_accounts_sign_in_and_stay_in_their_place(loaded):
    khesay = User.objects.get(username="khesay")
    actor = actor_of(khesay, TODAY)
    here = version_on(TODAY)
    home, next_door = span_of(area("KS"), here), span_of(area("SN"), here)

    assert khesay.is_demo
    assert khesay.check_password(DEMO_PASSWORD)
    assert may(actor, EDIT_RETURN, home)
    assert not may(actor, EDIT_RETURN, next_door)
    assert not may(actor, SEE_RETURN, next_door)


def test_every_account_holds_its_role(loaded):
    for account in ACCOUNTS:
        grants = actor_of(User.objects.get(username=account.username), TODAY).grants
        assert [grant.role for grant in grants] == [account.role.value]


def test_posts_stand_along_the_border_and_say_that_they_are_invented(loaded):
    (tree,) = hierarchies_on(TODAY)
    posts = [one for one in standing_on(tree.tree, TODAY) if one.level is Level.SECTOR]
    charge = {one.code for one in standing_on(tree.tree, TODAY) if one.level is Level.COMMUNE}

    assert "dữ liệu mẫu" in tree.title
    assert "không có thật" in tree.basis
    assert len(posts) == 5
    assert charge == {one.code for one in SMALL.communes if one.region == "Biên giới"}


def test_the_large_province_has_the_same_border_in_its_list_of_posts(loaded):
    text = (files("diaban.demo") / "data" / "bien-phong.toml").read_text(encoding="utf-8")
    listed = {code for sector in read_hierarchy(text).sectors for code in sector.communes}

    assert listed == {one.code for one in world().communes if one.region == "Biên giới"}


def test_communes_are_in_groups_of_every_kind_that_plans_speak_of(loaded):
    groups = {group.kind: group for group in AreaGroup.objects.filter(everyone=False)}

    assert set(groups) == {"border", "key_1", "key_2", "focus"}
    assert groups["focus"].year == TODAY.year
    assert {one.code for one in members_on(groups["border"], TODAY)} == {
        one.code for one in SMALL.communes if one.region == "Biên giới"
    }


def test_courts_and_front_are_requested_and_departments_are_not(loaded):
    requested = {
        agency.code for agency in Agency.objects.filter(area__code="99") if agency.requested
    }

    assert requested == {"mat-tran", "phu-nu", "thanh-nien", "toa-an", "kiem-sat"}


def test_two_plans_wait_for_confirmation_and_that_of_the_year_is_published(loaded):
    plans = {(plan.area.code, plan.state): plan for plan in Plan.objects.select_related("area")}

    assert set(plans) == {
        ("99", "read"),
        ("99", "published"),
        (SMALL.by_sign("KS").code, "read"),
    }
    assert plans["99", "read"].title.startswith("Xây dựng xã, phường không ma túy")
    assert plans["99", "published"].number == "31/KH-UBND"


def test_duties_of_the_year_are_done_late_overdue_and_still_to_come(loaded):
    shares = Share.objects.select_related("duty")
    found = Counter(standing_of(share, TODAY).status.value for share in shares)

    assert set(found) == {
        "overdue", "due_soon", "in_time", "silent", "done_in_time", "done_late", "frozen",
    }  # fmt: skip
    assert found["done_in_time"] > found["overdue"] > 0
    # What communes owed that are gone stays beside what their heirs owe now.
    gone = Share.objects.filter(area__valid_to__isnull=False, done_on__isnull=True)
    assert set(gone.values_list("frozen", flat=True)) == {True}
    assert not Share.objects.filter(area__valid_to__isnull=True, frozen=True).exists()


def test_log_of_the_loading_is_unbroken(loaded):
    assert broken_at() is None


def test_a_second_loading_is_refused_and_writes_nothing(loaded):
    before = Return.objects.count(), User.objects.count(), Area.objects.count()

    with pytest.raises(AlreadyInUse):
        load_demo(1, TODAY, lambda step: None, small=True)

    assert (Return.objects.count(), User.objects.count(), Area.objects.count()) == before


def test_command_leaves_a_filled_installation_alone_when_asked(loaded):
    result = CliRunner().invoke(command, ["--if-empty"])

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Đã có dữ liệu" in result.stderr


def test_command_refuses_a_day_to_come(loaded, capsys):
    tomorrow = TODAY + timedelta(days=1)

    with pytest.raises(SystemExit) as left:
        main(["demo", "--today", tomorrow.isoformat()])

    assert left.value.code == 2
    assert "23/11/2026" in capsys.readouterr().err
