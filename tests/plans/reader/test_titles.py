"""The years of a title, and the time of implementation that a sentence states."""

import pytest

from diaban.plans.reader.values import Period
from tests.plans.reader.invented import PROVINCE
from tests.plans.reader.readings import plan_of


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Phòng, chống ma túy năm 2027", Period("2027", "2027")),
        ("Xây dựng xã không có ma túy giai đoạn 2026 - 2030", Period("2026", "2030")),
        ("Xây dựng xã không có ma túy từ năm 2026 đến năm 2030", Period("2026", "2030")),
        ("Xây dựng ấp không có ma túy năm 2026 và những năm tiếp theo", Period("2026", None)),
        ("Thực hiện Chương trình đến năm 2030 trên địa bàn tỉnh năm 2027", Period("2027", "2027")),
        ("Thực hiện Chiến lược phòng, chống ma túy đến năm 2030", Period(None, "2030")),
        ("Ra quân cao điểm phòng, chống ma túy", None),
    ],
)
def test_the_years_of_the_title_are_kept_apart_from_the_time_of_implementation(title, expected):
    plan = plan_of(
        PROVINCE.replace("Phòng, chống ma túy trên địa bàn tỉnh Sông Lam năm 2026", title)
    )

    assert plan.metadata.period_in_title == expected
    assert plan.metadata.period == Period("2026-01-15", "2026-12-31")
