"""What people do with what is owed: evidence, done, a later date, a reminder, an own plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction

from diaban.accounts.rules import (
    EXTEND_DUTY,
    PUBLISH_PLAN,
    REMIND_DUTY,
    SEE_DUTY,
    WORK_DUTY,
    Role,
)
from diaban.accounts.scopes import area_visible_to, in_scope
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, NotAllowed, Right, Span, require
from diaban.core.access import DataClass as Data
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH
from diaban.plans.models import Evidence, Extension, Plan, Reminder, SavedView, Share
from diaban.plans.reader.documents import secrecy_of
from diaban.plans.selectors import plan_open_to, plan_visible_to

# As a commune's old connection can still send it, and far above a photographed page.
LARGEST_FILE = 10 * 1024 * 1024
FILE_ENDINGS = (".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png", ".txt", ".odt")
VIEWS_MOST = 20


class DutyFrozen(DomainError):
    """A later plan took this duty's place."""

    code = "plans.duty_frozen"


class DutyDone(DomainError):
    """The duty was already reported done."""

    code = "plans.duty_done"


class DutyChanged(DomainError):
    """Somebody else worked on this duty after the page was opened."""

    code = "plans.duty_changed"


class LateReasonMissing(DomainError):
    """Done after its date: a sentence must say why."""

    code = "plans.late_reason_missing"


class EvidenceMissing(DomainError):
    """Nothing shows that the duty is done."""

    code = "plans.evidence_missing"


class BadEvidence(DomainError):
    """A file that is too large or of a kind that is not taken, or a day that has not come."""

    code = "plans.bad_evidence"


class BadExtension(DomainError):
    """The new date is not after the old one, there is no date, or no reason."""

    code = "plans.bad_extension"


class NoSuchCascade(DomainError):
    """The plan above gives this area no duty to issue a plan of its own."""

    code = "plans.no_such_cascade"


class BadView(DomainError):
    """A saved view needs a name, and there is an end to how many one keeps."""

    code = "plans.bad_view"


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence as it is given: what it is, what it says, perhaps a file."""

    kind: str
    text: str
    file_name: str = ""
    data: bytes = b""


def share_visible_to(actor: Actor, share_id: int) -> Share:
    """
    Return what one body owes.

    Raises:
        Missing: it is not there, or not for this actor.
    """
    share = (
        Share.objects.filter(in_scope(actor, SEE_DUTY, "area"), pk=share_id)
        .select_related("duty__plan", "agency", "area")
        .first()
    )
    if share is None:
        raise Missing("Không tìm thấy nhiệm vụ này trong phạm vi của tài khoản.")
    return share


def may_work(actor: Actor, share: Share, span: Span) -> bool:
    """
    Return whether `actor` reports on this share.

    A clerk only for the own agency; whoever answers for the whole area for every body of it.
    """
    wanted = Right(WORK_DUTY, Data.INTERNAL)
    for grant in actor.grants:
        there = wanted in grant.rights and grant.span.holds(span)
        if there and (grant.role != Role.AGENCY_CLERK or share.agency_id in actor.agency_ids):
            return True
    return False


@transaction.atomic
def add_evidence(*, actor: Actor, share_id: int, proof: Proof, on: date, at: datetime) -> Evidence:
    """
    Put evidence to a duty without closing it; a standing duty is heard of again.

    Raises:
        Missing, NotAllowed: `actor` may not see it, or not report on it.
        DutyFrozen: a later plan took its place.
        EvidenceMissing, BadEvidence: there is nothing in it, or it cannot be taken.
    """
    share = _workable(actor, share_id)
    evidence = _store_evidence(actor, share, proof, on, at)
    record(
        actor=actor,
        action="plans.duty.evidence_added",
        subject=share,
        at=at,
        area_code=share.area.code,
        detail={"kind": proof.kind, "on": on.isoformat()},
    )
    return evidence


@transaction.atomic
def complete_duty(
    *,
    actor: Actor,
    share_id: int,
    revision: int,
    on: date,
    proof: Proof,
    late_reason: str = "",
    at: datetime,
) -> Share:
    """
    Report a duty done on a day, with what shows it. Late is always possible, with a reason.

    The same report a second time (a double click) gives the first's answer.

    Raises:
        Missing, NotAllowed, DutyFrozen, EvidenceMissing, BadEvidence: as for `add_evidence`.
        LateReasonMissing: `on` is after the due day and no reason was given.
        DutyDone: it was done before, otherwise.
        DutyChanged: somebody else worked on it after `revision`.
    """
    share = _workable(actor, share_id)
    if share.done_on is not None:
        if share.done_on == on and share.done_by == actor.name:
            return share
        raise DutyDone(
            f"Nhiệm vụ này đã báo xong ngày {share.done_on:%d/%m/%Y} ({share.done_by}).",
            done_on=share.done_on.isoformat(),
        )
    late = share.due_on is not None and on > share.due_on
    if late and not late_reason.strip():
        raise LateReasonMissing(
            f"Hạn là ngày {share.due_on:%d/%m/%Y}. Báo xong sau hạn thì ghi một câu lý do; "
            "câu này đi vào báo cáo."
        )
    _store_evidence(actor, share, proof, on, at)
    changed = Share.objects.filter(pk=share.pk, revision=revision, done_on__isnull=True).update(
        done_on=on,
        done_by=actor.name,
        late_reason=late_reason.strip()[:500] if late else "",
        revision=revision + 1,
    )
    if not changed:
        raise DutyChanged("Có người vừa cập nhật nhiệm vụ này. Tải lại trang rồi báo lại.")
    record(
        actor=actor,
        action="plans.duty.done",
        subject=share,
        at=at,
        area_code=share.area.code,
        detail={"on": on.isoformat(), "late": late},
    )
    share.refresh_from_db()
    return share


@transaction.atomic
def reopen_duty(*, actor: Actor, share_id: int, reason: str, at: datetime) -> Share:
    """
    Take back that a duty is done (a mistake, or evidence that does not show it).

    Raises:
        Missing, NotAllowed: as for `add_evidence`.
        LateReasonMissing: no reason was given.
    """
    share = _workable(actor, share_id)
    if not reason.strip():
        raise LateReasonMissing("Ghi một câu vì sao mở lại nhiệm vụ này.")
    Share.objects.filter(pk=share.pk).update(
        done_on=None, done_by="", late_reason="", revision=share.revision + 1
    )
    record(
        actor=actor,
        action="plans.duty.reopened",
        subject=share,
        at=at,
        area_code=share.area.code,
        detail={"reason": reason.strip()[:500]},
    )
    share.refresh_from_db()
    return share


@transaction.atomic
def extend_duty(
    *,
    actor: Actor,
    share_id: int,
    new_due: date,
    reason: str,
    asked_by: str = "",
    at: datetime,
) -> Extension:
    """
    Agree to a later date. The date of the plan stays beside it, and so does every step.

    Raises:
        Missing, NotAllowed: `actor` may not see it, or not agree to a later date.
        DutyFrozen, DutyDone: there is nothing left to extend.
        BadExtension: no reason, no date to move, or not later.
    """
    share = share_visible_to(actor, share_id)
    require(actor, EXTEND_DUTY, _span(actor, share), see=SEE_DUTY)
    _refuse_frozen(share)
    if share.done_on is not None:
        raise DutyDone("Nhiệm vụ này đã xong nên không gia hạn nữa.")
    if share.due_on is None:
        raise BadExtension("Nhiệm vụ thường xuyên không có hạn để gia hạn.")
    if not reason.strip():
        raise BadExtension("Ghi lý do gia hạn; lý do đi cùng cả hai ngày hạn.")
    if new_due <= share.due_on:
        raise BadExtension(
            f"Hạn mới phải sau ngày {share.due_on:%d/%m/%Y}.", due_on=share.due_on.isoformat()
        )
    extension = Extension.objects.create(
        share=share,
        old_due=share.due_on,
        new_due=new_due,
        reason=reason.strip()[:500],
        asked_by=asked_by.strip()[:200],
        approved_by=actor.name,
        at=at,
    )
    changed = Share.objects.filter(pk=share.pk, revision=share.revision).update(
        due_on=new_due, revision=share.revision + 1
    )
    if not changed:
        raise DutyChanged("Có người vừa cập nhật nhiệm vụ này. Tải lại trang rồi gia hạn lại.")
    record(
        actor=actor,
        action="plans.duty.extended",
        subject=share,
        at=at,
        area_code=share.area.code,
        detail={"from": share.due_on.isoformat(), "to": new_due.isoformat()},
    )
    return extension


@transaction.atomic
def remind(*, actor: Actor, share_ids: Sequence[int], at: datetime) -> int:
    """
    Remind the bodies of what is open among `share_ids`; returns how many were reminded.

    Once a day for each thing owed, so a second click reminds nobody again. What is done,
    frozen, or outside the area in which `actor` may remind is left out.
    """
    today = at.astimezone(HO_CHI_MINH).date()
    shares = list(
        Share.objects.filter(
            in_scope(actor, REMIND_DUTY, "area"),
            pk__in=share_ids,
            done_on__isnull=True,
            frozen=False,
        ).exclude(reminders__on=today)
    )
    if not shares:
        return 0
    Reminder.objects.bulk_create(
        (Reminder(share=share, on=today, at=at, by=actor.name) for share in shares),
        ignore_conflicts=True,
        batch_size=2_000,
    )
    record(
        actor=actor,
        action="plans.duty.reminded",
        subject=shares[0],
        at=at,
        detail={"count": len(shares)},
    )
    return len(shares)


@transaction.atomic
def link_plan(*, actor: Actor, plan_id: int, upper_id: int, at: datetime) -> Plan:
    """
    Say that a plan carries out one of the level above; the duty to issue it is done with it.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not publish, this plan.
        NoSuchCascade: the plan above gives this area no such duty.
    """
    plan = plan_open_to(actor, plan_id, PUBLISH_PLAN)
    upper = plan_visible_to(actor, upper_id)
    shares = Share.objects.filter(
        duty__plan=upper, duty__cascades=True, area=plan.area, leads=True, frozen=False
    )
    if not shares:
        raise NoSuchCascade(
            "Kế hoạch cấp trên này không giao địa bàn ban hành kế hoạch riêng nên không gắn được."
        )
    Plan.objects.filter(pk=plan.pk).update(upper=upper)
    day = (plan.published_at or at).astimezone(HO_CHI_MINH).date()
    name = plan.number or plan.title
    for share in shares.filter(done_on__isnull=True):
        Evidence.objects.create(
            share=share, kind="document", on=day, text=f"Kế hoạch {name}"[:500], at=at,
            by=actor.name,
        )  # fmt: skip
        late = share.due_on is not None and day > share.due_on
        reason = "Kế hoạch được gắn sau hạn." if late else ""
        Share.objects.filter(pk=share.pk).update(
            done_on=day, done_by=actor.name, late_reason=reason, heard_on=day,
            revision=share.revision + 1,
        )  # fmt: skip
    record(
        actor=actor,
        action="plans.plan.linked",
        subject=plan,
        at=at,
        area_code=plan.area.code,
        detail={"upper": upper.pk},
    )
    plan.refresh_from_db()
    return plan


def save_view(*, actor: Actor, name: str, query: str) -> SavedView:
    """
    Keep a filter of the list of duties under a name; the same name again replaces it.

    Raises:
        BadView: there is no name, or there are too many already.
    """
    name = " ".join(name.split())[:60]
    if actor.id is None or not name:
        raise BadView("Đặt tên cho cách lọc này rồi lưu.")
    views = SavedView.objects.filter(user=actor.id)
    if views.count() >= VIEWS_MOST and not views.filter(name=name).exists():
        raise BadView(f"Đã lưu {VIEWS_MOST} cách lọc. Xóa bớt một cách rồi lưu.")
    view, _made = SavedView.objects.update_or_create(
        user_id=actor.id, name=name, defaults={"query": query[:300]}
    )
    return view


def drop_view(*, actor: Actor, name: str) -> None:
    """Forget a saved filter of one's own."""
    SavedView.objects.filter(user=actor.id, name=name).delete()


def _workable(actor: Actor, share_id: int) -> Share:
    share = share_visible_to(actor, share_id)
    if not may_work(actor, share, _span(actor, share)):
        raise NotAllowed(
            f"Nhiệm vụ này do {share.agency.name} báo cáo. Hãy dùng tài khoản của cơ quan đó hoặc "
            "liên hệ cơ quan thường trực."
        )
    _refuse_frozen(share)
    return share


def _span(actor: Actor, share: Share) -> Span:
    _area, span = area_visible_to(actor, share.area.code, SEE_DUTY)
    return span


def _refuse_frozen(share: Share) -> None:
    if share.frozen and share.done_on is None:
        raise DutyFrozen("Nhiệm vụ này đã có kế hoạch khác thay; mở nhiệm vụ mới để báo cáo.")


def _store_evidence(actor: Actor, share: Share, proof: Proof, on: date, at: datetime) -> Evidence:
    if proof.kind not in dict(Evidence.KINDS):
        raise BadEvidence("Chọn loại minh chứng trong danh sách.")
    if not proof.text.strip() and not proof.data:
        raise EvidenceMissing(
            "Chưa có minh chứng. Ghi số văn bản, số liệu hoặc hoạt động, hoặc đính kèm tệp."
        )
    if on > at.astimezone(HO_CHI_MINH).date():
        raise BadEvidence(f"Ngày {on:%d/%m/%Y} chưa tới. Ghi ngày việc đã xong.")
    if len(proof.data) > LARGEST_FILE:
        raise BadEvidence("Tệp quá lớn (trên 10 MB). Nén ảnh hoặc chỉ đưa trang cần thiết.")
    if proof.file_name and not proof.file_name.lower().endswith(FILE_ENDINGS):
        raise BadEvidence("Loại tệp này không nhận. Dùng PDF, DOCX, XLSX, JPG hoặc PNG.")
    if proof.kind == "file" and not proof.data:
        raise BadEvidence("Chưa chọn tệp. Đính kèm tệp, hoặc chọn loại minh chứng khác.")
    mark = secrecy_of(proof.data, proof.file_name) if _may_be_marked(proof) else None
    if mark is not None:
        raise BadEvidence(
            f"Tệp đóng dấu độ mật ({mark}), không được đưa vào hệ thống. Ghi số, ký hiệu văn bản "
            "thay cho tệp, và xử lý tệp theo quy định về bảo vệ bí mật nhà nước."
        )
    evidence = Evidence(
        share=share,
        kind=proof.kind,
        on=on,
        text=(proof.text.strip() or proof.file_name)[:500],
        at=at,
        by=actor.name,
    )
    if proof.data:
        ending = proof.file_name.rpartition(".")[2].lower()
        evidence.file.save(f"{share.pk}.{ending}", ContentFile(proof.data), save=False)
    evidence.save()
    if share.heard_on is None or on > share.heard_on:
        Share.objects.filter(pk=share.pk).update(heard_on=on)
    return evidence


def _may_be_marked(proof: Proof) -> bool:
    return bool(proof.data) and proof.file_name.lower().endswith((".pdf", ".docx"))
