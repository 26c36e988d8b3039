"""Targets: figures that a plan wants to reach, with the words they stand in."""

import pytest

from diaban.plans.reader.targets import figures


@pytest.mark.parametrize(
    "quote",
    [
        "Xây dựng 06 bản không ma túy (60%), gồm: Nà Phạ",
        "Duy trì 12/12 bản (100%) ký cam kết",
    ],
)
def test_a_bare_figure_in_brackets_keeps_the_words_around_it(quote):
    text = f"{quote}."

    found = figures(text)

    assert [text[one.clause[0] : one.clause[1]] for one in found] == [quote, quote]
