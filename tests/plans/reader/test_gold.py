"""The two annotated plans: how close a reading comes, and how much work it is."""

import importlib.util
import json

import pytest

from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json
from tests.plans.reader.invented import PROVINCE
from tests.plans.reader.papers import docx_of
from tests.plans.reader.readings import read
from tests.plans.reader.steps import steps
from tests.shared import SHARED, needs_shared


def scorer():
    spec = importlib.util.spec_from_file_location(
        "score_reading", SHARED / "tools/score_reading.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("name", ["001_8945e3077eed11e7", "004_cadd610ea85bac60"])
@pytest.mark.parametrize("form", ["txt", "docx"])
def test_an_annotated_plan_is_read_as_a_clerk_reads_it(name, form):
    gold = json.loads((SHARED / f"gold/{name}.json").read_text("utf-8"))
    text = (SHARED / f"seeds/{name}.txt").read_text("utf-8")
    data = text.encode() if form == "txt" else docx_of(text)

    plan = to_json(read_document(data, f"{name}.{form}"))["plans"][0]

    scores = {kind: score[2] for kind, score in scorer().score_plan(gold, plan).items()}
    assert {kind: score for kind, score in scores.items() if score < 0.95} == {}


@needs_shared
@pytest.mark.shared
def test_no_date_in_a_real_plan_is_made_up():
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        reading = read(path.read_bytes(), path.name)
        for plan in reading.plans:
            for assignment in plan.assignments:
                for task in assignment.tasks:
                    for deadline in task.deadlines:
                        assert deadline.text in task.quote
                        assert deadline.date[:4] in reading.text


def pages(count):
    """About 3,000 letters a page: the invented plan with its units over and over."""
    head, rest = PROVINCE.split("IV. PHÂN CÔNG NHIỆM VỤ\n\n")
    body, tail = rest.split("V. CHẾ ĐỘ BÁO CÁO")
    units = body * (count * 3_000 // len(body))
    return f"{head}IV. PHÂN CÔNG NHIỆM VỤ\n\n{units}V. CHẾ ĐỘ BÁO CÁO{tail}"


@pytest.mark.parametrize("form", ["txt", "docx"])
@pytest.mark.parametrize("count", [10, 50])
def test_the_work_is_in_proportion_to_the_pages(form, count):
    text = pages(count)
    data = text.encode() if form == "txt" else docx_of(text)
    plans = []

    done = steps(lambda: plans.extend(read_document(data, f"dai.{form}").plans))

    assert len(plans[0].assignments) > 5 * count
    assert done <= 10 * len(text)
