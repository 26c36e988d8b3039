"""To which phase the words of a plan bind a sentence."""

import pytest

from diaban.plans.rules.phases import Stretch, phase_of, takes_the_rest

PHASES = (Stretch(1, "Giai đoạn 01", 100), Stretch(2, "Giai đoạn II", 300))
SECTIONS = ((0, 90), (90, 500), (500, 900))


@pytest.mark.parametrize(
    ("what", "at", "phase"),
    [
        ("rà soát", 150, 1),
        ("rà soát", 320, 2),
        ("rà soát", 50, None),
        ("rà soát", 600, None),
        ("sơ kết giai đoạn 2", 600, 2),
        ("sơ kết giai đoạn 1 và giai đoạn 2", 600, None),
        ("thực hiện giai đoạn 2026 - 2030", 600, None),
    ],
    ids=["in the first", "in the second", "before", "another section", "named", "both", "years"],
)
def test_a_sentence_belongs_to_the_phase_it_stands_in_or_names(what, at, phase):
    assert phase_of(what, at, PHASES, SECTIONS) == phase


@pytest.mark.parametrize(
    ("behind", "takes"),
    [
        (", tại các xã, phường còn lại.", True),
        (", tại các địa bàn\ncòn lại và tổng kết.", True),
        (", tại 17 xã biên giới.", False),
        (".\n2. Các xã, phường còn lại báo cáo.", False),
        (".\n- Các xã còn lại báo cáo.", False),
    ],
)
def test_a_phase_takes_the_rest_where_its_own_words_say_so(behind, takes):
    text = "Giai đoạn 2: từ ngày 01/7/2026 đến ngày 31/12/2026"

    assert takes_the_rest(text + behind, 0, len(text)) is takes
