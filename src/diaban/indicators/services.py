"""What a person can do with a return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Subquery

from diaban.accounts.rules import (
    EDIT_RETURN,
    SEE_RETURN,
    SUBMIT_RETURN,
)
from diaban.areas.models import Area
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import children, known_day, version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH, Period
from diaban.core.text import lower_first
from diaban.indicators.models import FormVersion, Return, Revision, Roster
from diaban.indicators.rules.campaigns import CampaignPeriod, label_before
from diaban.indicators.rules.entry import (
    Document,
    Entry,
    Fault,
    Warned,
    answers,
    read_entry,
    typed_from,
)
from diaban.indicators.rules.returns import MOVES, Move, State
from diaban.indicators.rules.revisions import same_answers
from diaban.indicators.selectors import columns_of, form_for, read_window, unit_asked
from diaban.indicators.totals import repack
from diaban.indicators.verdicts import checked
from diaban.storage.prepared import Prepared, insert, json_once, update


class ChangedMeanwhile(DomainError):
    """Somebody else saved this return after the page was opened."""

    code = "changed_meanwhile"


class MoveNotOpen(DomainError):
    """The return stands where this cannot be done (already sent, locked, ...)."""

    code = "move_not_open"


class CampaignClosed(MoveNotOpen):
    """The office that opened this campaign takes no more figures for it."""

    code = "campaign_closed"


class PeriodNotOver(DomainError):
    """A return is sent when its period has ended, not before."""

    code = "period_not_over"


class NothingEntered(DomainError):
    """A return without a single figure tells nobody anything; it is not sent."""

    code = "nothing_entered"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an entry: the return as it now stands, and what has to be mended."""

    stored: Return
    faults: tuple[Fault, ...]
    submitted: bool
    unexplained: tuple[Warned, ...] = ()


@transaction.atomic
def save_return(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    typed: Mapping[str, str],
    revision: int,
    client_key: str,
    at: datetime,
    submit: bool = False,
    explained: bool = True,
) -> Saved:
    """
    Keep what was typed, and send the return when `submit` is wished and nothing is wrong.

    What cannot be read as a number is kept as it was typed, beside the document, so that
    nothing is lost; it holds the sending up. `revision` is the one that the page was opened
    with. With `explained`, a large swing without its explanation holds the sending up as well.
    The same `client_key` a second time (a double click, a repeated request) gives the
    answer of the first. What changes nothing is no revision: a return that nobody has begun
    comes back without being stored.

    Raises:
        Missing, NotAllowed: `actor` may not see, or may not enter, this return.
        ChangedMeanwhile: the return is no longer at `revision`.
        MoveNotOpen: it was already sent or locked, or its campaign is closed.
        PeriodNotOver: `submit` before the period's last day has passed.
        NothingEntered: `submit` of a return without a single figure.
    """
    area, span = unit_asked(actor, area_code, period_label)
    require(actor, SUBMIT_RETURN if submit else EDIT_RETURN, span, see=SEE_RETURN)
    if area.level != Level.COMMUNE:
        raise Missing("Biểu này do cấp xã lập; hãy mở một xã, phường.")
    period = read_window(period_label, span)
    stored = locked_return(area, period, form)
    if client_key and stored is not None and stored.client_key == client_key:
        return _again(stored)
    if isinstance(period, CampaignPeriod) and period.closed:
        raise CampaignClosed(
            f"Đợt “{period.name}” đã khép nên không nhận số liệu nữa. Nếu cần sửa, đề nghị cơ "
            "quan mở đợt mở lại.",
            period=period.label,
        )
    if stored is None:
        if not submit and not any(text.strip() for text in typed.values()):
            return Saved(blank_return(area, period, form, at), (), submitted=False)
        stored = begin_return(actor, area, period, form, at)
    if stored.revision != revision:
        raise ChangedMeanwhile(
            f"{stored.saved_by} đã lưu biểu này trong lúc bạn đang nhập. Những ô bạn gõ vẫn còn "
            "trên trang: mở biểu ở thẻ khác để so, rồi gõ lại ô khác nhau.",
            revision=stored.revision,
        )
    next_state(stored, Move.SAVE)

    entry = read_return(stored.version, stored.roster, typed, document_before(stored, period))
    faults = entry.faults
    sent = submit and not faults and not (explained and entry.unexplained)
    if stored.revision and not sent and _changes_nothing(stored, entry):
        return Saved(stored, faults, submitted=False, unexplained=entry.unexplained)
    stored.document, stored.unread = entry.document, entry.unread
    if sent:
        if not answers(entry.document):
            raise NothingEntered(
                "Biểu chưa có số nào nên chưa gửi được. Không có trường hợp nào thì ghi 0; số nào "
                "chưa có thì để trống, biểu vẫn gửi được khi đã có số khác.",
            )
        if at.astimezone(HO_CHI_MINH).date() <= period.end:
            raise PeriodNotOver(
                f"Kỳ {period.title} đến hết ngày {period.end:%d/%m/%Y} mới xong; "
                "số liệu đã gõ cứ để lưu nháp.",
            )
        stored.state = next_state(stored, Move.SUBMIT)
        stored.submitted_at, stored.submitted_by = at, actor.name
        stored.reason, stored.remarks = "", {}
        stored.receipt = f"SL-{period.label}-{area.code}-{stored.revision + 1}"
    stored.client_key = client_key
    write_revision(actor, stored, at, "")
    if sent:
        repack(stored, at)
    record(
        actor=actor,
        action="indicators.return.submitted" if sent else "indicators.return.saved",
        subject=stored,
        at=at,
        area_code=area.code,
        detail={"period": period.label, "form": form, "revision": stored.revision},
    )
    return Saved(stored, faults, sent, entry.unexplained)


def _changes_nothing(stored: Return, entry: Entry) -> bool:
    return stored.unread == entry.unread and same_answers(stored.document, entry.document)


def document_before(stored: Return, period: Period) -> Document | None:
    """
    Return last period's document of the same form, None when there is none.

    Cost: nothing for a return that `locked_return` fetched, else one query.
    """
    if hasattr(stored, "before_document"):
        fetched: Document | None = stored.before_document
        return fetched
    found: Document | None = (
        Return.objects.filter(area=stored.area, period=label_before(period), form=stored.form)
        .values_list("document", flat=True)
        .first()
    )
    return found


def read_return(
    version: FormVersion,
    roster: Roster,
    typed: Mapping[str, str],
    before: Mapping[str, Any] | None = None,
    *,
    english: bool = False,
) -> Entry:
    """
    Read what was typed into the cells of a form, and ask the rules (`english`: in English).

    `before` is the document of last period's return; without it the rules that compare with it
    say nothing.
    """
    entry = read_entry(
        typed,
        commune=columns_of(version.commune_codes),
        hamlet=columns_of(version.hamlet_codes),
        # A form that asks the commune only has no rows of hamlets.
        hamlets=roster.hamlet_codes if version.hamlet_codes else [],
    )
    return checked(version, entry, before, english=english)


def roster_for(commune: Area, day: date, at: datetime) -> Roster:
    """
    Return the roster of a commune's hamlets on `day`, a new one when they have changed.

    Cost: three queries, four when there is a new one.
    """
    codes = list(children(commune, day).order_by("code").values_list("code", flat=True))
    last = Roster.objects.filter(commune=commune).order_by("-number").first()
    if last is not None and last.hamlet_codes == codes:
        return last
    number = last.number + 1 if last else 1
    return Roster.objects.create(commune=commune, number=number, hamlet_codes=codes, made_at=at)


def blank_return(area: Area, period: Period, form: str, at: datetime) -> Return:
    """
    Return a return that nobody has begun, for a page to show; it is not stored.

    Raises:
        Missing: the area was none on the period's last day.
    """
    must_stand(area, period)
    roster = Roster.objects.filter(commune=area).order_by("-number").first()
    codes = list(children(area, period.end).order_by("code").values_list("code", flat=True))
    if roster is None or roster.hamlet_codes != codes:
        roster = Roster(commune=area, number=0, hamlet_codes=codes, made_at=at)
    version = form_for(form, period)
    empty = read_return(version, roster, {})
    return Return(
        area=area,
        period=period.label,
        form=form,
        version=version,
        roster=roster,
        state=State.DRAFT,
        document=empty.document,
        saved_at=at,
    )


def locked_return(area: Area, period: Period, form: str) -> Return | None:
    """Return a stored return with its version and roster, locked for this transaction."""
    return _LOCKED.first(area.pk, period.label, form, label_before(period))


_LOCKED = Prepared(
    lambda area, label, form, before: (
        Return.objects.select_for_update(of=("self",))
        .select_related("version", "roster", "area", "packed")
        .annotate(
            before_document=Subquery(
                Return.objects.filter(area=area, period=before, form=form).values("document")[:1]
            )
        )
        .filter(area=area, period=label, form=form)
    ),
    int,
    str,
    str,
    str,
)


def begin_return(actor: Actor, area: Area, period: Period, form: str, at: datetime) -> Return:
    """
    Return a new draft, stored, with the roster of its period's last day.

    Raises:
        Missing: the area was none on the period's last day.
        ChangedMeanwhile: somebody else began it in the same moment.
    """
    must_stand(area, period)
    try:
        with transaction.atomic():
            roster = roster_for(area, period.end, at)
            return Return.objects.create(
                area=area,
                period=period.label,
                form=form,
                version=form_for(form, period),
                roster=roster,
                state=State.DRAFT,
                document={"values": {}, "hamlets": {}},
                saved_at=at,
                saved_by=actor.name,
            )
    except IntegrityError as error:
        # Two people began the same return in the same moment; the second reads it anew.
        raise ChangedMeanwhile(
            "Có người vừa mở biểu này. Tải lại trang; những ô bạn gõ vẫn còn trên trang.",
            revision=0,
        ) from error


def must_stand(area: Area, period: Period) -> None:
    """
    Refuse a return for a period on whose last day the area is not on the map.

    Another unit may have had its code then, and no total would take such a return in.

    Raises:
        Missing: it is not; the sentence says since when.

    Cost: nothing where it is, else one query.
    """
    stands = Days(area.valid_from, area.valid_to)
    if stands.hold(period.end) or stands.hold(known_day(period.end, version_on(period.end))):
        return
    if period.end < area.valid_from:
        why = f"mới có từ ngày {area.valid_from:%d/%m/%Y}"
    else:
        why = f"không còn từ ngày {area.valid_to:%d/%m/%Y}"
    raise Missing(
        f"{area.full_name} {why} nên không lập biểu {lower_first(period.title)}; số liệu kỳ ấy "
        "thuộc đơn vị có trên bản đồ vào ngày cuối kỳ."
    )


def next_state(stored: Return, move: Move) -> State:
    """
    Return where `move` leads.

    Raises:
        MoveNotOpen: the table of moves has none from here.
    """
    after = MOVES.get((State(stored.state), move))
    if after is None:
        raise MoveNotOpen(
            {
                Move.SAVE: "Biểu này đã gửi nên không sửa được nữa. Nếu cần sửa, đề nghị cơ quan "
                "nhận trả lại biểu.",
                Move.SUBMIT: "Biểu này đã gửi rồi.",
                Move.GIVE_BACK: "Chỉ trả lại được biểu đã gửi và chưa chốt.",
                Move.APPROVE: "Chỉ duyệt được biểu đã gửi và chưa duyệt.",
                Move.LOCK: "Chỉ chốt được biểu đã duyệt.",
                Move.UNLOCK: "Biểu này chưa chốt nên không cần mở.",
            }.get(move, "Việc này không làm được khi biểu đang ở trạng thái hiện tại."),
            state=stored.state,
        )
    return after


_WRITTEN = (
    "state",
    "revision",
    "document",
    "unread",
    "reason",
    "remarks",
    "receipt",
    "client_key",
    "saved_at",
    "saved_by",
    "submitted_at",
    "submitted_by",
)


def write_revision(actor: Actor, stored: Return, at: datetime, reason: str) -> None:
    """Save a return as its next revision; a guarded update, so that no save is overwritten."""
    before = stored.revision
    stored.revision += 1
    stored.saved_at, stored.saved_by = at, actor.name
    # The largest part of both rows: written as JSON once.
    written = {"document": json_once(stored.document)}
    changed = update(stored, _WRITTEN, {"revision": before}, written)
    if not changed:
        raise ChangedMeanwhile(
            "Có người vừa lưu biểu này. Tải lại trang để xem số mới.", revision=stored.revision
        )
    insert(
        Revision(
            of=stored,
            number=stored.revision,
            state=stored.state,
            document=stored.document,
            by=actor.name,
            at=at,
            reason=reason,
            remarks=stored.remarks,
        ),
        written,
    )


def _again(stored: Return) -> Saved:
    """Return the answer that the first of two equal requests was given."""
    typed = {**typed_from(stored.document), **stored.unread}
    entry = read_return(stored.version, stored.roster, typed)
    return Saved(stored, entry.faults, State(stored.state) is State.SUBMITTED)
