"""
Spoiled plans: whatever is printed, a reading or a refusal, and never a span that lies.

More examples: `DIABAN_EXAMPLES=10000 pytest tests/plans/reader/test_fuzz.py`.
"""

import os
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from diaban.core.errors import DomainError
from diaban.plans.reader.dates import date_phrases
from diaban.plans.reader.deadlines import Calendar, deadlines
from diaban.plans.reader.documents import read_document
from tests.plans.reader.expected import NAMES, text_of
from tests.plans.reader.invented import COMMUNE, HAMLETS, PROVINCE, WARD, annex_flat, annex_rows
from tests.plans.reader.readings import assert_nothing_made_up, assert_spans_hold
from tests.plans.reader.test_mutations import rewrapped, without_markup

EXAMPLES = int(os.environ.get("DIABAN_EXAMPLES", "120"))

PLANS = [
    *(PROVINCE, COMMUNE, WARD, HAMLETS, annex_flat(), annex_rows()),
    *map(text_of, NAMES),
]
NUMBER = re.compile(r"(?m)^(?:[IVX]+|\d+(?:\.\d+)*|[a-zđ]|[A-E])[.)/-]\s*")
NAME = re.compile(r"(tỉnh |phường |xã )[A-ZĐ]\w+ [A-ZĐ]\w+")
YEAR = re.compile(r"/20\d\d\b| năm 20\d\d\b")
DAY = re.compile(r"\b\d{1,2}/\d{1,2}(?=/\d{4})")
SCRAPS = [
    "**",
    "#",
    "|",
    "\n",
    "\n\n",
    "\t",
    "(",
    ")",
    "“",
    "”",
    '"',
    ";",
    ":",
    ".",
    "- ",
    "+ ",
    "1. ",
    "IV. ",
    "a) ",
    "(1) ",
    "100%",
    "<sup>1</sup>",
    "\f",
    "\x00",
    "\u00a0",
    "\u0301",
    "ngày 31/02/2026",
    "tháng 13/2026",
    "trước ngày ",
    "đến hết quý IX/2026",
    "năm 99999",
    "KẾ HOẠCH",
    "Nơi nhận:",
    "TT\nNhiệm vụ\nCơ quan chủ trì\n1\n",
    "Chủ trì: ",
    "Thời gian: ",
    "số /KH-UBND ngày / / ",
    "01/01/0001",
    "\\",
    "_" * 8,
    "𝟙",
    "İ",
    "ß",
    "٣",
]


def shuffled(text, draw):
    """The numbered blocks of a plan in another order."""
    blocks = re.split(r"(?m)^(?=\d+\. )", text)
    return blocks[0] + "".join(draw(st.permutations(blocks[1:])))


def dressed(text, draw):
    """A plan as another office prints it: other letters, lines, numbers, names, days, order."""
    look = draw(
        st.sampled_from(
            [
                "as it is",
                "nfd",
                "wrapped",
                "bare",
                "unnumbered",
                "renamed",
                "dated",
                "yearless",
                "shuffled",
            ]
        )
    )
    if look == "nfd":
        return unicodedata.normalize("NFD", text)
    if look == "wrapped":
        return rewrapped(text, draw(st.integers(30, 120)))
    if look == "bare":
        return without_markup(text)
    if look == "unnumbered":
        return NUMBER.sub("", text)
    if look == "renamed":
        return NAME.sub(r"\1Thạch Bàn", text)
    if look == "dated":
        day, month = draw(st.integers(1, 31)), draw(st.integers(1, 12))
        return DAY.sub(f"{day}/{month}", text)
    if look == "yearless":
        return YEAR.sub("", text)
    return shuffled(text, draw) if look == "shuffled" else text


@st.composite
def spoiled(draw):
    """A plan dressed otherwise, with lines lost, doubled, swapped, cut or littered."""
    text = dressed(draw(st.sampled_from(PLANS)), draw)
    lines = text.split("\n")
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(
            st.sampled_from(["drop", "double", "swap", "cut", "litter", "join", "upper", "lower"])
        )
        other = draw(st.integers(0, len(lines) - 1))
        place = draw(st.integers(0, max(0, len(lines[at]))))
        if what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "double":
            lines.insert(at, lines[at])
        elif what == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif what == "cut":
            lines[at] = lines[at][:place]
        elif what == "litter":
            lines[at] = lines[at][:place] + draw(st.sampled_from(SCRAPS)) + lines[at][place:]
        elif what == "join" and at + 1 < len(lines):
            lines[at : at + 2] = [lines[at] + lines[at + 1]]
        elif what == "upper":
            lines[at] = lines[at].upper()
        elif what == "lower":
            lines[at] = lines[at].lower()
    return "\n".join(lines)


def assert_read_or_refused(data):
    """Any other exception than a refusal fails the test by itself."""
    refused = None
    try:
        reading = read_document(data, "hong.txt")
    except DomainError as refusal:
        refused = refusal.sentence
    if refused is None:
        assert_spans_hold(reading)
        assert_nothing_made_up(reading)
    else:
        assert refused.startswith("hong.txt: ")


@settings(max_examples=EXAMPLES)
@given(spoiled())
def test_a_spoiled_plan_is_read_or_refused(text):
    assert_read_or_refused(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    assert_read_or_refused(data)


@settings(max_examples=EXAMPLES)
@given(
    st.lists(
        st.sampled_from(
            [
                *SCRAPS,
                "trước",
                "ngày 5",
                "quý",
                "và",
                "đối với",
                "các xã",
                "15/6",
                "2026",
                "tháng 6",
                "hằng năm",
                "6 tháng đầu năm",
                "năm",
                "quý II",
                "10-6",
                "15/12 hằng năm",
                "định kỳ",
                "vật tư",
                "từ",
                "đến",
                ",",
            ]
        ),
        max_size=12,
    ),
    st.sampled_from([None, 2026]),
)
def test_dates_of_any_words_lie_in_the_words(pieces, year):
    text = " ".join(pieces)

    for phrase in date_phrases(text, year):
        assert 0 <= phrase.start < phrase.end <= len(text)
    for bound in deadlines(text, Calendar(year, "2026-06")):
        assert bound.deadline.text == " ".join(text[bound.start : bound.end].split())


@settings(max_examples=EXAMPLES)
@given(
    st.integers(1, 28),
    st.integers(1, 12),
    st.integers(1990, 2099),
    st.sampled_from("/.-"),
    st.booleans(),
)
def test_every_full_date_is_read_as_printed(day, month, year, sign, padded):
    form = "02d" if padded else "d"
    printed = f"trước ngày {day:{form}}{sign}{month:{form}}{sign}{year}"

    (phrase,) = date_phrases(printed)

    assert (phrase.date, phrase.bound) == (f"{year}-{month:02d}-{day:02d}", "before")
