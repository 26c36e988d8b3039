"""
The same plan, printed otherwise: the reading must follow the words, not the look.

Each change of the look leaves what is obliged untouched; each change of a name or a date shows up,
and only that.
"""

import random
import re
import textwrap
import unicodedata

import pytest

from tests.plans.reader.invented import ANNEX_ROWS, COMMUNE, PROVINCE, WARD, annex_flat, annex_rows
from tests.plans.reader.papers import docx_of, pages_of, pdf
from tests.plans.reader.readings import dues, plan_of, read


def obliged(plan):
    """What must not change with the look: who, what, how, when; figures; reports; recipients."""
    return {
        "tasks": [
            (
                a.unit,
                a.requested,
                t.quote,
                t.role,
                t.continuous,
                t.parent_index,
                t.deadlines,
                t.support,
            )
            for a in plan.assignments
            for t in a.tasks
        ],
        "targets": [
            (t.quote, t.comparator, t.value, t.unit, t.baseline, t.due) for t in plan.targets
        ],
        "reports": [(r.quote, r.recurrence, r.due, r.to, r.via) for r in plan.reports],
        "criteria": [(c.quote, c.kind, c.value) for c in plan.criteria],
        "phases": [(p.start, p.end) for p in plan.phases],
        "bases": [(b.number, b.date) for b in plan.bases],
        "metadata": plan.metadata,
        "recipients": plan.recipients,
    }


def without_markup(text):
    text = re.sub(r"(?m)^#+ ", "", text)
    return text.replace("**", "").replace("*", "")


def rewrapped(text, width):
    lines = []
    for line in text.split("\n"):
        short = len(line) <= width or line.startswith("|")
        lines.extend([line] if short else textwrap.wrap(line, width, break_on_hyphens=False))
    return "\n".join(lines)


def with_markup(text):
    """Bold headings and italic brackets, as character recognition prints them."""
    text = re.sub(r"(?m)^([IVX]+\. .*)$", r"## **\1**", text)
    text = re.sub(r"(?m)^(\d+\. [^\n.:]{3,60})$", r"#### **\1**", text)
    return re.sub(r"\((hoàn thành[^()]*)\)", r"(*\1*)", text)


LOOKS = {
    "decomposed letters": lambda t: unicodedata.normalize("NFD", t),
    "windows line ends": lambda t: t.replace("\n", "\r\n"),
    "trailing spaces": lambda t: re.sub(r"(?m)$", "  ", t),
    "no-break spaces": lambda t: re.sub(r"(?<=\w) (?=\w)", "\u00a0", t),
    "markup": with_markup,
    "wrapped at 100": lambda t: rewrapped(t, 100),
    "wrapped at 72": lambda t: rewrapped(t, 72),
    "more blank lines": lambda t: t.replace("\n\n", "\n\n\n\n"),
    "en dashes as bullets": lambda t: re.sub(r"(?m)^- ", "– ", t),
    "byte order mark": lambda t: "\ufeff" + t,
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_the_look_of_a_province_plan_does_not_matter(look):
    assert obliged(plan_of(look(PROVINCE))) == obliged(plan_of(PROVINCE))


def test_blank_lines_do_not_matter():
    flattened = re.sub(r"\n\n+", "\n", PROVINCE)

    assert obliged(plan_of(flattened)) == obliged(plan_of(PROVINCE))


def test_markup_does_not_matter():
    assert obliged(plan_of(without_markup(WARD))) == obliged(plan_of(WARD))


def test_a_docx_says_what_the_text_says():
    assert obliged(plan_of(docx_of(PROVINCE), "a.docx")) == obliged(plan_of(PROVINCE))


def test_a_pdf_says_what_the_text_says():
    expected, found = obliged(plan_of(PROVINCE)), obliged(plan_of(pdf(pages_of(PROVINCE)), "a.pdf"))

    assert found == expected


def test_a_sentence_cut_by_a_page_is_joined_and_warned_of():
    cut = PROVINCE.replace(
        "rà soát người nghiện, hoàn thành", "rà soát\n\nngười nghiện, hoàn thành"
    )

    plan = plan_of(cut)

    assert dues(plan) == dues(plan_of(PROVINCE))
    assert [w.code for w in plan.warnings if w.code == "sentence_joined"] == ["sentence_joined"]


def test_page_numbers_are_no_part_of_a_sentence():
    cut = PROVINCE.replace(
        "rà soát người nghiện, hoàn thành", "rà soát\n\n2\n\nngười nghiện, hoàn thành"
    )

    assert obliged(plan_of(cut)) == obliged(plan_of(PROVINCE))


def test_headings_without_numbers_still_name_the_units():
    bare = re.sub(r"(?m)^(?:[IVX]+|\d+)\. ", "", PROVINCE)

    assert dues(plan_of(bare)) == dues(plan_of(PROVINCE))


def test_bullets_without_dashes_are_tasks_all_the_same():
    bare = re.sub(r"(?m)^- ", "", PROVINCE)

    assert dues(plan_of(bare)) == dues(plan_of(PROVINCE))


def test_changed_dates_and_names_show_up_and_nothing_else():
    changed = (
        PROVINCE.replace("31/3/2026 và thường", "17/4/2026 và thường")
        .replace("Sở Y tế:", "Sở Khoa học và Công nghệ:")
        .replace("Sông Lam", "Thạch Bàn")
        .replace("SÔNG LAM", "THẠCH BÀN")
        .replace("Trần Thị Hòa Bình", "Phạm Thanh Vân")
    )

    before, after = plan_of(PROVINCE), plan_of(changed)

    assert after.metadata.issuer == "UBND tỉnh Thạch Bàn"
    assert after.metadata.place == "Thạch Bàn"
    assert after.metadata.signer_name == "Phạm Thanh Vân"
    expected = dues(before)
    expected[0] = ("Công an tỉnh", expected[0][1], [("2026-04-17", "before", None)])
    expected[3] = ("Sở Khoa học và Công nghệ", *expected[3][1:])
    assert dues(after) == expected


def test_shuffled_units_are_read_in_their_new_order():
    head, rest = PROVINCE.split("IV. PHÂN CÔNG NHIỆM VỤ\n\n")
    body, tail = rest.split("V. CHẾ ĐỘ BÁO CÁO")
    blocks = re.split(r"(?m)^\d+\. ", body)[1:]
    random.Random(7).shuffle(blocks)
    numbered = "".join(f"{n}. {block}" for n, block in enumerate(blocks, 1))

    plan = plan_of(f"{head}IV. PHÂN CÔNG NHIỆM VỤ\n\n{numbered}V. CHẾ ĐỘ BÁO CÁO{tail}")

    assert sorted(dues(plan)) == sorted(dues(plan_of(PROVINCE)))
    assert [a.ordinal for a in plan.assignments] == [1, 2, 3, 4, 5]
    assert plan.assignments[0].unit in blocks[0]


def test_a_flattened_annex_says_what_its_rows_say():
    flat, rows = plan_of(annex_flat()), plan_of(annex_rows())

    assert obliged(flat)["tasks"] == obliged(rows)["tasks"]
    assert len([t for a in flat.assignments[-3:] for t in a.tasks]) == len(ANNEX_ROWS) - 1


def test_a_flattened_annex_may_break_its_cells():
    broken = [[line for cell in row for line in textwrap.wrap(cell, 24)] for row in ANNEX_ROWS]
    text = COMMUNE + "\n".join(line for row in broken for line in row) + "\n"

    assert obliged(plan_of(text))["tasks"] == obliged(plan_of(annex_rows()))["tasks"]


def test_two_plans_in_one_file_are_told_apart():
    reading = read(
        PROVINCE + "\n\nDỰ THẢO\n\n" + WARD.replace("**ỦY BAN NHÂN DÂN PHƯỜNG TÂN MAI**\n", "")
    )

    first, second = reading.plans
    assert obliged(first) == obliged(plan_of(PROVINCE))
    assert (first.metadata.is_draft, second.metadata.is_draft) == (False, True)
    assert obliged(second)["tasks"] == obliged(plan_of(WARD))["tasks"]
