"""Workbooks of the village, handed in by its people."""

import io

import openpyxl
import pytest

from diaban.indicators import imports
from diaban.indicators.exports import template
from diaban.indicators.imports import Expected, Source, Status, import_workbooks
from diaban.indicators.models import FormVersion, KeptTotal, Return, Revision
from diaban.indicators.workbooks.contents import contents_of
from tests.indicators.test_services import PERIOD, kept, save, typed_for
from tests.indicators.workbooks.books import edited
from tests.village import NOW

pytestmark = pytest.mark.django_db


def made_for(village, user, code="98001"):
    return template(
        actor=village.actor(user), area_code=code, period_label=PERIOD, form="thang", at=NOW
    )[1]


def filled(data, **cells):
    """Fill cells of the hamlets' sheet by address, of the commune's by indicator."""

    def edit(book):
        for place, value in cells.items():
            if place.isupper():
                book["hamlets"][place] = value
                continue
            for row in book["commune"].iter_rows(min_row=2):
                if row[0].value == place:
                    row[3].value = value

    return edited(data, edit)


def full(data):
    """Fill every white cell: 100 households a hamlet, the rest 0."""

    def edit(book):
        for row in book["commune"].iter_rows(min_row=2):
            row[3].value = "không" if row[0].value == "on_key_route" else 0
        for row in book["hamlets"].iter_rows(min_row=3):
            for cell, head in zip(row[2:], book["hamlets"][1][2:], strict=True):
                cell.value = 100 if head.value in ("households", "households_committed") else 0

    return edited(data, edit)


def take(village, user, *files, **options):
    sources = [Source(f"{number}.xlsx", data) for number, data in enumerate(files)]
    return import_workbooks(actor=village.actor(user), sources=sources, at=NOW, **options)


def test_a_filled_workbook_becomes_a_draft(village):
    (one,) = take(village, village.lan, filled(made_for(village, village.lan), C3="1.234"))

    assert (one.status, one.area, one.period, one.changed) == ("imported", "98001", PERIOD, 1)
    stored = Return.objects.get()
    assert (stored.state, stored.revision) == ("draft", 1)
    assert stored.document["hamlets"]["98001.001"]["households"] == 1234


def test_the_same_file_three_times_changes_nothing(village):
    data = filled(made_for(village, village.lan), C3=100, schools="2", D4="-", on_key_route="có")

    statuses = [take(village, village.lan, data)[0].status for _ in range(3)]

    assert statuses == ["imported", "unchanged", "unchanged"]
    assert Revision.objects.count() == 1


def test_a_blank_cell_leaves_the_value_and_signs_set_the_absences(village):
    save(village, village.lan, "98001", typed_for(village))
    data = filled(made_for(village, village.lan), C3=None, D3="-", E3="KAD")

    take(village, village.lan, data)

    row = Return.objects.get().document["hamlets"]["98001.001"]
    assert (row["households"], row["population_resident"], row["households_committed"]) == (
        100,
        "-",
        "KAD",
    )


def test_what_was_changed_on_the_page_since_stays_where_the_file_was_not_filled(village):
    save(village, village.lan, "98001", typed_for(village))
    data = filled(made_for(village, village.lan), C3=150)
    typed = typed_for(village) | {"households.98001.002": "130"}
    save(village, village.lan, "98001", typed, revision=1, key="k2")

    (one,) = take(village, village.lan, data)

    hamlets = Return.objects.get().document["hamlets"]
    assert one.changed == 1
    assert (hamlets["98001.001"]["households"], hamlets["98001.002"]["households"]) == (150, 130)


def test_a_file_with_a_bad_cell_is_refused_with_its_place_and_a_marked_copy(village):
    data = filled(made_for(village, village.lan), C3=100, E4="1.2x")

    (one,) = take(village, village.lan, data)

    assert (one.status, one.changed) == ("refused", 0)
    (error,) = one.errors
    assert (error.sheet, error.cell, error.indicator, error.given) == (
        "hamlets",
        "E4",
        "households_committed",
        "1.2x",
    )
    assert Return.objects.count() == 0
    book = openpyxl.load_workbook(io.BytesIO(one.copy))
    assert book["hamlets"]["E4"].comment.text.startswith(error.message)
    assert book["hamlets"].cell(4, book["hamlets"].max_column).value == error.message
    assert book["hamlets"]["C3"].value == 100


def test_a_formula_is_told_with_its_cell_and_beside_everything_else_that_is_wrong(village):
    data = filled(made_for(village, village.lan), C3="=1+1", D3="=SUM(C3:C4)", E4="1.2x")

    (one,) = take(village, village.lan, data)

    assert (one.status, one.area, one.period) == ("refused", "98001", PERIOD)
    assert [(e.sheet, e.cell, e.indicator) for e in one.errors] == [
        ("hamlets", "C3", "households"),
        ("hamlets", "D3", "population_resident"),
        ("hamlets", "E4", "households_committed"),
    ]
    assert "công thức" in one.errors[0].message
    assert one.errors[2].given == "1.2x"
    assert Return.objects.count() == 0
    book = openpyxl.load_workbook(io.BytesIO(one.copy))
    assert "công thức" in book["hamlets"]["C3"].comment.text


def test_the_marked_copy_is_taken_once_it_is_mended(village):
    (refused,) = take(village, village.lan, filled(made_for(village, village.lan), C3=5, E4="x"))

    (one,) = take(village, village.lan, filled(refused.copy, E4=0))

    assert (one.status, one.changed) == ("imported", 2)


def test_one_bad_file_holds_all_of_them(village):
    minh = village.minh
    good = full(made_for(village, minh))
    bad = filled(made_for(village, minh, "98002"), C3="x")

    outcomes = take(village, village.lan, good, bad)

    assert [one.status for one in outcomes] == ["unchanged", "refused"]
    assert outcomes[0].note
    assert (Return.objects.count(), Revision.objects.count()) == (0, 0)


def test_each_for_itself_takes_the_good_ones(village):
    good, bad = full(made_for(village, village.lan)), b"nothing"

    outcomes = take(village, village.lan, bad, good, each=True)

    assert [one.status for one in outcomes] == ["refused", "imported"]
    assert Return.objects.count() == 1


@pytest.mark.parametrize("each", [False, True])
def test_a_dry_run_says_the_same_and_writes_nothing(village, each):
    (one,) = take(
        village, village.lan, full(made_for(village, village.lan)), dry_run=True, each=each
    )

    assert (one.status, one.changed) == ("imported", 77)
    assert Return.objects.count() == Revision.objects.count() == KeptTotal.objects.count() == 0


def test_sent_with_the_file_it_is_in_the_totals_above(village):
    (one,) = take(village, village.lan, full(made_for(village, village.lan)), submit=True)

    assert one.receipt == f"SL-{PERIOD}-98001-1"
    assert kept(village.nation) == (300, 1, 3, 1)


def test_a_sent_return_takes_the_same_file_again_and_refuses_another(village):
    data = full(made_for(village, village.lan))
    take(village, village.lan, data, submit=True)

    again = take(village, village.lan, data, submit=True)[0]
    other = take(village, village.lan, filled(data, C3=99))[0]

    assert (again.status, other.status) == ("unchanged", "refused")
    assert "đã gửi" in other.errors[0].message
    assert Return.objects.get().revision == 1


def test_somebody_else_s_commune_is_not_there(village):
    data = filled(made_for(village, village.lan), C3=1)

    thu, minh = (take(village, who, data)[0] for who in (village.thu, village.minh))

    assert (thu.status, minh.status) == ("refused", "refused")
    assert "Không tìm thấy" in thu.sentence
    assert "được xem nhưng không được" in minh.sentence
    assert Return.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "value", "word"),
    [(1, "98002", "Dấu kiểm tra"), (2, "2026-10", "Dấu kiểm tra"), (4, "x", "đã bị sửa")],
)
def test_a_stamp_that_was_changed_is_refused(village, row, value, word):
    def edit(book):
        book["_diaban"].cell(row, 2).value = value
        book["hamlets"]["C3"] = 1

    (one,) = take(village, village.lan, edited(made_for(village, village.lan), edit))

    assert one.status is Status.REFUSED
    assert word in one.sentence


@pytest.mark.parametrize(("area", "period"), [("98002", PERIOD), ("98001", "2026-10")])
def test_a_page_takes_only_its_own_workbook(village, area, period):
    data = filled(made_for(village, village.lan), C3=1)

    (one,) = take(village, village.lan, data, expected=Expected(area, period, "thang"))

    assert one.status is Status.REFUSED
    assert "không phải biểu đang mở" in one.sentence


def test_a_workbook_of_an_old_form_is_refused(village):
    data = filled(made_for(village, village.lan), C3=1)
    first = FormVersion.objects.get(code="thang")
    FormVersion.objects.create(
        code="thang", number=2, name=first.name, period_kind="month", sections=first.sections,
        hamlet_codes=first.hamlet_codes, due_days=2, source="", valid_from=first.valid_from,
    )  # fmt: skip

    (one,) = take(village, village.lan, data)

    assert one.status is Status.REFUSED
    assert "mẫu số 1" in one.sentence
    assert "mẫu số 2" in one.sentence


def test_the_template_carries_the_values_and_those_of_the_period_before(village):
    save(village, village.lan, "98001", typed_for(village, schools="7"))

    sheets = contents_of(made_for(village, village.lan))

    row = next(row for row in sheets["commune"] if row[0] == "schools")
    assert row[3:5] == ["7", ""]
    assert sheets["hamlets"][2][:3] == ["98001.001", "Hạ 1", "100"]


def test_an_import_that_is_stopped_leaves_nothing(village):
    data = full(made_for(village, village.lan))

    def stop(number, _name):
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(village, village.lan, data, data, progress=stop)

    assert (Return.objects.count(), Revision.objects.count()) == (0, 0)


@pytest.mark.parametrize("files", [1, 3])
def test_one_process_reads_all_files(village, files, monkeypatch):
    started = []
    real = imports.Reader.__enter__
    monkeypatch.setattr(imports.Reader, "__enter__", lambda one: started.append(1) or real(one))

    take(village, village.lan, *[full(made_for(village, village.lan))] * files)

    assert len(started) == 1
