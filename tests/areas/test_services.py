"""What a commune does with its hamlets."""

from datetime import date, timedelta

import pytest

from diaban.areas.checks import CHECKS
from diaban.areas.models import Area, AreaName, BoundaryVersion, Placement
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below, children, path, version_on
from diaban.areas.services import (
    BadHamletName,
    HamletDraft,
    HamletNameAlike,
    HamletNameTaken,
    NameAlreadyChanged,
    NoRoomForHamlets,
    NotACommune,
    NotAHamlet,
    OutsideItsSpan,
    create_hamlet,
    create_hamlets,
    rename_hamlet,
)
from diaban.audit.models import Entry
from diaban.core.checks import outcome
from tests.village import NOW, START, TODAY, make_area

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan(village):
    return village.actor(village.lan)


def create(lan, commune, type_word="thôn", name="Mới", on_day=TODAY):
    return create_hamlet(
        actor=lan, commune=commune, type=type_word, name=name, on_day=on_day, at=NOW
    )


def rename(lan, hamlet, type_word="thôn", name="Mới", on_day=TODAY):
    return rename_hamlet(actor=lan, hamlet=hamlet, type=type_word, name=name, on_day=on_day, at=NOW)


def untouched(village):
    """Nothing but the village is there."""
    return Area.objects.count() == AreaName.objects.count() == 9 and not Entry.objects.exists()


def test_a_new_hamlet_takes_the_next_code_and_place_of_its_commune(village, lan):
    hamlet = create(lan, village.lower, " Tổ dân  phố ", " 12 ")

    assert (hamlet.code, hamlet.full_name, hamlet.valid_from) == (
        "98001.004", "Tổ dân phố 12", TODAY,
    )  # fmt: skip
    assert path(hamlet, TODAY) == ("Tỉnh Thử Nghiệm", "Xã Hạ")
    assert list(hamlet.placements.values_list("left", "right", "depth")) == [(7, 7, 3)]


def test_a_new_hamlet_is_there_from_its_day_on(village, lan):
    hamlet = create(lan, village.lower)

    assert hamlet not in children(village.lower, TODAY - timedelta(days=1))
    assert hamlet in children(village.lower, TODAY)
    assert hamlet not in below(village.upper, TODAY)


def test_a_published_tree_keeps_its_seal_when_hamlets_come(village, lan):
    create(lan, village.lower)

    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)


def test_hamlets_come_in_the_order_given_and_one_entry_tells_of_all(village, lan):
    drafts = [HamletDraft("thôn", name) for name in ("An", "Bình", "Cát")]

    hamlets = create_hamlets(actor=lan, commune=village.lower, drafts=drafts, on_day=TODAY, at=NOW)

    assert [(hamlet.code, hamlet.name) for hamlet in hamlets] == [
        ("98001.004", "An"), ("98001.005", "Bình"), ("98001.006", "Cát"),
    ]  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.action, entry.area_code) == ("areas.hamlets.created", "98001")
    assert entry.detail["codes"] == ["98001.004", "98001.005", "98001.006"]


def test_a_number_is_not_given_again_when_its_hamlet_is_gone(village, lan):
    last = village.hamlets["98001"][-1]
    last.valid_to = TODAY
    last.save()

    assert create(lan, village.lower).code == "98001.004"


def test_a_hamlet_stands_in_every_version_from_its_day_on(village, lan):
    now = version_on(TODAY)
    now.valid_to = date(2027, 1, 1)
    now.save()
    later = BoundaryVersion.objects.create(
        number=2, valid_from=now.valid_to, published_at=now.published_at
    )
    for place in now.placements.exclude(area__level=Level.HAMLET):
        place.pk, place.version = None, later
        place.save()

    hamlet = create(lan, village.lower)

    assert set(hamlet.placements.values_list("version__number", "left")) == {(1, 7), (2, 4)}


@pytest.mark.parametrize(
    ("type_word", "name", "refusal"),
    [
        ("xã", "Mới", BadHamletName),
        ("thôn", " ", BadHamletName),
        ("thôn", "?!", BadHamletName),
        ("thôn", "a" * 101, BadHamletName),
        ("thôn", "Hạ 1", HamletNameTaken),
        ("Thôn", "HẠ  1", HamletNameTaken),
        ("thôn", "ha 1", HamletNameAlike),
    ],
)
def test_a_hamlet_that_cannot_be_named_so_is_refused(village, lan, type_word, name, refusal):
    with pytest.raises(refusal):
        create(lan, village.lower, type_word, name)

    assert untouched(village)


def test_names_that_differ_in_their_marks_are_two_places(village, lan):
    made = create(lan, village.lower, "thôn", "Hà 1")

    assert made.name == "Hà 1"


def test_a_name_without_marks_is_another_place_once_somebody_says_so(village, lan):
    made = create_hamlet(
        actor=lan, commune=village.lower, type="thôn", name="Ha 1", on_day=TODAY, at=NOW, alike=True
    )

    assert made.full_name == "Thôn Ha 1"
    with pytest.raises(HamletNameTaken):
        create_hamlet(
            actor=lan, commune=village.lower, type="thôn", name="Hạ 1", on_day=TODAY, at=NOW,
            alike=True,
        )  # fmt: skip


def test_two_drafts_of_one_name_are_refused_together(village, lan):
    drafts = [HamletDraft("thôn", "Hoà"), HamletDraft("thôn", "Hòa")]

    with pytest.raises(HamletNameTaken):
        create_hamlets(actor=lan, commune=village.lower, drafts=drafts, on_day=TODAY, at=NOW)

    assert untouched(village)


def test_the_same_name_next_door_is_no_obstacle(village, lan):
    assert create(lan, village.upper, "thôn", "Hạ 1").code == "98002.003"


def test_a_name_is_free_again_when_its_hamlet_was_renamed(village, lan):
    rename(lan, village.hamlets["98001"][0], name="Đổi")

    assert create(lan, village.lower, "thôn", "Hạ 1").code == "98001.004"


@pytest.mark.parametrize("on_day", [START - timedelta(days=1), date(2030, 1, 1)])
def test_a_hamlet_before_or_after_its_commune_is_refused(village, lan, on_day):
    village.lower.valid_to = date(2029, 1, 1)
    village.lower.save()

    with pytest.raises(OutsideItsSpan):
        create(lan, village.lower, on_day=on_day)

    assert untouched(village)


def test_a_commune_whose_end_is_set_takes_no_new_hamlets(village, lan):
    village.lower.valid_to = date(2029, 1, 1)
    village.lower.save()

    with pytest.raises(OutsideItsSpan):
        create(lan, village.lower, on_day=TODAY)

    assert untouched(village)


def test_a_province_has_no_hamlets(village, lan):
    with pytest.raises(NotACommune):
        create(lan, village.province)

    assert untouched(village)


def test_a_commune_without_free_codes_is_refused(village, lan):
    make_area("98001.999", Level.HAMLET, "Cuối", "thôn")

    with pytest.raises(NoRoomForHamlets):
        create(lan, village.lower)

    assert Area.objects.count() == 10


def test_a_commune_without_free_places_is_refused(village, lan):
    Placement.objects.filter(area=village.lower).update(right=6)

    with pytest.raises(NoRoomForHamlets):
        create(lan, village.lower)

    assert untouched(village)


def test_renaming_adds_a_name_and_no_unit(village, lan):
    hamlet = village.hamlets["98001"][0]

    rename(lan, hamlet, "tổ dân phố", "Hoà Bình")

    hamlet.refresh_from_db()
    assert hamlet.full_name == "Tổ dân phố Hoà Bình"
    assert list(hamlet.names.order_by("valid_from").values_list("name", "key", "valid_to")) == [
        ("Hạ 1", "ha 1", TODAY),
        ("Hoà Bình", "hoa binh", None),
    ]
    assert Area.objects.count() == 9
    assert Entry.objects.get().detail["before"] == "Thôn Hạ 1"


def test_renaming_again_on_the_same_day_corrects(village, lan):
    hamlet = village.hamlets["98001"][0]
    rename(lan, hamlet, name="Hào")

    rename(lan, hamlet, name="Hảo")

    assert list(hamlet.names.order_by("valid_from").values_list("name", flat=True)) == [
        "Hạ 1", "Hảo",
    ]  # fmt: skip


def test_a_hamlet_may_keep_its_own_name_under_another_type(village, lan):
    rename(lan, village.hamlets["98001"][0], "thôn", "Hạ 1")

    assert Area.objects.get(code="98001.001").full_name == "Thôn Hạ 1"


@pytest.mark.parametrize(
    ("type_word", "name", "on_day", "refusal"),
    [
        ("xóm đạo", "Mới", TODAY, BadHamletName),
        ("thôn", "Hạ 2", TODAY, HamletNameTaken),
        ("thôn", "Mới", START - timedelta(days=1), OutsideItsSpan),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(village, lan, type_word, name, on_day, refusal):
    with pytest.raises(refusal):
        rename(lan, village.hamlets["98001"][0], type_word, name, on_day)

    assert untouched(village)


def test_a_change_is_not_slipped_in_before_a_later_one(village, lan):
    hamlet = village.hamlets["98001"][0]
    rename(lan, hamlet, name="Sau")

    with pytest.raises(NameAlreadyChanged):
        rename(lan, hamlet, name="Trước", on_day=TODAY - timedelta(days=9))

    assert hamlet.names.count() == 2


def test_a_commune_is_not_renamed_this_way(village, lan):
    with pytest.raises(NotAHamlet):
        rename(lan, village.lower)

    assert untouched(village)
