import pytest

from diaban.demo.load import PLANS, plan_bytes
from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json

PROVINCE, COMMUNE, YEAR = (name for name, _ in PLANS)


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
    assert (metadata["issuer"], metadata["issuer_level"]) == ("UBND tỉnh Sông Lam", "province")


def test_commune_plan_has_number_day_and_issuer(commune):
    metadata = commune["metadata"]

    assert metadata["number"] == "24/KH-UBND"
    assert metadata["date"] == {"year": 2026, "month": 5, "day": 12}
    assert (metadata["issuer"], metadata["area"]) == ("UBND xã Khe Sậy", "xã Khe Sậy")


def in_section_four(plan):
    return [e for e in plan["assignments"] if (e["section"] or "").startswith("IV.")]


def test_province_plan_gives_duties_to_fourteen_groups_of_bodies(province):
    assigned = in_section_four(province)
    bodies = [unit for entry in assigned for unit in entry["units"]]
    requested = [unit for entry in assigned if entry["requested"] for unit in entry["units"]]

    assert len(assigned) == 14
    assert len(bodies) == 19
    assert requested == [
        "Ủy ban MTTQ Việt Nam tỉnh",
        "các tổ chức chính trị - xã hội tỉnh",
        "Viện kiểm sát nhân dân",
        "Tòa án nhân dân tỉnh",
    ]


def test_duties_of_the_annex_have_lead_support_and_day(province):
    rows = [
        (task["quote"], entry["units"], task["support"], task["deadlines"])
        for entry in province["assignments"]
        for task in entry["tasks"]
        if task.get("support")
    ]
    lead = {quote: units for quote, units, _, _ in rows}
    days = {quote: [day["date"] for day in deadlines] for quote, _, _, deadlines in rows}

    assert len(rows) == 12
    quote = next(text for text in lead if "Phương án bổ sung nhân lực" in text)
    assert lead[quote] == ["Sở Y tế"]
    assert days[quote] == ["2026-12-20"]


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

    assert shares == {"100", "95"}
    assert "2025-12-15" in days
    assert [entry["section"] for entry in in_section_four(province)][-2:] == ["IV.13", "IV.15"]


def test_reader_warns_of_everything_that_is_odd_in_the_province_plan(province):
    assert {warning["code"] for warning in province["warnings"]} == {
        "number_missing",
        "date_incomplete",
        "heading_misnumbered",
        "deadline_outside_period",
        "targets_contradict",
    }


def test_commune_plan_names_its_hamlets(commune):
    names = {area["name"].removeprefix("Thôn ") for area in commune["named_areas"]}

    assert {"Nà Hin", "Suối Mơ", "Xóm Đình", "Vạn Chài", "Đầu Cầu"} <= names


def test_year_plan_is_signed_and_speaks_to_nine():
    year = only_plan(YEAR)

    assert year["metadata"]["number"] == "31/KH-UBND"
    assert len(year["assignments"]) == 9
