"""Statements written once give what plain querysets give."""

from datetime import date, timedelta

import pytest

from diaban.areas.models import Area, Placement
from diaban.audit.models import Entry
from diaban.storage.prepared import Prepared, insert, update, upsert
from tests.village import NOW

pytestmark = pytest.mark.django_db


def entry(number):
    return Entry(
        at=NOW + timedelta(seconds=number), actor_id=None, actor_name="Lò Thị Én", action="a",
        subject=f"s:{number}", detail={"số": [number, None]}, seal=f"{number:064}",
    )  # fmt: skip


def test_a_prepared_query_gives_the_objects_of_the_plain_one(village):
    def placed(code, version):
        return (
            Placement.objects.filter(area__code=code, version=version)
            .select_related("area", "parent")
            .order_by("pk")
        )

    prepared = Prepared(placed, str, int)
    version = village.lower.placements.get().version_id

    for code in ("98001", "98002", "98001.001", "98", "nothing", "' OR 1=1 --"):
        ours, plain = prepared.all(code, version), list(placed(code, version))
        assert ours == plain
        assert [one.__dict__.keys() - {"_state"} for one in ours] == [
            one.__dict__.keys() - {"_state"} for one in plain
        ]
        for one, other in zip(ours, plain, strict=True):
            assert [getattr(one.area, f.attname) for f in Area._meta.concrete_fields] == [
                getattr(other.area, f.attname) for f in Area._meta.concrete_fields
            ]
            assert one.parent == other.parent


def test_a_prepared_query_is_one_statement_and_reads_no_related_row_again(
    village, django_assert_num_queries
):
    prepared = Prepared(
        lambda code: Placement.objects.filter(area__code=code).select_related("area"), str
    )

    with django_assert_num_queries(1):
        found = prepared.first("98001")
        assert found.area.code == "98001"


def test_a_day_is_a_parameter_too(village):
    since = Prepared(
        lambda day, code: Area.objects.filter(valid_from__lte=day, code=code), date, str
    )

    assert since.first(date(2025, 7, 1), "98001") == village.lower
    assert since.first(date(2025, 6, 30), "98001") is None


def test_a_parameter_that_is_not_in_the_statement_is_a_mistake_that_is_seen():
    prepared = Prepared(lambda code, other: Area.objects.filter(code=code), str, str)

    with pytest.raises(ValueError, match=r"\[1\]"):
        prepared.all("98001", "x")


def test_a_row_that_was_inserted_reads_back_as_it_was():
    row = entry(1)

    insert(row)

    stored = Entry.objects.get(pk=row.pk)
    assert [getattr(row, f.attname) for f in Entry._meta.concrete_fields] == [
        getattr(stored, f.attname) for f in Entry._meta.concrete_fields
    ]
    assert not row._state.adding


def test_an_update_is_refused_when_the_guard_does_not_hold():
    row = entry(1)
    insert(row)
    row.action, row.detail = "b", {}

    refused = update(row, ("action", "detail"), {"actor_id": 7})
    before = Entry.objects.get().action
    row.actor_id = 7
    update(row, ("actor_id",), {})
    taken = update(row, ("action", "detail"), {"actor_id": 7})

    assert (refused, before, taken) == (False, "a", True)
    assert (Entry.objects.get().action, Entry.objects.get().detail) == ("b", {})


@pytest.mark.parametrize("rows", [1, 5])
def test_an_upsert_adds_and_changes_in_one_statement(village, django_assert_num_queries, rows):
    from diaban.indicators.models import FormVersion, KeptTotal

    version = FormVersion.objects.get(code="thang")
    areas = list(Area.objects.order_by("pk")[:rows])

    def totals(returns, sums):
        return [
            KeptTotal(
                area=area, period="2026-11", version=version, returns=returns, sums=sums,
                reporting=b"r", units=b"u", updated_at=NOW,
            )
            for area in areas
        ]  # fmt: skip

    unique = ("period", "version", "area")
    upsert(totals(1, b"\x00\x01"), unique, ("returns", "sums"))
    with django_assert_num_queries(1):
        upsert(totals(2, b"\x02"), unique, ("returns",))
    upsert(totals(3, b"\x03"), unique, ())

    stored = KeptTotal.objects.order_by("area_id")
    assert [(one.returns, bytes(one.sums)) for one in stored] == [(2, b"\x00\x01")] * rows
