"""Spans and quotes: nothing is claimed that is not printed."""

import pytest

from tests.plans.reader.invented import COMMUNE, HAMLETS, PROVINCE, WARD, annex_flat, annex_rows
from tests.plans.reader.readings import assert_spans_hold, read
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize(
    "text",
    [PROVINCE, COMMUNE, WARD, HAMLETS, annex_flat(), annex_rows()],
    ids=["province", "commune", "ward", "hamlets", "flat", "rows"],
)
def test_spans_hold_their_quotes(text):
    assert_spans_hold(read(text))


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_spans_hold_their_quotes_in_real_plans(seed):
    path = next((SHARED / "seeds").glob(f"{seed}_*.txt"))

    assert_spans_hold(read(path.read_bytes(), path.name))


def test_a_line_of_nothing_but_labels_is_shown_itself():
    text = COMMUNE.replace("- Chủ trì: Công an xã.", "- ;Đơn vị thực hiện: Công an xã.")

    reading = read(text)

    assert_spans_hold(reading)
    assert all(t.quote for a in reading.plans[0].assignments for t in a.tasks)
