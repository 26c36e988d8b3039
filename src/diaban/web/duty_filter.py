"""What of the list of duties an address asks for, and the controls that say it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from diaban.core.access import Actor
from diaban.plans import duty_lists
from diaban.plans.duty_lists import Filter
from diaban.plans.rules.items import NATURE_NAMES, Kind
from diaban.plans.rules.standing import STATUS_NAMES, Status
from diaban.plans.rules.typed import day_from
from diaban.web.plan_page import short
from diaban.web.typed_numbers import typed_number

GROUPS: Final = {
    "": "không nhóm",
    "agency": "cơ quan",
    "due": "tháng đến hạn",
    "plan": "kế hoạch",
    "phase": "giai đoạn",
}
ROLES: Final = {"": "mọi vai trò", "lead": "chủ trì", "support": "phối hợp"}
REQUESTED: Final = {"": "giao và đề nghị", "0": "giao", "1": "đề nghị"}
KINDS: Final = {
    "": "mọi loại việc",
    Kind.DUTY.value: "nhiệm vụ",
    Kind.REPORT.value: "báo cáo",
    Kind.EVENT.value: "ngày, sự kiện",
}
# What everybody finds without saving it: a name and its filter.
VIEWS: Final = (
    ("Việc của đơn vị tôi", "mine=1"),
    ("Quá hạn", "status=overdue"),
    ("Đến hạn trong 7 ngày", "status=due_soon"),
    ("Thường xuyên mà im lặng", "status=silent"),
    ("Báo cáo phải gửi", "kind=report"),
    ("Cơ quan được đề nghị", "requested=1"),
)
_NAMES: Final = (
    "q", "status", "agency", "plan", "duty", "phase", "kind", "nature", "cascade", "mine",
    "requested", "role", "from", "to", "group",
)  # fmt: skip


def filter_from(given: QueryDict) -> Filter:
    """Return the filter that an address asks for; what cannot be read asks for nothing."""

    def key(name: str) -> int | None:
        return typed_number(given.get(name), None)

    return Filter(
        text=" ".join(given.get("q", "").split())[:100],
        status=given.get("status", "") if given.get("status") in {*Status, "open"} else "",
        agency=key("agency"),
        plan=key("plan"),
        duty=key("duty"),
        phase=key("phase"),
        kind=given.get("kind", "") if given.get("kind") in KINDS else "",
        cascade=given.get("cascade") == "1",
        nature=given.get("nature", ""),
        mine=given.get("mine") == "1",
        requested=given.get("requested", "") if given.get("requested") in ("0", "1") else "",
        role=given.get("role", "") if given.get("role") in ("lead", "support") else "",
        due_from=read_date(given.get("from", "")),
        due_to=read_date(given.get("to", "")),
    )


def read_date(text: str) -> date | None:
    """Return the day in `15/12/2026` or `2026-12-15`, None for anything else."""
    text = text.strip()
    written = text if text[4:5] == "-" else day_from(text) or ""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def query_of(given: QueryDict) -> str:
    """Return the part of an address that says a filter, in one order."""
    return urlencode({name: given[name] for name in _NAMES if given.get(name)})


def _with(given: QueryDict, **changes: str) -> str:
    query = QueryDict(query_of(given), mutable=True)
    for name, value in changes.items():
        query[name] = value
    return f"?{query_of(query)}"


def without(given: QueryDict, name: str) -> str:
    """Return the address of the same list without one part of its filter."""
    return _with(given, **{name: ""})


def chips(given: QueryDict, counts: dict[str, int], wanted: Filter) -> list[dict[str, Any]]:
    """Return the statuses with how many there are of each."""
    rows = [
        {
            "label": _("Tất cả"),
            "count": counts["all"],
            "url": _with(given, status=""),
            "current": not wanted.status,
        }
    ]
    for status in duty_lists.STATUSES:
        if counts[status] or wanted.status == status:
            rows.append(
                {
                    "label": _(STATUS_NAMES[status]),
                    "count": counts[status],
                    "url": _with(given, status=status.value),
                    "current": wanted.status == status,
                }
            )
    return rows


def _told(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, _(word)) for key, word in words.items()]


def fields(actor: Actor, given: QueryDict) -> list[dict[str, Any]]:
    """Return the choices beside the search field."""

    def choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
        chosen = given.get(name, "")
        rows = [(value, word, value == chosen) for value, word in options]
        return {"name": name, "label": label, "options": rows}

    agencies = [(str(pk), name) for pk, name in duty_lists.agencies_in(actor)]
    plans = [(str(pk), short(number or title)) for pk, number, title in duty_lists.plans_in(actor)]
    natures = [(key.value, _(name)) for key, name in NATURE_NAMES.items()]
    return [
        choice("agency", _("Cơ quan"), [("", _("mọi cơ quan")), *agencies]),
        choice("plan", _("Kế hoạch"), [("", _("mọi kế hoạch")), *plans]),
        choice("kind", _("Loại việc"), _told(KINDS)),
        choice("nature", _("Tính chất"), [("", _("mọi tính chất")), *natures]),
        choice("role", _("Vai trò"), _told(ROLES)),
        choice("requested", _("Giao hay đề nghị"), _told(REQUESTED)),
        choice("group", _("Nhóm theo"), _told(GROUPS)),
    ]
