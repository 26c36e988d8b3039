"""The values that the entry page shows: grid, commune part, checks, saved state."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diaban.accounts.rules import SEE_RETURN
from diaban.areas.history import became_of
from diaban.areas.models import Area
from diaban.areas.selectors import names_by_code
from diaban.core.access import Actor, Span
from diaban.core.periods import Period, PeriodKind, previous, year_before
from diaban.indicators.hamlet_report_selectors import reports_on
from diaban.indicators.models import HamletReport, Return
from diaban.indicators.rules.campaigns import CampaignPeriod
from diaban.indicators.rules.entry import (
    COMMUNE_ROW,
    Column,
    Document,
    typed_from,
)
from diaban.indicators.rules.hamlet_reports import ReportState
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.returns import MOVES, Move, State, due_on
from diaban.indicators.rules.small_counts import SHOWN
from diaban.indicators.rules.validation import as_json
from diaban.indicators.seen import as_sent, sees_drafts, sees_exact, small_cells
from diaban.indicators.selectors import columns_of
from diaban.indicators.services import blank_return, read_return
from diaban.indicators.verdicts import entry_checks
from diaban.web.area_words import then_and_now
from diaban.web.autosave import as_form
from diaban.web.entry_cells import Cells, totals_of_rows
from diaban.web.entry_review import Reviewing
from diaban.web.entry_told import Told
from diaban.web.entry_words import column_name, head_of, saved_at, state_name, title_of
from diaban.web.frames import (
    area_frame,
    as_of,
    in_sentence,
    newest_of,
    period_name,
    reporting_frame,
)
from diaban.web.language import is_english
from diaban.web.typed_numbers import typed_number

# Fields of the form that are not cells.
NOT_CELLS = frozenset({"csrfmiddlewaretoken", "revision", "client_key", "save_key", "act"})
EDITABLE = frozenset(state for state, move in MOVES if move is Move.SAVE)


def typed_in(form: QueryDict) -> dict[str, str]:
    """Return the cells of a form by name, as they were typed."""
    return {name: str(form[name]) for name in form if name not in NOT_CELLS}


def revision_in(form: QueryDict) -> int:
    """Return the revision that a page was opened with; what is no number is that of none."""
    return typed_number(str(form.get("revision")), 0)


class EntryPage:
    """One return on a page; built once a request."""

    def __init__(
        self, actor: Actor, area: Area, span: Span, period: Period, may_edit: bool
    ) -> None:
        self.actor, self.span, self.period = actor, span, period
        self.area = area.as_of(period.end)
        self.closed = isinstance(period, CampaignPeriod) and period.closed
        self.may_edit = may_edit and not self.closed
        self.form = asked_form(period)
        found = {
            one.period: one
            # Whoever sees the unit sees its returns; a unit that has ended is on no map of today.
            for one in Return.objects.filter(
                area=area, form=self.form, period__in=[p.label for p in self._periods()]
            ).select_related("version", "roster")
        }
        # People above see what was sent, not what is being typed.
        self.veiled: dict[int, tuple[int, int]] = {}
        if not sees_drafts(actor, area, span):
            self.veiled = as_sent(found.values())
        self.exact = sees_exact(actor, area, span)
        self.stored: Return | None = found.get(period.label)
        # A campaign has no period before it: nothing stands beside its cells.
        earlier = [found.get(one.label) for one in self._periods()[1:]]
        self.before: Return | None = earlier[0] if earlier else None
        # The year before is the period before where that is a year.
        self.year_ago: Return | None = earlier[1] if len(earlier) > 1 else None
        self.typed: Mapping[str, str] | None = None
        self.refusal = ""
        self.changed = self.stops = False
        self.opened_at: int | None = None
        self.errors_first = False
        self.import_errors: list[dict[str, str]] = []
        self.copy_url = ""
        self.imported: int | None = None
        # The cells that a reviewer begins a sentence about.
        self.picked: list[str] = []

    def _periods(self) -> list[Period]:
        if self.period.kind is PeriodKind.OTHER:
            return [self.period]
        earlier = [previous(self.period), year_before(self.period)]
        return [self.period, *dict.fromkeys(earlier)]

    def refused(
        self,
        sentence: str,
        typed: Mapping[str, str] | None,
        revision: int | None = None,
        *,
        changed: bool = False,
        stops: bool = False,
    ) -> None:
        """
        Show what was typed again, with the sentence that says why it was not kept.

        The page stays at the `revision` it was opened with: what somebody else saved meanwhile
        is not overwritten by the next try either. `changed` says that this is the reason, and
        `stops` that the page can save no more as it stands.
        """
        self.changed, self.stops = changed, stops
        self.refusal, self.typed, self.opened_at = sentence, typed, revision

    def _revision(self) -> int:
        if self.opened_at is not None:
            return self.opened_at
        return self.stored.revision if self.stored else 0

    def show_import_errors(self, errors: list[dict[str, str]], copy_url: str) -> None:
        """Put what is wrong in a workbook on top, with the way to its copy."""
        self.import_errors, self.copy_url = errors, copy_url

    def show_errors(self) -> None:
        """Put the summary of errors on top, as after a refused sending."""
        self.errors_first = True

    def context(self, receipt: str) -> dict[str, Any]:
        """Return the context of `web/returns/entry.html`."""
        shown = self.stored or blank_return(self.area, self.period, self.form, timezone.now())
        typed = self.typed or {**typed_from(shown.document), **shown.unread}
        before = self.before.document if self.before else None
        entry = read_return(shown.version, shown.roster, typed, before, english=is_english())
        if not self.exact:
            # Sentences quote the figures; they are for those who mend and review them.
            entry = replace(entry, warnings=(), faults=())
            typed = _without_small(shown.document, typed)
        remarks = shown.remarks if self.exact else {}
        hamlet_columns = columns_of(shown.version.hamlet_codes)
        names = self._hamlet_names(shown.roster.hamlet_codes)
        state = State(shown.state)
        readonly = not self.may_edit or state not in EDITABLE
        reviewing = Reviewing(self.actor, self.area, self.span, self.period, self.stored)
        url = reverse("web:return", args=[self.area.code, self.period.label])
        cells = Cells(
            typed,
            entry,
            self._typed_of(self.before),
            self._typed_of(self.year_ago),
            remarks,
            (lambda name: reviewing.link_of(name, self.picked)) if readonly else None,
        )
        reports = (
            reports_on(shown.roster.hamlet_codes, self.period, self.form)
            if self.may_edit and hamlet_columns and self.period.kind is not PeriodKind.OTHER
            else {}
        )
        hamlets = shown.roster.hamlet_codes if hamlet_columns else []
        grid = {
            code: [cells.cell(code, column, names[code]) for column in hamlet_columns]
            for code in hamlets
        }
        by_code = {column.code: column for column in columns_of(shown.version.commune_codes)}
        groups = [
            _part(
                f"part-{number}",
                _(title),
                [cells.cell(COMMUNE_ROW, by_code[c], self.area.full_name) for c in codes],
            )
            for number, (title, codes) in enumerate(shown.version.sections, 1)
        ]
        missing = sum(1 for value in cells.shown.values() if not value.strip())
        told = Told(entry, remarks, names, missing)
        rows = [
            {
                "id": code,
                "name": names[code],
                "report": _report(reports.get(code), self.period),
                "cells": in_row,
                "rules": told.of_row(code),
            }
            for code, in_row in grid.items()
        ]
        hamlet_cells = [cell for row in rows for cell in row["cells"]]
        today = timezone.localdate()
        due = due_on(self.period.end, shown.version.due_days)
        late = (today - due).days
        sent = state in (State.SUBMITTED, State.APPROVED, State.LOCKED)
        counts = told.counts()
        return {
            "title": title_of(shown.version, self.period),
            "ended": self._ended(today),
            "due": {
                "text": _("Hạn gửi %(day)s") % {"day": f"{due:%d/%m/%Y}"},
                "late": ngettext("quá %(n)d ngày", "quá %(n)d ngày", late) % {"n": late}
                if late > 0 and not sent
                else "",
            },
            "sent": "" if self.veiled else _sent(len(rows), told, state, self.stored),
            "back_url": reverse("web:work"),
            "bar_title": self.area.full_name,
            "form_url": url,
            "autosave": None
            if readonly
            else as_form(
                self.actor, f"{url}autosave/", self.area.code, self.period.label, self.form
            ),
            "client_key": uuid.uuid4().hex,
            "rules": ""
            if readonly
            else json.dumps(as_json(entry_checks(shown.version, english=is_english()))),
            "revision": self._revision(),
            "readonly": readonly,
            "sent_off": sent,
            "previous_label": in_sentence(previous(self.period))
            if self.period.kind is not PeriodKind.OTHER
            else "",
            "year_ago_label": in_sentence(year_before(self.period)) if self.year_ago else "",
            "alone": self.period.kind is PeriodKind.OTHER,
            "closed": self.closed,
            "campaigns_url": reverse("web:campaigns"),
            "progress": {"done": len(cells.shown) - missing, "all": len(cells.shown)}
            if not self.veiled
            else None,
            "columns": [
                {
                    "id": column.code,
                    "label": head_of(shown.version, column),
                    "name": column_name(column),
                    "counted": False,
                }
                for column in hamlet_columns
            ],
            "rows": rows,
            "groups": groups,
            "parts": [_part("part-hamlets", _("Các thôn"), hamlet_cells), *groups]
            if rows
            else groups,
            "hamlet_parts": [_part(f"r-{row['id']}", row["name"], row["cells"]) for row in rows],
            "totals": totals_of_rows(
                entry.document, hamlet_columns, len(rows), exact=self.exact
            ),
            "comparisons": self._comparisons(hamlet_columns),
            "checks": told.checks(),
            "state": {
                "saved": _saved(self.stored),
                "refused": self.refusal,
                "stops": self.stops,
                "result": "changed" if self.changed else "refused" if self.refusal else "saved",
                **counts,
            },
            "submit_label": _submit_label(missing, counts["errors"]),
            "opens_on": self._opens_on(today),
            "paper": {
                "area": self.area.full_name,
                "place": self.area.short_name,
                "state": _sent(0, told, state, self.stored) or _("Bản nháp, chưa gửi."),
            },
            "errors": told.summary() if self.errors_first else self.import_errors,
            "copy_url": self.copy_url,
            "imported": None if self.imported is None else _imported(self.imported),
            "import_url": "" if readonly else f"{url}import/",
            "export_url": f"{url}workbook/" if self.exact else "",
            "kept_back": not self.exact,
            "receipt": receipt,
            "veil": self._veil(),
            "reason": _(shown.reason) if shown.reason and state is State.RETURNED else "",
            "review": reviewing.context(self.picked, cells.shown, names, self.area.full_name),
            "history_url": f"{url}revisions/" if self.stored and self.stored.revision else "",
            "state_name": state_name(state) if self.stored else "",
            "area": area_frame(
                self.actor, self.area, self.span, SEE_RETURN,
                lambda code: reverse("web:returns", args=[code]), "returns",
            ),
            "period": reporting_frame(
                self.period, newest_of(self.area, today),
                lambda label: reverse("web:return", args=[self.area.code, label]),
            ),
            "as_of": as_of([self.stored.saved_at if self.stored else None]),
        }  # fmt: skip

    def _ended(self, today: date) -> str:
        """Say whose return it is where the unit has ended since; empty while it stands."""
        heirs = became_of(self.area, today)
        if not heirs:
            return ""
        return _("Biểu của %(area)s từ ngày %(day)s.") % {
            "area": then_and_now(self.area, heirs),
            "day": f"{self.area.valid_to:%d/%m/%Y}",
        }

    def _opens_on(self, today: date) -> str:
        """Return why the return cannot be sent yet; empty once its period is over."""
        if today > self.period.end:
            return ""
        return _("Gửi được từ %(day)s, khi kỳ đã hết. Số đã gõ cứ để lưu nháp.") % {
            "day": f"{self.period.end + timedelta(days=1):%d/%m/%Y}"
        }

    def _veil(self) -> dict[str, Any] | None:
        """Return how far a return has come that this person sees only once it is sent."""
        if self.stored is None or self.stored.pk not in self.veiled:
            return None
        done, whole = self.veiled[self.stored.pk]
        return {"done": done, "all": whole, "sent_before": bool(self.stored.receipt)}

    def _hamlet_names(self, codes: list[str]) -> dict[str, str]:
        found = names_by_code(codes, self.period.end)
        return {code: found[code].name if code in found else code for code in codes}

    def _typed_of(self, stored: Return | None) -> dict[str, str]:
        if stored is None:
            return {}
        typed = typed_from(stored.document)
        return typed if self.exact else _without_small(stored.document, typed)

    def _comparisons(self, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
        lines = []
        beside = (self.before, self.year_ago)
        for period, stored in zip(self._periods()[1:], beside, strict=False):
            if stored is not None:
                size = len(stored.roster.hamlet_codes)
                lines.append(
                    {
                        "label": period_name(period),
                        "values": [
                            one["value"]
                            for one in totals_of_rows(
                                stored.document, columns, size, exact=self.exact
                            )
                        ],
                    }
                )
        return lines


def _without_small(document: Document, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the cells, with a range where a few people could be pointed at."""
    return {**typed, **dict.fromkeys(small_cells(document), SHOWN)}


def _sent(hamlets: int, told: Told, state: State, stored: Return | None) -> str:
    if stored is not None and state in (State.SUBMITTED, State.APPROVED, State.LOCKED):
        return _("%(state)s, mã biên nhận %(receipt)s.") % {
            "state": state_name(state),
            "receipt": stored.receipt,
        }
    if not hamlets:
        return ""
    return _("%(n)s trong %(all)s thôn đã có số.") % {
        "n": hamlets - told.hamlets_without,
        "all": hamlets,
    }


def _report(one: HamletReport | None, period: Period) -> dict[str, str] | None:
    """Return how the report of a hamlet's head stands; None where there is none yet."""
    if one is None or one.state == ReportState.DRAFT:
        return None
    url = reverse("web:hamlet", args=[one.hamlet.code, period.label])
    if one.state == ReportState.RETURNED or one.sent_at is None:
        return {"state": "returned", "text": _("đã trả lại"), "url": url, "by": one.sent_by}
    at = timezone.localtime(one.sent_at)
    return {
        "state": "sent",
        "text": _("gửi %(at)s") % {"at": f"{at:%H:%M %d/%m}"},
        "url": url,
        "by": one.sent_by,
    }


def _part(anchor: str, title: str, cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a part of the form with how much of it is filled and how many cells are wrong."""
    return {
        "id": anchor,
        "title": title,
        "short": title.removesuffix(" (chỉ số lượng)").removesuffix(" (counts only)"),
        "cells": cells,
        "done": sum(1 for cell in cells if cell["value"].strip()),
        "all": len(cells),
        "errors": sum(1 for cell in cells if cell["level"] == "error"),
    }


def _saved(stored: Return | None) -> str:
    if stored is None or not stored.revision:
        return ""
    return saved_at(stored.saved_at)


def _imported(changed: int) -> str:
    if not changed:
        return _("Tệp không khác số đang có, không ô nào đổi.")
    return ngettext(
        "Đã nhập tệp Excel: %(n)d ô thay đổi. Xem lại rồi gửi.",
        "Đã nhập tệp Excel: %(n)d ô thay đổi. Xem lại rồi gửi.",
        changed,
    ) % {"n": changed}


def _submit_label(missing: int, errors: int) -> str:
    told = []
    if missing:
        told.append(ngettext("còn %(n)d ô trống", "còn %(n)d ô trống", missing) % {"n": missing})
    if errors:
        told.append(ngettext("%(n)d lỗi", "%(n)d lỗi", errors) % {"n": errors})
    inside = f" ({', '.join(told)})" if told else ""
    return _("Kiểm tra và gửi tỉnh") + inside
