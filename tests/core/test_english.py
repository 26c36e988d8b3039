"""Every refusal can be said in English."""

import pytest

from diaban.core.access import NotAllowed
from diaban.core.english import english_refusals, english_sentence
from diaban.core.errors import DomainError
from tests.docs.test_reference import CODES


def test_every_code_has_an_english_sentence_and_no_sentence_is_left_over():
    assert set(english_refusals()) == {*CODES, "refused"}


@pytest.mark.parametrize("code", CODES)
def test_an_english_sentence_is_a_sentence(code):
    sentence = english_refusals()[code]
    assert sentence[0].isupper()
    assert sentence.isascii() or "–" in sentence


def test_a_refusal_says_its_own_sentence_and_an_unknown_one_the_general():
    class Unlisted(DomainError):
        pass

    assert english_sentence(NotAllowed("Không được.")).startswith("Your account may see this")
    assert english_sentence(Unlisted("Chưa được.")) == "This cannot be done as things stand."
