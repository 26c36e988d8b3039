"""Confirming what was read: one decision at a time, nothing lost, everything undone."""

import pytest

from diaban.accounts.models import User
from diaban.accounts.rules import Role
from diaban.audit.models import Entry
from diaban.core.access import Missing
from diaban.plans import deciding, review
from diaban.plans.models import Change, Document, PlanItem
from diaban.plans.publishing import ItemsWaiting, publish_plan
from diaban.plans.reader.refusals import Classified
from diaban.plans.rules.items import Kind
from diaban.plans.rules.typed import typed_from
from diaban.plans.selectors import items_of, next_waiting, review_counts
from tests.plans.conftest import confirm_all, hand_in, publish
from tests.plans.texts import short_plan
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(village) -> User:
    """Somebody else in Minh's office."""
    return make_user("hoa", "Văn phòng UBND tỉnh", Role.STANDING_OFFICE, village.province)


def item_with(plan, words) -> PlanItem:
    return next(one for one in items_of(plan) if words in one.value["what"])


def asked(village, item, user=None, **more):
    return {
        "actor": village.actor(user or village.minh),
        "plan_id": item.plan_id,
        "item_id": item.pk,
        "revision": item.revision,
        "at": NOW,
        **more,
    }


def state(plan):
    return [
        (one.pk, one.decision, one.value["what"])
        for one in PlanItem.objects.filter(plan=plan).order_by("pk")
    ]


def test_everything_that_was_read_waits(plan):
    items = items_of(plan)

    assert len(items) == 14
    assert {one.decision for one in items} == {"waiting"}
    assert all(one.read_value == one.value for one in items)
    assert review_counts([plan]) == {plan.pk: (0, 14)}


def test_confirming_keeps_what_was_read(village, plan):
    item = item_with(plan, "Ban hành hướng dẫn")

    done = review.confirm_item(**asked(village, item))

    assert (done.item.decision, done.item.revision) == ("confirmed", 1)
    assert done.item.decided_by == village.minh.name
    assert Entry.objects.latest("pk").action == "plans.item.confirm"


def test_what_a_person_changed_stands_beside_what_was_read(village, plan):
    item = item_with(plan, "Ban hành hướng dẫn")
    typed = typed_from(Kind.DUTY, item.value) | {"dates": "trước ngày 20/4/2026"}

    review.edit_item(**asked(village, item, typed=typed))

    item.refresh_from_db()
    assert item.decision == "edited"
    assert [one["date"] for one in item.value["dates"]] == ["2026-04-20"]
    assert [one["date"] for one in item.read_value["dates"]] == ["2026-03-15"]


def test_an_edit_that_changes_nothing_is_a_confirmation(village, plan):
    item = item_with(plan, "Ban hành hướng dẫn")

    done = review.edit_item(**asked(village, item, typed=typed_from(Kind.DUTY, item.value)))

    assert done.item.decision == "confirmed"
    assert done.item.value == item.read_value


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": "  "}, "what"),
        ({"dates": "hôm nào đó"}, "dates"),
        ({"dates": "trước ngày 31/02/2026"}, "dates"),
        ({"dates": "", "nature": "dated"}, "dates"),
        ({"dates": "", "nature": "recurring", "recurrence": ""}, "recurrence"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field_and_changes_nothing(village, plan, changed, field):
    item = item_with(plan, "Ban hành hướng dẫn")

    with pytest.raises(review.BadItem) as refused:
        review.edit_item(**asked(village, item, typed=typed_from(Kind.DUTY, item.value) | changed))

    assert [name for name, _sentence in refused.value.facts["faults"]] == [field]
    assert state(plan) == [(pk, "waiting", what) for pk, _state, what in state(plan)]


def test_a_split_gives_each_part_its_own_words_and_dates(village, plan):
    item = item_with(plan, "tập huấn cho cán bộ trạm y tế trước")

    review.split_item(**asked(village, item))

    parts = list(PlanItem.objects.filter(part_of=item).order_by("start"))
    text = plan.document.text
    assert [one.value["what"].split()[0] for one in parts] == ["Rà", "tập"]
    assert [[d["date"] for d in one.value["dates"]] for one in parts] == [
        ["2026-12-20"],
        ["2026-09-30"],
    ]
    assert [one.value["bodies"] for one in parts] == [["Sở Y tế"]] * 2
    assert [text[one.start : one.end].split()[0] for one in parts] == ["Rà", "tập"]
    assert PlanItem.objects.get(pk=item.pk).decision == "split"
    assert item.pk not in {one.pk for one in items_of(plan)}


def test_words_without_a_seam_are_not_split(village, plan):
    item = item_with(plan, "Ban hành hướng dẫn")
    before = state(plan)

    with pytest.raises(review.CannotSplit):
        review.split_item(**asked(village, item))

    assert state(plan) == before


def test_two_dates_in_brackets_are_one_duty(village, plan):
    item = item_with(plan, "Xây dựng ít nhất 01 mô hình")

    with pytest.raises(review.CannotSplit):
        review.split_item(**asked(village, item))


def test_a_merger_loses_no_body_and_no_date(village, plan):
    first, second = item_with(plan, "Ban hành hướng dẫn"), item_with(plan, "Rà soát điều kiện")

    done = review.merge_items(
        actor=village.actor(village.minh),
        plan_id=plan.pk,
        item_ids=[second.pk, first.pk],
        revisions=[0, 0],
        at=NOW,
    )

    assert done.item.value["bodies"] == ["Công an tỉnh", "Sở Y tế"]
    assert len(done.item.value["dates"]) == 3
    assert (done.item.start, done.item.end) == (first.start, second.end)
    assert {PlanItem.objects.get(pk=pk).decision for pk in (first.pk, second.pk)} == {"merged"}


def test_an_item_is_added_from_selected_words(village, plan):
    start = plan.document.text.index("Giảm số người sử dụng")

    done = review.add_item(
        actor=village.actor(village.minh),
        plan_id=plan.pk,
        kind=Kind.DUTY,
        start=start,
        end=start + 40,
        typed={"bodies": "Công an tỉnh", "nature": "standing"},
        at=NOW,
    )

    assert done.item.decision == "added"
    assert done.item.read_value is None
    assert done.item.value["what"] == plan.document.text[start : start + 40].strip()
    assert done.item.section == "I.1"


def test_adding_nothing_is_refused(village, plan):
    with pytest.raises(review.NothingSelected):
        review.add_item(
            actor=village.actor(village.minh), plan_id=plan.pk, kind=Kind.DUTY, start=5, end=5,
            typed={}, at=NOW,
        )  # fmt: skip

    assert PlanItem.objects.count() == 14


@pytest.mark.parametrize("act", ["confirm", "reject", "edit", "split", "merge", "add"])
def test_every_decision_can_be_undone(village, plan, act):
    item = item_with(plan, "tập huấn cho cán bộ trạm y tế trước")
    other = item_with(plan, "Ban hành hướng dẫn")
    before = state(plan)
    actor = village.actor(village.minh)
    {
        "confirm": lambda: review.confirm_item(**asked(village, item)),
        "reject": lambda: review.reject_item(**asked(village, item)),
        "edit": lambda: review.edit_item(
            **asked(
                village, item, typed=typed_from(Kind.DUTY, item.value) | {"what": "Việc khác"}
            )
        ),
        "split": lambda: review.split_item(**asked(village, item)),
        "merge": lambda: review.merge_items(
            actor=actor, plan_id=plan.pk, item_ids=[item.pk, other.pk], revisions=[0, 0], at=NOW
        ),
        "add": lambda: review.add_item(
            actor=actor, plan_id=plan.pk, kind=Kind.EVENT, start=0, end=0,
            typed={"what": "Ngày hội", "date": "26/6"}, at=NOW,
        ),
    }[act]()  # fmt: skip
    assert state(plan) != before

    review.undo(actor=actor, plan_id=plan.pk, at=NOW)

    assert state(plan) == before
    with pytest.raises(review.NothingToUndo):
        review.undo(actor=actor, plan_id=plan.pk, at=NOW)


def test_two_people_review_at_once_and_nothing_is_lost(village, plan, hoa):
    items = items_of(plan)
    for turn, item in enumerate(items):
        review.confirm_item(**asked(village, item, user=(village.minh, hoa)[turn % 2]))

    decided = items_of(plan)
    assert {one.decision for one in decided} == {"confirmed"}
    assert [one.decided_by for one in decided[:2]] == [village.minh.name, hoa.name]


def test_the_second_on_the_same_item_is_told_and_overwrites_nothing(village, plan, hoa):
    item = item_with(plan, "Ban hành hướng dẫn")
    typed = typed_from(Kind.DUTY, item.value) | {"what": "Ban hành hướng dẫn mới"}
    review.edit_item(**asked(village, item, typed=typed))

    with pytest.raises(deciding.ItemChanged) as refused:
        review.reject_item(**asked(village, item, user=hoa))

    assert village.minh.name in refused.value.sentence
    stored = PlanItem.objects.get(pk=item.pk)
    assert (stored.decision, stored.value["what"]) == ("edited", "Ban hành hướng dẫn mới")


def test_undo_takes_back_ones_own_decision_not_anothers(village, plan, hoa):
    mine, theirs = item_with(plan, "Ban hành hướng dẫn"), item_with(plan, "Rà soát điều kiện")
    review.confirm_item(**asked(village, mine))
    review.confirm_item(**asked(village, theirs, user=hoa))

    review.undo(actor=village.actor(village.minh), plan_id=plan.pk, at=NOW)

    assert PlanItem.objects.get(pk=mine.pk).decision == "waiting"
    assert PlanItem.objects.get(pk=theirs.pk).decision == "confirmed"


def test_what_another_built_on_is_not_undone_under_them(village, plan, hoa):
    item = item_with(plan, "tập huấn cho cán bộ trạm y tế trước")
    review.split_item(**asked(village, item))
    part = PlanItem.objects.filter(part_of=item).first()
    review.reject_item(**asked(village, part, user=hoa))
    before = state(plan)

    with pytest.raises(review.NothingToUndo):
        review.undo(actor=village.actor(village.minh), plan_id=plan.pk, at=NOW)

    assert state(plan) == before


def test_a_double_click_decides_once(village, plan):
    item = item_with(plan, "tập huấn cho cán bộ trạm y tế trước")

    first = review.split_item(**asked(village, item, client_key="k"))
    second = review.split_item(**asked(village, item, client_key="k"))

    assert first.item.pk == second.item.pk
    assert Change.objects.count() == 1
    assert PlanItem.objects.filter(part_of=item).count() == 2


def test_a_neighbour_neither_sees_nor_reviews(village, plan):
    item = items_of(plan)[0]
    own = hand_in(village, short_plan(), user=village.lan, area="98001")

    with pytest.raises(Missing):
        review.confirm_item(**asked(village, item, user=village.lan))
    with pytest.raises(Missing):
        review.confirm_item(**asked(village, items_of(own)[0], user=village.thu))

    assert PlanItem.objects.exclude(decision="waiting").count() == 0


def test_nothing_is_published_unconfirmed(village, plan):
    confirm_all(village, plan)
    item = items_of(plan)[0]
    review.undo(actor=village.actor(village.minh), plan_id=plan.pk, at=NOW)

    with pytest.raises(ItemsWaiting) as refused:
        publish_plan(actor=village.actor(village.minh), plan_id=plan.pk, at=NOW)

    assert refused.value.facts["waiting"] == 1
    plan.refresh_from_db()
    assert plan.state == "read"
    assert item.plan.duties.count() == 0


def test_a_published_plan_is_not_reviewed_again(village, plan):
    publish(village, plan)
    item = items_of(plan)[0]

    with pytest.raises(deciding.ReviewClosed):
        review.reject_item(**asked(village, item))

    assert PlanItem.objects.get(pk=item.pk).decision == "confirmed"


def test_what_a_warning_touches_comes_first(village):
    plan = hand_in(village, short_plan().replace(b"15/3/2026", b"15/3/2019"))
    items = items_of(plan)
    warned = [one for one in items if one.warned]
    if not warned:
        PlanItem.objects.filter(pk=items[3].pk).update(warned=True)
        items = items_of(plan)
        warned = [items[3]]

    assert next_waiting(items, None).pk == warned[0].pk
    assert next_waiting(items, items[0]).pk == warned[0].pk


def test_a_secret_document_leaves_nothing_behind(village):
    secret = "MẬT\n".encode() + short_plan()

    with pytest.raises(Classified):
        hand_in(village, secret)

    assert Document.objects.count() == 0
    assert PlanItem.objects.count() == 0
    assert Entry.objects.count() == 0
