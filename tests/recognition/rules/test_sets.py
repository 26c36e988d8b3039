"""The built-in sets say what the contract fixes, and a set of one's own is checked."""

import re
from datetime import date
from pathlib import Path

import pytest

from diaban.indicators.rules.catalogue import BadCatalogue, builtin_catalogue
from diaban.recognition.rules.formulas import parse
from diaban.recognition.rules.set_files import (
    BadCriteriaSet,
    UnknownSet,
    builtin_ids,
    builtin_set,
    load_set,
    load_sets,
)
from diaban.recognition.rules.sets import Reading, SetPeriod

CATALOGUE = builtin_catalogue()
EVERY = pytest.mark.parametrize("name", builtin_ids())

# Ids and formulas as every installation has them; A/B = 100% is written >= 100%, because a part
# that exceeds its whole is invalid and never compared.
FORMULAS = {
    "lao-cai-2023": {
        "1": "hotspots_open = 0 and retail_sellers_open = 0 and use_points_open = 0",
        "2": "suspected_groups_open = 0",
        "3a": "addicts_with_file / addicts >= 100%",
        "3b": "addicts_present_in_treatment / addicts_present >= 100%",
        "3c": "post_rehab_with_file / post_rehab >= 100%",
        "4": "users_present_with_file / users_present >= 100%",
        "5a": "households_committed / households >= 100%",
        "5b": "hamlets_with_box_and_board / hamlets >= 100%",
        "6": "models_effective >= 1",
    },
    "vinh-linh-2023": {
        "m1": "steering_documents >= 1",
        "m2a": "hamlets_informed / hamlets >= 100%",
        "m2b": "agencies_informed / agencies >= 100%",
        "m2c": "businesses_informed / businesses >= 100%",
        "m2d": "schools_informed / schools >= 100%",
        "m3": "households_committed / households >= 100%",
        "m4": "hamlets_with_box_and_board / hamlets >= 100%",
        "m5": "models_effective >= 1",
        "m6": "influencer_meetings >= 1",
        "m7": "peoples_day_events >= 1",
        "q1": "at_risk_counselled / at_risk >= 100%",
        "q2": "addicts_with_file / addicts >= 100%",
        "q3a": "addicts_present_in_treatment / addicts_present >= 100%",
        "q3b": "addicts_new = 0",
        "q4": "post_rehab_with_file / post_rehab >= 100%",
        "q5": "users_present_with_file / users_present >= 100%",
        "q6a": "released_prisoners_supported / released_prisoners >= 100%",
        "q6b": "released_prisoners_reoffending = 0",
        "q7": "post_rehab_job_supported / post_rehab >= 100%",
        "q8": "conditional_businesses_committed / conditional_businesses >= 100%",
        "f1": "patrol_teams >= 1",
        "f2": "hotspots_open = 0 and retail_sellers_open = 0 and use_points_open = 0",
        "f3": "suspected_groups_open = 0",
        "f4": "cases_investigated / cases_detected >= 100%",
    },
    "tan-an-2026": {
        "t1": "use_points_open = 0",
        "t2": "retail_sellers_open = 0",
        "t3": "addicts_new = 0",
        "t4": "users_new = 0",
        "t5": "hamlets_with_box_and_board / hamlets >= 100%",
        "t6": "every month (communication_sessions >= 1)",
    },
    "soc-trang-da3-2022": {
        "g1": "growth(hotspots_cleared) >= 5%",
        "g2": "hotspots_opened = 0",
        "g3": "hotspots_open = 0",
        "g4": "key_areas_transformed / key_areas_selected >= 60%",
        "g5": "(key_areas_transformed - key_areas_relapsed) / key_areas_transformed >= 85%",
        "g6": "on_file_reached_services / on_file > 80%",
        "g7": "growth(addicts) < 1%",
        "g8": "growth(communes_drug_free) >= 10%",
    },
    "soc-trang-da2-2022": {
        "h1": "cases_detected >= 100",
        "h2": "growth(cases_detected) >= 5%",
        "h3": "cases_prosecuted / cases_detected > 90%",
        "h4": "transport_leads_verified / transport_leads >= 100%",
        "h5": "hotspots_open = 0",
        "h6": "conditional_businesses_inspected / conditional_businesses >= 100%",
    },
    "qd-28-2025-province": {
        "p1": "on_file / population_resident >= 0.2%",
        "p2": "use_points_open >= 5",
        "p3": "offenders_arrested / population_resident >= 0.05%",
        "p4": "(communes_key_1 + communes_key_2) / communes >= 3%",
        "p5": "plants_destroyed >= 8000 or plant_area_destroyed_m2 >= 2000",
        "p6": "on_interprovincial_key_route",
    },
}


@pytest.mark.parametrize("name", list(FORMULAS))
def test_a_built_in_set_has_exactly_its_criteria(name):
    given = {one.id: one.formula for one in builtin_set(name).criteria}

    assert given == {id_: parse(text, CATALOGUE) for id_, text in FORMULAS[name].items()}


def test_there_are_seven_built_in_sets():
    assert set(builtin_ids()) == {*FORMULAS, "qd-28-2025-commune"}


@EVERY
def test_every_set_says_where_it_comes_from(name):
    criteria = builtin_set(name)

    assert criteria.id == name
    assert criteria.issuer
    assert criteria.source
    assert criteria.note
    for one in criteria.criteria:
        assert one.source
        assert len(one.label) <= 36
        assert one.statement.endswith(".")


def test_levels_periods_and_spans_follow_the_plans():
    facts = {
        name: (builtin_set(name).level, builtin_set(name).period, builtin_set(name).valid_to)
        for name in builtin_ids()
    }

    year, moment = SetPeriod.YEAR, SetPeriod.MOMENT
    assert facts == {
        "lao-cai-2023": ("commune", moment, None),
        "qd-28-2025-commune": ("commune", year, None),
        "qd-28-2025-province": ("province", year, None),
        "soc-trang-da2-2022": ("province", year, date(2026, 1, 1)),
        "soc-trang-da3-2022": ("province", year, date(2026, 1, 1)),
        "tan-an-2026": ("hamlet", year, date(2031, 1, 1)),
        "vinh-linh-2023": ("commune", year, date(2026, 1, 1)),
    }


def test_the_decision_names_its_criteria_and_classes_in_order():
    criteria = builtin_set("qd-28-2025-commune")

    assert " ".join(one.id for one in criteria.criteria) == (
        "k1 k2 k3 1a 1b 1c 1d 1đ 2a 2b 2c 2d 2đ 3a 3b 3c"
    )
    assert [(one.id, one.requirement.needed) for one in criteria.classes] == [
        ("drug_free", 3),
        ("type_1", 3),
        ("type_2", 3),
        ("type_3", 1),
    ]
    read_twice = [one.id for one in criteria.criteria if one.cumulative]
    assert " ".join(read_twice) == "2a 2b 2c 2d 3a 3b 3c"


def test_a_reading_chooses_the_formula():
    one = next(c for c in builtin_set("qd-28-2025-commune").criteria if c.id == "2b")

    assert one.under(Reading.LITERAL) == parse("use_points_open = 1", CATALOGUE)
    assert one.under(Reading.CUMULATIVE) == parse("use_points_open >= 1", CATALOGUE)


def test_a_set_is_in_force_from_its_first_day_to_before_its_last():
    criteria = builtin_set("vinh-linh-2023")

    days = [date(2023, 4, 30), date(2023, 5, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [criteria.in_force(day) for day in days] == [False, True, True, False]
    assert builtin_set("qd-28-2025-commune").in_force(date(2031, 12, 14))


def test_an_unknown_set_is_refused_with_those_there_are():
    with pytest.raises(UnknownSet) as refusal:
        builtin_set("lao-cai-2032")

    assert refusal.value.facts == {"id": "lao-cai-2032", "known": list(builtin_ids())}


OWN = """
id = "xa-mau-2026"
title = "Thôn an toàn"
level = "hamlet"
period = "year"
issuer = "Ủy ban nhân dân xã Mẫu"
number = "12/KH-UBND"
date = "2026-03-02"
valid_from = 2026-03-02
valid_to = 2028-01-01
source = "Kế hoạch 12/KH-UBND, mục II"

[[groups]]
id = "people"
name = "Con người"

[[criteria]]
id = "a"
group = "people"
label = "Hộ ký cam kết"
statement = "Chín phần mười số hộ ký cam kết."
source = "mục II.1"
formula = "households_committed / households >= 90%"
"""

CAMERAS = """
[[indicator]]
code = "cameras_working"
name_vi = "Số máy quay hoạt động"
name_en = "Working cameras"
unit = "facility"
kind = "count"
time = "stock"
lowest_level = "hamlet"
fed_by = "report"
noun = "máy quay hoạt động"
across_areas = "sum"
across_periods = "last"
"""


def write(folder, text, name="own.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_set_of_ones_own_is_read_from_a_file_or_a_folder(tmp_path):
    path = write(tmp_path, "\ufeff" + OWN)

    from_file, _ = load_sets([path])
    from_folder, _ = load_sets([tmp_path])

    assert from_file == from_folder
    assert from_file["xa-mau-2026"].groups[0].name == "Con người"


def test_a_folder_may_bring_indicators_of_its_own(tmp_path):
    write(tmp_path, CAMERAS, "cameras.toml")
    write(tmp_path, OWN.replace("households_committed / households >= 90%", "cameras_working >= 2"))

    sets, catalogue = load_sets([tmp_path])

    assert sets["xa-mau-2026"].codes == ("cameras_working",)
    assert catalogue["cameras_working"].name_vi == "Số máy quay hoạt động"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("issuer =", "isuer ="), ("thiếu issuer", "không hiểu isuer")),
        (('"hamlet"', '"district"'), ("level: phải là một trong hamlet, commune, province",)),
        (('"year"', '"decade"'), ("period: phải là một trong year, moment",)),
        (("2026-03-02\nvalid_to", '"2/3/2026"\nvalid_to'), ("valid_from phải là ngày",)),
        (("2028-01-01", "2026-01-01"), ("valid_to: phải sau valid_from",)),
        (('"2026-03-02"', '"2/3/2026"'), ("date: ghi 2026",)),
        (("xa-mau-2026", "Xã Mẫu"), ("id: chỉ dùng chữ thường",)),
        (("households >=", "househods >="), ("tiêu chí a: Công thức", "househods")),
        (('group = "people"\n', ""), ("tiêu chí a: group phải là một trong people",)),
        (('label = "Hộ ký cam kết"\n', ""), ("criteria thứ 1: thiếu label",)),
        (
            ('label = "Hộ', 'sense = "odd"\nlabel = "Hộ'),
            ("sense: phải là một trong good, trouble",),
        ),
        (("[[criteria]]", "[outcome]\nat_least = 2\n\n[[criteria]]"), ("outcome.at_least",)),
        (("[[criteria]]", '[outcome]\nof = ["b"]\n\n[[criteria]]'), ("không có tiêu chí b",)),
        (("[[criteria]]", '[definitions]\naddicts = "x"\n\n[[criteria]]'), ("trùng mã chỉ số",)),
        (('title = "Thôn an toàn"', "title = 3"), ("title phải là chữ",)),
        (('title = "Thôn', "title = Thôn"), ("không đọc được TOML",)),
        (('source = "Kế', 'criteria = 3\nsource = "Kế'), ("không đọc được TOML",)),
    ],
)
def test_a_bad_set_says_everything_that_is_wrong(tmp_path, change, error):
    path = write(tmp_path, OWN.replace(*change))

    with pytest.raises(BadCriteriaSet) as refusal:
        load_set(path, CATALOGUE)

    assert str(path) in refusal.value.sentence
    for part in error:
        assert part in refusal.value.sentence


def test_all_errors_are_named_at_once(tmp_path):
    text = OWN.replace("households >=", "househods >=").replace('"hamlet"', '"street"')

    with pytest.raises(BadCriteriaSet) as refusal:
        load_set(write(tmp_path, text), CATALOGUE)

    assert len(refusal.value.facts["errors"]) == 2


def test_two_criteria_cannot_share_an_id(tmp_path):
    twice = OWN + OWN[OWN.index("[[criteria]]") :]

    with pytest.raises(BadCriteriaSet, match="tiêu chí a: id bị lặp"):
        load_set(write(tmp_path, twice), CATALOGUE)


def test_a_set_of_ones_own_never_replaces_another(tmp_path):
    write(tmp_path, OWN.replace("xa-mau-2026", "lao-cai-2023"))

    with pytest.raises(BadCriteriaSet, match="đã có"):
        load_sets([tmp_path])


@pytest.mark.parametrize(
    ("content", "error"), [(b"id = \xff", "UTF-8"), (b"[[indicator]]\n", "thiếu hoặc không biết")]
)
def test_unreadable_files_are_refused(tmp_path, content, error):
    (tmp_path / "own.toml").write_bytes(content)

    with pytest.raises((BadCriteriaSet, BadCatalogue), match=error):
        load_sets([tmp_path])


def test_the_example_of_the_how_to_page_works(tmp_path):
    page = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-criteria-set.md"
    examples = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for number, text in enumerate(examples):
        write(tmp_path, text, f"{number}.toml")

    sets, catalogue = load_sets([tmp_path])

    assert [one.id for one in sets["xa-mau-2026"].criteria] == ["a", "b", "c"]
    assert "cameras_working" in catalogue


def test_every_formula_of_the_how_to_page_can_be_written():
    page = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-criteria-set.md"
    table = page.read_text(encoding="utf-8").split("a formula can say")[1].split("\n\n")[0]
    shown = [text for text in re.findall(r"`([^`]+)`", table) if re.search("[a-z]_[a-z]", text)]

    assert len(shown) == 8
    for text in shown:
        assert parse(text, CATALOGUE)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadCriteriaSet, match="không có tệp hay thư mục này"):
        load_sets([tmp_path / "nowhere"])
