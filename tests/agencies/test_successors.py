"""Who took over from bodies of before 2025."""

import pytest

from diaban.agencies.successors import heirs_of


@pytest.mark.parametrize(
    "written",
    ["Sở Kế hoạch và Đầu tư", "sở kế hoạch và đầu tư", "So Ke hoach va Dau tu"],
)
def test_a_body_is_found_however_it_is_written(written):
    assert [heir.name for heir in heirs_of(written)] == ["Sở Tài chính"]


def test_a_body_that_was_shared_out_has_an_heir_for_each_field():
    heirs = heirs_of("Sở Lao động – Thương binh và Xã hội")

    assert [heir.name for heir in heirs if "cai nghiện" in heir.field] == ["Công an tỉnh"]
    assert len(heirs) == 4
    assert all(heir.field for heir in heirs)


def test_a_body_that_keeps_its_name_has_no_heir():
    assert heirs_of("Sở Tư pháp") == ()
