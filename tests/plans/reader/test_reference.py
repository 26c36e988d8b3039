"""The reference names every refusal and every warning."""

import re
from pathlib import Path

import pytest

from diaban.plans.reader import refusals, warnings

REFERENCE = (Path(__file__).parents[3] / "docs/reference/plan-reading.md").read_text("utf-8")
REFUSALS = [
    kind
    for kind in vars(refusals).values()
    if isinstance(kind, type)
    and issubclass(kind, refusals.Unreadable)
    and kind is not refusals.Unreadable
]
WARNINGS = sorted(
    set(re.findall(r'Notice\(\s*"(\w+)"', Path(warnings.__file__).read_text("utf-8")))
)


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_every_refusal_of_the_reader_is_documented(kind):
    assert f"| `{kind.code}` |" in REFERENCE


@pytest.mark.parametrize("code", WARNINGS)
def test_every_warning_is_documented(code):
    assert f"| `{code}` |" in REFERENCE


def test_the_reference_names_no_code_that_is_gone():
    named = set(re.findall(r"(?m)^\| `([\w.]+)` \|", REFERENCE.split("## Warnings")[1]))

    assert named == {kind.code for kind in REFUSALS} | set(WARNINGS)
