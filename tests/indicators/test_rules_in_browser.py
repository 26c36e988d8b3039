"""The rules on the server and in the browser: the same findings on 100,000 random returns."""

import json
import random
from pathlib import Path

import pytest

from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.parts import part_checks
from diaban.indicators.rules.ranges import builtin_ranges, range_checks
from diaban.indicators.rules.validation import (
    Check,
    Level,
    Returns,
    Row,
    Term,
    as_json,
    builtin_checks,
    evaluate,
    in_english,
)
from tests.journeys.conftest import browser

__all__ = ["browser"]

SCRIPT = Path(__file__).resolve().parents[2] / "src/diaban/web/static/diaban/rules.js"
RECORDS, BATCH = 100_000, 5_000
# Besides those of the product: signs, decimals, and another form.
OWN = (
    Check("a", "thang", Row.HAMLET, Level.ERROR, "x", "{left} > {right}", left=(Term(1, "", "x"),),
          op="<=", right=(Term(1, "", "y"), Term(-1, "", "z"))),
    Check("b", "thang", Row.COMMUNE, Level.WARNING, "x", "{left}≠{right}", left=(Term(1, "", "x"),),
          op="=", right=(Term(1, "quy", "y"), Term(-1, "before", "z"))),
    Check("c", "thang", Row.HAMLET, Level.WARNING, "y", "{now} {before} {change}", explain=True,
          percent=10, least=2),
    Check("d", "thang", Row.COMMUNE, Level.ERROR, "z", "{left}<{right}", left=(Term(1, "", "z"),),
          op=">=", right=(Term(1, "hamlets", "z"),)),
    Check("e", "thang", Row.COMMUNE, Level.ERROR, "y", "{left}>{right}", left=(Term(1, "", "y"),),
          op="<=", right=(Term(1, "count", "hamlets"),)),
)  # fmt: skip
CODES = ("households", "households_committed", "population_resident", "addicts", "addicts_present",
         "hamlets_with_box_and_board", "communication_sessions", "x", "y", "z")  # fmt: skip
OF_COMMUNE = ("addicts_with_file", "hamlets_informed", "hotspots_open", "hotspots_opened",
              "hotspots_cleared", "persons_in_police_software", "on_file", "schools",
              "schools_informed", "x", "y", "z")  # fmt: skip


def rules():
    catalogue = builtin_catalogue()
    known = [code for code in CODES if code in catalogue]
    own = [code for code in OF_COMMUNE if code in catalogue]
    return (
        *builtin_checks(),
        *part_checks("thang", own, known, catalogue),
        *range_checks("thang", own, known, catalogue, builtin_ranges()),
        *in_english(one for one in builtin_checks() if one.percent is not None),
        *OWN,
    )


def cell(chance):
    kind = chance.random()
    if kind < 0.62:
        return chance.choice((0, 1, 2, 3, 5, 9, 10, 11, 12, 100, 112, 113, chance.randrange(2000)))
    if kind < 0.72:
        return f"{chance.randrange(3000)}.{chance.choice(('5', '25', '05', '125', '999'))}"
    if kind < 0.78:
        return chance.choice((10**14 + 1, 999_999_999_999_999, 123_456_789))
    return chance.choice((None, "-", "KAD", True, False))


def document(chance):
    return {
        "values": {code: cell(chance) for code in OF_COMMUNE if chance.random() < 0.9},
        "hamlets": {
            f"h{number}": {code: cell(chance) for code in CODES if chance.random() < 0.9}
            for number in range(chance.randrange(3))
        },
    }


def record(chance):
    return {
        "now": document(chance),
        "before": document(chance) if chance.random() < 0.8 else None,
        "forms": {"quy": document(chance)} if chance.random() < 0.5 else {},
    }


def told(found):
    return [
        [one.rule, one.row, one.code, one.level.value, one.sentence, one.explain] for one in found
    ]


def test_both_say_the_same_of_a_hundred_thousand_returns(browser):
    page = browser.new_context().new_page()
    source = SCRIPT.read_text(encoding="utf-8").replace("export function", "function")
    page.evaluate(f"() => {{ {source}; window.evaluate = evaluate; }}")
    checks, chance = rules(), random.Random(5)
    findings = 0

    for _ in range(RECORDS // BATCH):
        batch = [record(chance) for _ in range(BATCH)]
        here = [told(evaluate(checks, Returns(**one))) for one in batch]
        there = page.evaluate(
            "([rules, batch]) => JSON.stringify(JSON.parse(batch).map((one) => evaluate(JSON.parse("
            "rules), one).map((f) => [f.rule, f.row, f.code, f.level, f.sentence, f.explain])))",
            [json.dumps(as_json(checks)), json.dumps(batch)],
        )
        there = json.loads(there)
        differing = [
            (batch[i], a, b) for i, (a, b) in enumerate(zip(here, there, strict=True)) if a != b
        ]
        assert differing[:1] == []
        findings += sum(map(len, here))

    page.close()
    assert findings > RECORDS


@pytest.mark.parametrize("check", rules(), ids=lambda check: check.id)
def test_every_rule_speaks_of_some_of_the_random_returns(check):
    chance = random.Random(6)

    assert any(evaluate([check], Returns(**record(chance))) for _ in range(4_000))
