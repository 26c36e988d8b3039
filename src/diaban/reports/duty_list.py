"""The list of duties as a filter shows it, as XLSX."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Final

import xlsxwriter

from diaban.agencies.selectors import answering_for, names_on
from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH
from diaban.plans.duty_lists import Filter, listed, standing_of
from diaban.plans.models import Share
from diaban.plans.rules.items import NATURE_NAMES, Nature
from diaban.plans.rules.standing import STATUS_NAMES
from diaban.reports.assessment_minutes import Paper

MOST_ROWS: Final = 20_000
COLUMNS: Final = (
    ("Kế hoạch", 22),
    ("Mục", 9),
    ("Nhiệm vụ", 60),
    ("Cơ quan", 34),
    ("Địa bàn", 22),
    ("Vai trò", 11),
    ("Tính chất", 14),
    ("Hạn theo kế hoạch", 14),
    ("Hạn hiện nay", 14),
    ("Tình trạng", 18),
    ("Số ngày", 9),
    ("Ngày xong", 14),
    ("Lý do trễ", 30),
    ("Số lần nhắc", 11),
)


def duty_list_paper(*, actor: Actor, wanted: Filter, at: datetime) -> Paper:
    """Return what `actor` sees of the list, at most `MOST_ROWS` rows, dates as dates."""
    today = at.astimezone(HO_CHI_MINH).date()
    written = BytesIO()
    with xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    ) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        sheet = book.add_worksheet("Nhiệm vụ")
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        sheet.freeze_panes(1, 0)
        number = 0
        shares = list(listed(actor, wanted, today)[:MOST_ROWS])
        names = _names(shares, today)
        for number, share in enumerate(shares, 1):
            stood = standing_of(share, today)
            duty = share.duty
            words = (
                duty.plan.number or duty.plan.title,
                duty.section,
                duty.what,
                names[share.pk],
                share.area.full_name,
                "chủ trì" if share.leads else "phối hợp",
                "đề nghị" if share.requested else NATURE_NAMES[Nature(duty.nature)],
            )
            for column, word in enumerate(words):
                sheet.write_string(number, column, word, text)
            for column, on in ((7, share.first_due_on), (8, share.due_on), (11, share.done_on)):
                if on is not None:
                    sheet.write_datetime(number, column, _moment(on), day)
            sheet.write_string(number, 9, STATUS_NAMES[stood.status], text)
            sheet.write_number(number, 10, stood.days, text)
            sheet.write_string(number, 12, share.late_reason, text)
            sheet.write_number(number, 13, getattr(share, "reminded", 0), text)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
    return Paper(f"nhiem-vu-{today:%Y-%m-%d}.xlsx", written.getvalue())


def _names(shares: Sequence[Share], today: date) -> dict[int, str]:
    """
    Return who stands for each share: as the body was called when it was done, or who answers
    today for what is open. At most four statements and one for each step of succession.
    """
    now = answering_for({share.agency_id for share in shares}, today)
    places = {
        share.pk: (share.agency_id, share.done_on)
        if share.done_on
        else (now[share.agency_id], today)
        for share in shares
    }
    names = names_on(places.values())
    return {share: names[place] for share, place in places.items()}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min)
