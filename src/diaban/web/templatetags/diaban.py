"""
How numbers, dates, signs and states are written on a page.

Plain string work: the pages of a grid call these thousands of times, and Django's localisation
costs ten times as much for the same characters. Nothing here rounds silently more than it says.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from diaban.core.numbers import write_number

register = template.Library()

NO_VALUE = "–"
VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"


class Status(NamedTuple):
    """How one state is shown: CSS suffix, sign in the sprite, word."""

    css: str
    sign: str
    word: str | Promise


STATUSES: dict[str, Status] = {
    "met": Status("met", "met", _("Đạt")),
    "not_met": Status("not-met", "not-met", _("Chưa đạt")),
    "sign": Status("not-met", "not-met", _("Có dấu hiệu")),
    "no_sign": Status("met", "met", _("Không có dấu hiệu")),
    "missing": Status("missing", "missing", _("Thiếu số liệu")),
    "undetermined": Status("missing", "missing", _("Chưa đủ căn cứ")),
    "not_applicable": Status("not-applicable", "not-applicable", _("Không áp dụng")),
    "invalid": Status("invalid", "invalid", _("Số liệu sai")),
    "warning": Status("invalid", "invalid", _("Cần giải thích")),
    "waiting": Status("waiting", "waiting", _("Chờ duyệt")),
}


@register.filter
def vi_number(value: Any, places: int | None = None) -> str:
    """
    Write a number as Vietnamese offices do: `1.234,5`; nothing becomes `–`, text stays text.

    `places` fixes the number of decimals, halves away from zero; without it a whole number has
    none and any other as many as it carries (a `Fraction`: two).
    """
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return str(value)
    if isinstance(value, Fraction):
        places = 2 if places is None else places
        value = Decimal(value.numerator) / Decimal(value.denominator)
    elif isinstance(value, float):
        value = Decimal(str(value))
    return write_number(value, places)


@register.simple_tag
def number_cells(values: Iterable[Any]) -> SafeString:
    """Write numbers as the cells of a row, in one piece: a table of hundreds of them needs it."""
    written = [
        # The common case first; `vi_number` takes everything else.
        f"{value:,d}".replace(",", ".")
        if value.__class__ is int
        else conditional_escape(vi_number(value))
        for value in values
    ]
    if not written:
        return mark_safe("")
    cells = '</td><td class="number">'.join(written)
    return mark_safe(f'<td class="number">{cells}</td>')  # noqa: S308 - every part is escaped


@register.filter
def vi_percent(value: Any, places: int = 1) -> str:
    """Write a percentage that is already in percent: `98.4` gives `98,4%`; nothing gives `–`."""
    written = vi_number(value, places)
    return written if written == NO_VALUE else f"{written}%"


@register.filter
def vi_date(value: date | datetime | None) -> str:
    """Write a day as `15/11/2023`; a moment is first brought to the time zone of the site."""
    if value is None:
        return NO_VALUE
    value = _local(value)
    return f"{value.day:02}/{value.month:02}/{value.year}"


@register.filter
def vi_day(value: date | datetime | None) -> str:
    """Write a day without its year, `15/11`, where the year is plain from beside it."""
    if value is None:
        return NO_VALUE
    value = _local(value)
    return f"{value.day:02}/{value.month:02}"


@register.filter
def vi_time(value: datetime | time | None) -> str:
    """Write the hour and minute of a moment: `10:42`."""
    if value is None:
        return NO_VALUE
    value = _local(value) if isinstance(value, datetime) else value
    return f"{value.hour:02}:{value.minute:02}"


@register.simple_tag
def vendor(package: str, file: str) -> str:
    """Return the address of a file of a vendored package, whatever its version."""
    return static(f"vendor/{_folders()[package]}/{file}")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; it is silent for a screen reader unless it has a label."""
    return _icon(name, str(label))


@register.simple_tag
def status(code: str, word: str = "", note: str = "") -> SafeString:
    """Show a state by colour, sign and word, with a note in grey behind it ("còn 16")."""
    shown = STATUSES[code]
    behind = f' <span class="status-note">{conditional_escape(note)}</span>' if note else ""
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<span class="status status-{shown.css}">{_icon(shown.sign)}'
        f"<span>{conditional_escape(str(word or shown.word))}{behind}</span></span>"
    )


@register.simple_tag
def status_sign(code: str, note: str = "") -> SafeString:
    """Show a state in a dense cell: the sign, its word only for screen readers, then the note."""
    shown = STATUSES[code]
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<span class="sign status-{shown.css}">{_icon(shown.sign)}'
        f'<span class="visually-hidden">{escape(shown.word)} </span>'
        f"{conditional_escape(note)}</span>"
    )


@register.simple_tag
def badge(code: str, word: str = "", sign: bool = True) -> SafeString:
    """Show a state as a small tinted label."""
    shown = STATUSES[code]
    drawn = _icon(shown.sign) if sign else ""
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<span class="badge badge-{shown.css}">{drawn}'
        f"{conditional_escape(str(word or shown.word))}</span>"
    )


@register.simple_tag
def sparkline(values: Sequence[float | int | None]) -> SafeString:
    """
    Draw the run of a number over the last periods, its last step dashed with a dot.

    The scale runs from the smallest to the largest value; a period without a value is left out.
    Needs at least two values, else nothing is drawn.
    """
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low = min(value for _at, value in known)
    high = max(value for _at, value in known)
    wide = 92 / (len(values) - 1)
    tall = 14 / (high - low) if high > low else 0
    points = [f"{2 + at * wide:.0f},{17 - (value - low) * tall:.0f}" for at, value in known]
    x, _comma, y = points[-1].partition(",")
    return mark_safe(  # noqa: S308 - numbers only
        f'<svg class="sparkline" viewBox="0 0 96 20" aria-hidden="true">'
        f'<polyline points="{" ".join(points[:-1])}"/>'
        f'<polyline class="turn" points="{" ".join(points[-2:])}"/>'
        f'<circle cx="{x}" cy="{y}" r="2.5"/></svg>'
    )


@register.inclusion_tag("web/parts/column_chart.html")
def column_chart(bars: Sequence[dict[str, Any]], title: str) -> dict[str, Any]:
    """
    Draw columns that start at zero: `{label, value: text, share: 0 to 100, current}` each.

    Read out as one sentence of all values.
    """
    wide = 384 / max(len(bars), 1)
    return {
        "title": title,
        "spoken": "; ".join(f"{bar['label']} {bar['value']}" for bar in bars),
        "columns": [
            {
                **bar,
                # Text: a number would get a decimal comma in the template.
                "middle": f"{wide * (at + 0.5):.1f}",
                "left": f"{wide * (at + 0.5) - 17:.1f}",
                "height": f"{bar['share'] * 0.42:.1f}",
                "top": f"{64 - bar['share'] * 0.42:.1f}",
                "above": f"{59 - bar['share'] * 0.42:.1f}",
            }
            for at, bar in enumerate(bars)
        ],
    }


# The sign of a class inside a tile, drawn around its own middle; letters would be cut in print.
_CHECK = '<path class="sign-line" d="M-4 0l3 3 5-6"/>'
_BARS = '<path class="sign-line" d="{}"/>'
TILE_SIGNS = {
    "drug_free": _CHECK,
    "type_3": _BARS.format("M-4-5v9M0-5v9M4-5v9"),
    "type_2": _BARS.format("M-2.5-5v9M2.5-5v9"),
    "type_1": _BARS.format("M0-5v9"),
    "needs_decision": '<text class="sign-text" y="5">?</text>',
    "undetermined": _BARS.format("M-5 0h10"),
}
_STRIPES = '<path class="stripes" d="M0 12L12 0M0 24L24 0M0 36L36 0M12 36L36 12M24 36L36 24"/>'
PITCH = 39


@register.simple_tag
def tile_sign(state: str, x: int, y: int) -> SafeString:
    """Draw the key of a class for the legend: a tile of 24 with its sign in the middle."""
    stripes = f'<g transform="scale(.667)">{_STRIPES}</g>' if state == "undetermined" else ""
    return mark_safe(  # noqa: S308 - our own drawing
        f'<g class="is-{state}"><rect width="22" height="22" x="1" y="1" rx="3"/>{stripes}'
        f'<g transform="translate({x} {y})">{TILE_SIGNS[state]}</g></g>'
    )


@register.inclusion_tag("web/parts/tile_map.html")
def tile_map(drawn: dict[str, Any]) -> dict[str, Any]:
    """
    Draw areas as tiles that always stand at the same place.

    `drawn`: `title`; `tiles` as {code, name, state, state_label, url, x, y}, x and y in tiles from
    the top left; `borders` as lists of (x, y) corners between tiles; `labels` as {text, x, y}.
    States: drug_free, type_1, type_2, type_3, needs_decision, undetermined.
    """
    tiles = [
        {
            **tile,
            "left": tile["x"] * PITCH,
            "top": tile["y"] * PITCH,
            "stripes": mark_safe(  # noqa: S308 - our own drawing
                _STRIPES if tile["state"] == "undetermined" else ""
            ),
            "sign": mark_safe(  # noqa: S308 - our own drawing
                f'<g transform="translate(18 24.5)">{TILE_SIGNS[tile["state"]]}</g>'
            ),
        }
        for tile in drawn["tiles"]
    ]
    return {
        "title": drawn["title"],
        "tiles": tiles,
        "borders": [
            "M" + "L".join(f"{x * PITCH - 1.5:g} {y * PITCH - 1.5:g}" for x, y in line)
            for line in drawn.get("borders", ())
        ],
        "labels": [
            {
                "text": label["text"],
                "left": f"{label['x'] * PITCH:g}",
                "top": f"{label['y'] * PITCH:g}",
            }
            for label in drawn.get("labels", ())
        ],
        "width": (max((tile["x"] for tile in drawn["tiles"]), default=0) + 1) * PITCH - 3,
        "height": (max((tile["y"] for tile in drawn["tiles"]), default=0) + 1) * PITCH - 3,
    }


def _local(value: Any) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@cache
def _icon(name: str, label: str = "") -> SafeString:
    named = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
    return mark_safe(  # noqa: S308 - name is ours, the label is escaped
        f'<svg class="icon"{named}><use href="{_sprite()}#{name}"/></svg>'
    )


@cache
def _sprite() -> str:
    return vendor("bootstrap-icons", "icons.svg")


@cache
def _folders() -> dict[str, str]:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    return {package["name"]: package["folder"] for package in manifest["packages"]}
