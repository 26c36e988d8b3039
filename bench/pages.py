"""
G16. A page with a table of 100 rows of eight numbers, rendered in this process.

Ours writes each row's numbers with the product's `number_cells`; the peer is the plain template
that one would write first, which leaves every number to Django's localisation. Both give the same
bytes.
"""

from typing import Any

from bench.database import empty_database
from bench.measure import Line, compare

ROWS, COLUMNS, PAGES = 100, 8, 5

_HEAD = (
    '{% load diaban %}<!doctype html><html lang="vi"><title>{{ title }}</title><table>'
    '<thead><tr><th scope="col">Địa bàn</th>{% for head in heads %}<th scope="col">{{ head }}</th>'
    "{% endfor %}</tr></thead><tbody>{% for row in rows %}"
    '<tr><th scope="row"><a href="{{ row.url }}">{{ row.name }}</a></th>'
)
_FOOT = "</tr>{% endfor %}</tbody></table></html>"
OURS = f"{_HEAD}{{% number_cells row.numbers %}}{_FOOT}"
PLAIN = (
    f"{_HEAD}{{% for one in row.numbers %}}"
    f'<td class="number">{{{{ one }}}}</td>{{% endfor %}}{_FOOT}'
)


def run() -> list[Line]:
    """Return the comparison."""
    with empty_database():
        return [_page()]


def _page() -> Line:
    from django.template import engines
    from django.test.utils import override_settings
    from django.utils import translation

    engine = engines["django"]
    ours, plain = engine.from_string(OURS), engine.from_string(PLAIN)
    given: dict[str, Any] = {
        "title": "Số liệu tháng 11/2026",
        "heads": [f"Chỉ số {number}" for number in range(COLUMNS)],
        "rows": [
            {
                "name": f"Xã Số {row} & Một",
                "url": f"/areas/{row:05}/",
                "numbers": [(row * 7919 + at * 104_729) % 60_000 for at in range(COLUMNS)],
            }
            for row in range(ROWS)
        ],
    }
    # The product does not ask Django for points between thousands; the plain template has to.
    with translation.override("vi"), override_settings(USE_THOUSAND_SEPARATOR=True):
        return compare(
            "G16",
            f"{PAGES} trang có bảng {ROWS} × {COLUMNS} số",
            "bản mẫu Django thường, số nguyên",
            1 / 3,
            lambda: [ours.render(given) for _ in range(PAGES)],
            lambda: [plain.render(given) for _ in range(PAGES)],
            lambda our, their: our == their,
            rounds=9,
        )
