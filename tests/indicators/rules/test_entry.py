"""From typed cells to a document: what is read quickly is read as the long way reads it."""

from diaban.core.numbers import Kind
from diaban.indicators.rules.entry import Column, read_entry

COUNT, SHARE = Column("people", "Người", Kind.COUNT), Column("share", "Tỷ lệ", Kind.DECIMAL)
MONEY, YES = Column("money", "Kinh phí", Kind.MONEY), Column("yes", "Có đường", Kind.BOOLEAN)


def entry(typed, commune=(), hamlet=(), hamlets=()):
    return read_entry(typed, commune=commune, hamlet=hamlet, hamlets=hamlets)


def test_a_row_of_digits_is_read_as_the_same_row_with_one_cell_that_is_none():
    rows = ["99001.001", "99001.002"]
    typed = {f"{code}.{row}": "7" for code in ("people", "money") for row in rows}

    plain = entry(typed, hamlet=[COUNT, MONEY], hamlets=rows)
    mixed = entry({**typed, "money.99001.002": "-"}, hamlet=[COUNT, MONEY], hamlets=rows)

    assert plain.document["hamlets"]["99001.001"] == {"people": 7, "money": 7}
    assert mixed.document["hamlets"]["99001.001"] == plain.document["hamlets"]["99001.001"]
    assert mixed.document["hamlets"]["99001.002"] == {"people": 7, "money": "-"}


def test_what_is_no_number_is_kept_as_typed_beside_its_row():
    read = entry({"people": "7", "share": "12,x"}, commune=[COUNT, SHARE])

    assert read.document["values"] == {"people": 7, "share": None}
    assert read.unread == {"share": "12,x"}
    assert [(one.code, one.given, one.problem) for one in read.faults] == [
        ("share", "12,x", "text")
    ]


def test_money_of_fifteen_digits_is_a_figure():
    assert entry({"money": "9" * 15}, commune=[MONEY]).document["values"] == {
        "money": 999_999_999_999_999
    }


def test_one_is_a_yes_where_yes_or_no_is_asked():
    assert entry({"yes": "1", "people": "1"}, commune=[YES, COUNT]).document["values"] == {
        "yes": True,
        "people": 1,
    }


def test_an_explanation_is_kept_although_as_many_cells_were_typed_as_there_are():
    read = entry({"people": "7", "why.people": " đã  rà soát "}, commune=[COUNT, MONEY])

    assert read.document["why"] == {"people": "đã rà soát"}


def test_rows_without_columns_are_rows():
    assert entry({}, hamlets=["99001.001"]).document == {
        "values": {},
        "hamlets": {"99001.001": {}},
    }
