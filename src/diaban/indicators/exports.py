"""A return as a workbook to fill, with the seal by which the filled one is known again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from diaban.areas.rules.levels import Level
from diaban.areas.selectors import names_by_code
from diaban.core.access import Actor, Missing, NotAllowed
from diaban.core.periods import PeriodKind
from diaban.indicators.models import Return
from diaban.indicators.rules.campaigns import label_before
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Cell, Document, cell_name
from diaban.indicators.rules.returns import due_on
from diaban.indicators.seen import as_sent, sees_drafts, sees_exact
from diaban.indicators.selectors import read_window, return_title, unit_asked
from diaban.indicators.services import blank_return
from diaban.indicators.windows import window_called
from diaban.indicators.workbooks.forms import Line, Sheet, Stamp
from diaban.indicators.workbooks.writing import write_workbook

_SALT = "diaban.indicators.workbooks"


def check_value(stamp: Stamp) -> str:
    """Return the seal of a stamp: who does not have the installation's secret cannot make it."""
    return salted_hmac(_SALT, stamp.text, algorithm="sha256").hexdigest()[:32]


def is_ours(stamp: Stamp, check: str) -> bool:
    """Return whether this installation made that stamp."""
    return constant_time_compare(check_value(stamp), check)


def template(
    *, actor: Actor, area_code: str, period_label: str, form: str, at: datetime
) -> tuple[str, bytes]:
    """
    Return a workbook to fill for a return, with what is already in it, and a name for its file.

    Raises:
        Missing: `actor` does not see it, the area is no commune, or there is no such form then.
    """
    _area, span = unit_asked(actor, area_code, period_label)
    stored = return_shown(
        actor=actor, area_code=area_code, period_label=period_label, form=form, at=at
    )
    before = Return.objects.filter(
        area=stored.area, period=label_before(read_window(stored.period, span)), form=form
    ).first()
    if before is not None and not sees_drafts(actor, stored.area, span):
        as_sent([before])
    made = write_workbook(sheet_of(stored, before=cells_of(before.document) if before else {}))
    return f"{form}-{stored.period}-{stored.area.code}.xlsx", made


def return_shown(
    *, actor: Actor, area_code: str, period_label: str, form: str, at: datetime
) -> Return:
    """
    Return a commune's return as it stands; a blank one (revision 0, not stored) if not begun.

    Whoever is not of the commune is given what was last sent of it.

    Raises:
        Missing: `actor` does not see it, the area is no commune, or there is no such form then.
        NotAllowed: `actor` is too far above to be given the figures of single hamlets.
    """
    area, span = unit_asked(actor, area_code, period_label)
    if area.level != Level.COMMUNE:
        raise Missing("Biểu này do cấp xã lập; hãy chọn một xã, phường.")
    period = read_window(period_label, span)
    area.as_of(period.end)
    found = (
        Return.objects.select_related("area", "version", "roster")
        .filter(area=area, period=period.label, form=form)
        .first()
    )
    if not sees_exact(actor, area, span):
        raise NotAllowed(
            "Biểu có số của từng thôn chỉ xã và cơ quan trực tiếp duyệt biểu được lấy ra. Hãy xem "
            "số cộng của địa bàn."
        )
    if found is not None and not sees_drafts(actor, area, span):
        as_sent([found])
    return found or blank_return(area, period, form, at)


def sheet_of(
    stored: Return,
    *,
    values: Mapping[str, Cell] | None = None,
    before: Mapping[str, Cell] | None = None,
    marks: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
    revision: int | None = None,
) -> Sheet:
    """
    Return a return as a workbook's values.

    `values` stand in place of the stored ones, as they were typed in a workbook that is sent
    back; `revision` is then the one that workbook was made from. Cost: one query.
    """
    period = window_called(stored.period)
    version = stored.version
    stamp = Stamp(
        stored.area.code,
        period.label,
        stored.form,
        version.number,
        stored.revision if revision is None else revision,
    )
    due = due_on(period.end, version.due_days)
    alone = " Đợt này không có kỳ trước để so." if period.kind is PeriodKind.OTHER else ""
    return Sheet(
        stamp=stamp,
        check=check_value(stamp),
        title=f"{return_title(version, period)}: {stored.area.as_of(period.end).full_name}",
        note=f"Kỳ từ {period.start:%d/%m/%Y} đến {period.end:%d/%m/%Y}. Hạn gửi {due:%d/%m/%Y}."
        f"{alone}",
        sections=[(title, lines_of(codes)) for title, codes in version.sections],
        columns=lines_of(version.hamlet_codes),
        hamlets=hamlets_of(stored),
        values=cells_of(stored.document) if values is None else values,
        previous=before or {},
        marks=marks or {},
        remarks=remarks,
    )


def lines_of(codes: Sequence[str]) -> list[Line]:
    """Return the indicators of a form as lines of a workbook."""
    catalogue = builtin_catalogue()
    return [Line(c, catalogue[c].name_vi, catalogue[c].unit_vi, catalogue[c].kind) for c in codes]


def hamlets_of(stored: Return) -> list[tuple[str, str]]:
    """Return code and name of a return's hamlets, in the order of its roster. One query."""
    codes = stored.roster.hamlet_codes if stored.version.hamlet_codes else []
    names = names_by_code(codes, window_called(stored.period).end)
    return [(code, names[code].name if code in names else code) for code in codes]


def cells_of(document: Document) -> dict[str, Cell]:
    """Return the cells of a document by the names of `rules.entry`."""
    rows = [("", document["values"]), *document["hamlets"].items()]
    return {cell_name(row, code): cell for row, cells in rows for code, cell in cells.items()}
