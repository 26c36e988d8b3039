"""The invented plans of many offices, against what a clerk wrote down before any reading."""

from collections import Counter

import pytest

from diaban.plans.reader.export import to_json
from tests.plans.reader.expected import NAMES, expected, text_of
from tests.plans.reader.papers import docx_of, numbered_docx_of, pages_of, pdf
from tests.plans.reader.readings import assert_nothing_made_up, assert_spans_hold, plan_of, read
from tests.plans.reader.test_gold import scorer
from tests.shared import needs_shared


def dated(assignments):
    """Return who, the first words of each task that has dates, and the dates as they bind."""
    return sorted(
        (", ".join(a["units"]), t["quote"], sorted((d["bound"], d["date"]) for d in t["deadlines"]))
        for a in assignments
        for t in a["tasks"]
        if t["deadlines"]
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["txt", "docx", "numbered"])
def test_every_dated_duty_is_read_and_no_other(name, form):
    wanted = dated(expected(name)["assignments"])
    made = {"txt": str.encode, "docx": docx_of, "numbered": numbered_docx_of}

    found = dated(
        to_json(read(made[form](text_of(name)), f"{name}.{form}"))["plans"][0]["assignments"]
    )

    assert [(unit, days) for unit, _, days in found] == [(unit, days) for unit, _, days in wanted]
    for (_, quote, _), (_, start, _) in zip(found, wanted, strict=True):
        assert quote.startswith(start)


@pytest.mark.parametrize("name", NAMES)
def test_who_is_given_how_much_is_read(name):
    wanted = Counter()
    for given in expected(name)["assignments"]:
        wanted[given["unit"], given["requested"]] += len(given["tasks"])

    found = Counter()
    for given in plan_of(text_of(name)).assignments:
        found[", ".join(given.units), given.requested] += len(given.tasks)

    assert found == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_duty_outside_the_assignments_is_read(name):
    wanted = [other for other in expected(name)["others"] if not other["uncertain"]]

    found = to_json(read(text_of(name)))["plans"][0]["other_duties"]

    for duty in wanted:
        near = [o for o in found if o["quote"].startswith(duty["quote"])]
        assert [(o["unit"], days(o)) for o in near] == [(duty["unit"], days(duty))]


def days(duty):
    return sorted((d["bound"], d["date"]) for d in duty["deadlines"])


# A table between bars is no page of a PDF, and what was typed in lines is not wrapped again.
PRINTED = [n for n in NAMES if "|" not in text_of(n) and n not in ("tcvn3", "vni", "thap_phan")]


@pytest.mark.parametrize("name", PRINTED)
def test_a_pdf_gives_each_date_to_the_same_duty_wherever_its_lines_are_broken(name):
    wanted = dated(to_json(read(text_of(name)))["plans"][0]["assignments"])
    pages = pages_of(text_of(name).replace("\t", "   "), width=62)

    found = dated(to_json(read(pdf(pages), f"{name}.pdf"))["plans"][0]["assignments"])

    assert found == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_span_holds_its_quote_and_nothing_is_made_up(name):
    reading = read(text_of(name))

    assert_spans_hold(reading)
    assert_nothing_made_up(reading)


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_a_plan_is_read_as_a_clerk_reads_it(name):
    plan = to_json(read(text_of(name)))["plans"][0]

    scores = {kind: s[2] for kind, s in scorer().score_plan(expected(name), plan).items()}

    assert {kind: score for kind, score in scores.items() if score < 0.9} == {}
