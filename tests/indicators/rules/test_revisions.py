"""What changed between two documents."""

from hypothesis import given
from hypothesis import strategies as st

from diaban.indicators.rules.revisions import Difference, changes_of, differences

OLD = {"values": {"schools": 3, "route": True}, "hamlets": {"h1": {"households": 5}, "h2": {}}}
NEW = {
    "values": {"schools": 0, "route": 1},
    "hamlets": {"h1": {"households": None}, "h3": {"a": 1}},
}


def test_every_cell_that_differs_is_named_hamlets_first():
    assert differences(OLD, NEW) == (
        Difference("h1", "households", 5, None),
        Difference("h3", "a", None, 1),
        Difference("", "schools", 3, 0),
        Difference("", "route", True, 1),
    )


def test_a_missing_cell_and_null_are_the_same():
    assert differences({}, {"values": {"a": None}, "hamlets": {"h": {"b": None}}}) == ()


def test_the_history_of_a_cell_has_only_the_revisions_that_changed_it():
    documents = [(1, OLD), (2, OLD), (3, NEW), (4, NEW), (5, OLD)]

    assert changes_of("households.h1", documents) == (1, 3, 5)
    assert changes_of("schools", documents) == (1, 3, 5)
    assert changes_of("households.h2", documents) == ()


def test_the_code_of_a_column_stands_for_all_of_its_hamlets():
    assert changes_of("households", [(1, OLD), (2, OLD), (3, NEW)]) == (1, 3)


cells = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 9), st.booleans())
)
documents = st.fixed_dictionaries(
    {"values": cells, "hamlets": st.dictionaries(st.sampled_from("xyz"), cells)}
)


@given(documents, documents)
def test_nothing_differs_from_itself_and_back_is_the_mirror(one, two):
    assert differences(one, one) == ()
    back = {(d.name, str(d.after), str(d.before)) for d in differences(two, one)}
    assert {(d.name, str(d.before), str(d.after)) for d in differences(one, two)} == back
