"""Variables of the environment: what is set but empty has its default."""

import pytest

from diaban.core.environment import variable, whole_number
from diaban.core.errors import BadSetting

NAME = "DIABAN_TEST_ONLY"


@pytest.mark.parametrize(
    ("given", "value"), [(None, "mặc định"), ("", "mặc định"), ("khác", "khác")]
)
def test_a_variable_that_is_not_set_or_empty_has_its_default(monkeypatch, given, value):
    if given is None:
        monkeypatch.delenv(NAME, raising=False)
    else:
        monkeypatch.setenv(NAME, given)

    assert variable(NAME, "mặc định") == value


@pytest.mark.parametrize(("given", "number"), [("", 8), ("1", 1), ("64", 64)])
def test_a_number_is_read(monkeypatch, given, number):
    monkeypatch.setenv(NAME, given)

    assert whole_number(NAME, 8, what="số", most=64) == number


@pytest.mark.parametrize("given", ["0", "65", "-1", "1.0", "²", "một", " 1"])
def test_what_is_no_number_in_the_range_is_refused_with_what_it_should_be(monkeypatch, given):
    monkeypatch.setenv(NAME, given)

    with pytest.raises(BadSetting) as refused:
        whole_number(NAME, 2, what="số tiến trình", most=64)

    assert refused.value.sentence == f"{NAME} là số tiến trình, từ 1 đến 64; đang ghi “{given}”."
    assert refused.value.facts == {"name": NAME}
