"""Keys, revisions and pages as they come back from an address."""

import pytest

from diaban.web.typed_numbers import typed_number


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999999", 999999999999)]
)
def test_a_number_as_our_pages_write_it(text, number):
    assert typed_number(text, None) == number


@pytest.mark.parametrize(
    "text", [None, "", " 7", "-7", "+7", "7.0", "1_000", "٧", "７", "x", "1" + "0" * 12, "²"]
)
def test_whatever_else_is_the_default(text):
    assert typed_number(text, 3) == 3
    assert typed_number(text, None) is None
