import pytest

from diaban.demo.load import PLANS, plan_bytes
from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json

PROVINCE, COMMUNE = (name for name, _ in PLANS)


@pytest.fixture(scope="module")
def province():
    return only_plan(PROVINCE)


@pytest.fixture(scope="module")
def commune():
    return only_plan(COMMUNE)


def only_plan(name):
    plans = to_json(read_document(plan_bytes(name), name))["plans"]
    assert len(plans) == 1
    return plans[0]


def test_province_plan_has_no_number_and_no_day_yet(province):
    metadata = province["metadata"]

    assert metadata["number"] is None
    assert metadata["date"] == {"year": 2026, "month": 11, "day": None}
    assert metadata["issuer_level"] == "province"


def test_commune_plan_has_number_day_and_issuer(commune):
    metadata = commune["metadata"]

    assert metadata["number"] == "24/KH-UBND"
    assert metadata["date"] == {"year": 2026, "month": 5, "day": 12}
    assert (metadata["issuer"], metadata["area"]) == ("UBND xã Khe Sậy", "xã Khe Sậy")


def test_province_plan_gives_duties_to_fourteen_groups_of_bodies(province):
    bodies = [unit for entry in province["assignments"] for unit in entry["units"]]
    requested = [unit for e in province["assignments"] if e["requested"] for unit in e["units"]]

    assert len(province["assignments"]) == 14
    assert len(bodies) == 19
    assert requested == [
        "Ủy ban MTTQ Việt Nam tỉnh",
        "các tổ chức chính trị - xã hội tỉnh",
        "Viện kiểm sát nhân dân",
        "Tòa án nhân dân tỉnh",
    ]


def test_province_plan_has_three_phases_and_nine_criteria(province):
    assert [phase["name"] for phase in province["phases"]] == [
        "Giai đoạn 1",
        "Giai đoạn 2",
        "Giai đoạn 3",
    ]
    assert len(province["criteria"]) == 9


def test_one_duty_has_a_day_for_each_of_two_groups(province):
    both = [
        [(deadline["date"], deadline["scope"]) for deadline in task["deadlines"]]
        for entry in province["assignments"]
        for task in entry["tasks"]
        if len(task["deadlines"]) == 2
    ]

    assert both == [[("2026-12-15", "17 xã biên giới"), ("2027-01-15", "các xã, phường còn lại")]]


def test_province_plan_holds_the_mess_of_life(province):
    shares = {t["value"] for t in province["targets"] if "hộ gia đình ký cam kết" in t["quote"]}
    days = [
        deadline["date"]
        for entry in province["assignments"]
        for task in entry["tasks"]
        for deadline in task["deadlines"]
    ]
    sections = [entry["section"] for entry in province["assignments"]]

    assert shares == {"100", "95"}
    assert "2025-12-15" in days
    assert sections[-2:] == ["IV.13", "IV.15"]


def test_commune_plan_names_its_hamlets(commune):
    names = {area["name"].removeprefix("Thôn ") for area in commune["named_areas"]}

    assert {"Nà Hin", "Suối Mơ", "Xóm Đình", "Vạn Chài", "Đầu Cầu"} <= names
