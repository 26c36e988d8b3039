"""
What a careful clerk reads in the invented plans of `corpus/`, written down before any reading.

`NAME.expected` holds lines: `key: value` for the head, then blocks. A field is parted by ` | `;
a `?` at the end of a line marks what two careful readers might see differently (it counts neither
for nor against). A label of a section joins the printed markers; `=` behind it gives the marker
where it is another than the last part (`II.2.2.1=2.1`, or nothing printed: `I=`). In
`[assignments]`, `@ label | unit + unit` opens a body (`@?` one that is asked, not ordered) and
each line below is `role | first words | bound date; bound date`; a `*` behind the role says
"thường xuyên". `[others]` holds the duties outside the assignments: `body | first words | dates`.
"""

from __future__ import annotations

import re
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
NAMES = tuple(sorted(path.stem for path in CORPUS.glob("*.expected")))

_BLOCKS = {
    "bases": "bases",
    "sections": "sections",
    "criteria": "criteria",
    "targets": "targets",
    "reports": "reports",
    "phases": "phases",
    "events": "events",
    "recurring": "recurring_activities",
    "named": "named_areas",
}


def text_of(name):
    """Return the text of a plan of the corpus."""
    return (CORPUS / f"{name}.txt").read_text("utf-8")


def expected(name):
    """Return what should be read in a plan of the corpus, in the shape of an annotated plan."""
    lines = (CORPUS / f"{name}.expected").read_text("utf-8").splitlines()
    head: dict[str, str] = {}
    gold = {key: [] for key in (*_BLOCKS.values(), "assignments", "others", "recipients")}
    block = None
    for line in filter(str.strip, lines):
        if line.startswith("["):
            block = line.strip("[]")
        elif block is None:
            key, value = line.split(":", 1)
            head[key] = value.strip()
        elif block == "recipients":
            gold["recipients"].append(line)
        elif block == "assignments":
            _assigned(gold["assignments"], line)
        elif block == "others":
            gold["others"].append(_other(line))
        else:
            gold[_BLOCKS[block]].append(_item(block, line))
    return {"source": f"{name}.txt", "metadata": _metadata(head), **gold}


def _metadata(head):
    year, month, day = (
        None if part == "?" else int(part) for part in head.get("date", "?-?-?").split("-")
    )
    start, end = _range(head["period"]) if "period" in head else (None, None)
    return {
        "title": head.get("title"),
        "is_draft": head.get("draft") == "yes",
        "issuer": head.get("issuer", "").removesuffix(" ?") or None,
        "issuer_level": head.get("level"),
        "area": head.get("area"),
        "number": head.get("number"),
        "date": {"year": year, "month": month, "day": day},
        "period": {"start": start, "end": end},
        "signer_name": head.get("signer"),
        "signer_title": head.get("signer_title"),
        "theme": head.get("theme"),
    }


def _range(text):
    start, end = (part.strip() for part in text.split(".."))
    return _value(start), _value(end)


def _value(text):
    return None if text in ("-", "") else text


def _item(block, line):
    uncertain = line.endswith("?")
    fields = [field.strip() for field in line.removesuffix("?").split(" | ")]
    return {**_KINDS[block](*fields), "uncertain": uncertain}


def _section(label, title):
    label, named, marker = label.partition("=")
    marker = marker if named else label.rsplit(".", 1)[-1]
    prefix = ".".join(part for part in label.split(".") if not part.isdigit())
    short = f"{prefix}.{marker}" if prefix else marker
    return {"label": label, "marker": marker, "title": title, "alt_label": short}


_KINDS = {
    "bases": lambda number, date: {"number": number, "date": _value(date)},
    "sections": _section,
    "criteria": lambda quote, kind, value: {"quote": quote, "kind": kind, "value": _value(value)},
    "targets": lambda quote, sign, value, unit, baseline="absolute": {
        "quote": quote,
        "comparator": sign,
        "value": value,
        "unit": unit,
        "baseline": baseline,
    },
    "reports": lambda quote, rhythm, due: {
        "quote": quote,
        "recurrence": _value(rhythm),
        "due": _value(due),
    },
    "phases": lambda span: dict(zip(("start", "end"), _range(span), strict=True)),
    "events": lambda name, date: {"name": name, "date": _value(date)},
    "recurring": lambda quote, rhythm: {"quote": quote, "frequency": rhythm},
    "named": lambda name: {"name": name},
}


def _dates(printed):
    return [
        dict(zip(("bound", "date"), part.split(), strict=True))
        for part in printed.split(";")
        if part
    ]


def _other(line):
    unit, quote, *due = [field.strip() for field in line.removesuffix("?").split(" | ")]
    return {
        "unit": unit,
        "quote": quote,
        "deadlines": _dates("".join(due)),
        "uncertain": line.endswith("?"),
    }


def _assigned(found, line):
    if line.startswith("@"):
        label, names = line.lstrip("@? ").split(" | ")
        units = names.split(" + ")
        unit = ", ".join(units)
        asked = line.startswith("@?")
        found.append(
            {"unit": unit, "units": units, "requested": asked, "section": label, "tasks": []}
        )
        return
    uncertain = re.search(r"\s*\?\w*$", line) is not None
    role, quote, *due = [f.strip() for f in re.sub(r"\s*\?\w*$", "", line).split(" | ")]
    found[-1]["tasks"].append(
        {
            "quote": quote,
            "role": _value(role.rstrip("*?")),
            "continuous": "*" in role,
            "continuous_mark": "inner" if role.endswith("?") else None,
            "deadlines": _dates("".join(due)),
            "uncertain": uncertain,
        }
    )
