"""
The morning's mail: what each person owes, once a day.

Three steps, each safe to be cut off anywhere. All mails of a day are *written* in one
transaction, one row a person and day; then each row is *claimed*, *delivered* and *marked*. A
process that is killed in between leaves a row in `sending`. Into a spool folder such a row is
delivered again under the same file name, which changes nothing if it was there already: every
mail exactly once. To a mail server nobody can know whether the last message left, so it is not
sent again; it is named, and `Message-ID` tells it apart in the server's log.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from diaban.accounts.models import User
from diaban.accounts.rules import REMIND_DUTY
from diaban.accounts.selectors import actor_of
from diaban.core.access import Actor, scopes
from diaban.core.letters import Section, sources
from diaban.core.periods import HO_CHI_MINH
from diaban.plans.duty_lists import due_for, having, shares_visible_to, standing_of
from diaban.plans.models import Digest, Share
from diaban.plans.rules.standing import Status

# Nobody is written to in the night, nor on a Sunday.
OPENS: Final = 7
CLOSES: Final = 18
ESCALATE_DAYS: Final = 7
LINES: Final = 30
HOST: Final = "diaban.local"

Deliver = Callable[[Digest], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    How many mails were delivered now and had been before.

    `failed`: refused by the mail server, to be tried again; `doubtful`: nobody knows whether
    they left.
    """

    sent: int
    before: int
    failed: tuple[str, ...]
    doubtful: tuple[str, ...]


def is_quiet(at: datetime) -> bool:
    """Return whether nobody is written to at that moment (night, or a Sunday)."""
    local = at.astimezone(HO_CHI_MINH)
    return not OPENS <= local.hour < CLOSES or local.weekday() == 6


def write_digests(at: datetime) -> int:
    """
    Write today's mail of everybody who has an address and something to be told.

    Returns how many are new; a second call on the same day writes nothing. One transaction.
    """
    day = at.astimezone(HO_CHI_MINH).date()
    users = User.objects.filter(is_active=True).exclude(email="").order_by("pk")
    with transaction.atomic():
        for source in sources():
            source.prepare(at)
        known = set(Digest.objects.filter(day=day).values_list("user_id", flat=True))
        told: dict[int, set[int]] = {}
        rows = [
            row
            for user in users
            if user.pk not in known and (row := _written_for(user, day, at, told)) is not None
        ]
        Digest.objects.bulk_create(rows, ignore_conflicts=True)
        for number, source in enumerate(sources()):
            source.written(told.get(number, set()), at)
    return len(rows)


class MayHaveLeft(Exception):
    """The server went away while it had the mail: it was taken, or it was not."""


def deliver_digests(at: datetime, deliver: Deliver, *, repeatable: bool) -> Outcome:
    """
    Deliver what was written for today, each mail at most once, and once in the end.

    `repeatable`: delivering a mail twice is the same as once, so what a killed process left
    half done is delivered again; otherwise it is given back as doubtful.
    """
    day = at.astimezone(HO_CHI_MINH).date()
    today = Digest.objects.filter(day=day)
    before = today.filter(state=Digest.SENT).count()
    failed: list[str] = []
    doubtful: list[str] = []
    sent = 0
    for row in today.exclude(state=Digest.SENT).order_by("pk"):
        if row.state == Digest.SENDING and not repeatable:
            doubtful.append(row.to)
            continue
        claimed = Digest.objects.filter(pk=row.pk, state=row.state).update(state=Digest.SENDING)
        if not claimed:
            continue
        try:
            deliver(row)
        except MayHaveLeft:
            # Neither taken nor refused: sending it again could be the second time.
            doubtful.append(row.to)
            continue
        except OSError:
            # Refused or out of reach (smtplib's errors among them): it has not left.
            Digest.objects.filter(pk=row.pk).update(state=Digest.WAITING)
            failed.append(row.to)
            continue
        Digest.objects.filter(pk=row.pk).update(state=Digest.SENT, sent_at=at)
        sent += 1
    return Outcome(sent, before, tuple(failed), tuple(doubtful))


def by_mail() -> Deliver:
    """
    Return a delivery through Django's backend (the console unless a server is configured).

    One connection carries all the mails and is opened before the first is claimed, so a process
    that dies while it waits for the server leaves none in doubt.
    """
    connection = get_connection()
    # A server that is out of reach is met again, and reported, with the first mail.
    with suppress(OSError):
        connection.open()

    def deliver(row: Digest) -> None:
        try:
            connection.open()
            # A server that is gone since the last mail is found out before this one is handed over.
            if (server := getattr(connection, "connection", None)) is not None:
                server.ehlo_or_helo_if_needed()
                server.noop()
        except OSError:
            connection.close()
            raise
        try:
            message_of(row, connection).send()
        except (SMTPResponseException, SMTPRecipientsRefused):
            connection.close()
            raise
        except OSError as error:
            connection.close()
            raise MayHaveLeft from error

    return deliver


def into_spool(folder: Path) -> Deliver:
    """
    Return a delivery that puts each mail as one file into `folder`, named by its token.

    The file appears whole or not at all; a second delivery finds it there.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def deliver(row: Digest) -> None:
        final = folder / f"{row.token}.eml"
        part = folder / f".{row.token}.{os.getpid()}.part"
        with part.open("wb") as file:
            file.write(message_of(row).message().as_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(final)

    return deliver


def message_of(row: Digest, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """Return a written mail as a message; the same row always has the same Message-ID."""
    return EmailMessage(
        subject=row.subject,
        body=row.body,
        to=[row.to],
        headers={
            "Message-ID": f"<{row.token}@{HOST}>",
            "Date": formatdate(row.written_at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )


def _written_for(user: User, day: date, at: datetime, told: dict[int, set[int]]) -> Digest | None:
    """Return a person's mail in the language that they switched their pages to."""
    with override(user.language):
        return _digest_of(user, day, at, told)


def _digest_of(user: User, day: date, at: datetime, told: dict[int, set[int]]) -> Digest | None:
    """Return a person's mail; what sources put into it is added to `told`, by their number."""
    actor = actor_of(user, day)
    mine = due_for(actor, day, most=200)
    late = _escalated(actor, day)
    news = []
    for number, source in enumerate(sources()):
        section = source.section_for(actor, at)
        if section is not None:
            news.append(section)
            told.setdefault(number, set()).update(section.keys)
    if not mine and not late and not news:
        return None
    count = sum(1 for share in mine if standing_of(share, day).status is Status.OVERDUE)
    return Digest(
        user=user,
        day=day,
        token=hashlib.sha256(f"digest:{user.pk}:{day}".encode()).hexdigest()[:40],
        to=user.email,
        subject=_subject(len(mine), count, len(late), news),
        body=_body(user, mine, late, day, news),
        written_at=at,
    )


def _escalated(actor: Actor, day: date) -> list[Share]:
    """Return what is overdue for more than a week below whoever has to chase it."""
    if not scopes(actor, REMIND_DUTY):
        return []
    since = day - timedelta(days=ESCALATE_DAYS)
    found = (
        shares_visible_to(actor)
        .filter(having(Status.OVERDUE, day), due_on__lt=since, requested=False, leads=True)
        .select_related("duty__plan", "agency", "area")
        .order_by("due_on", "pk")
    )
    return list(found[:200])


def _subject(mine: int, overdue: int, late: int, news: Sequence[Section]) -> str:
    parts = [_("%(n)s việc cần làm") % {"n": mine}] if mine else []
    if overdue:
        parts.append(_("%(n)s quá hạn") % {"n": overdue})
    if late:
        told = {"n": late, "days": ESCALATE_DAYS}
        parts.append(_("%(n)s việc cấp dưới quá hạn trên %(days)s ngày") % told)
    parts += [section.subject for section in news]
    return f"Địa Bàn: {', '.join(parts)}"[:200]


def _body(
    user: User,
    mine: Sequence[Share],
    late: Sequence[Share],
    day: date,
    news: Sequence[Section],
) -> str:
    lines = [_("Kính gửi %(name)s,") % {"name": user.name}, ""]
    if mine:
        lines += [_("Việc của đơn vị đến ngày %(day)s:") % {"day": f"{day:%d/%m/%Y}"}, ""]
        lines += list(_listed(mine, day, agency=False))
    if late:
        if mine:
            lines.append("")
        lines += [_("Quá hạn trên %(n)s ngày, cần đôn đốc:") % {"n": ESCALATE_DAYS}, ""]
        lines += list(_listed(late, day, agency=True))
    for section in news:
        if lines[-1]:
            lines.append("")
        lines += [section.head, "", *(f"- {line}" for line in section.lines)]
    lines += ["", _("Mở “Việc của tôi” để báo kết quả hoặc đề nghị gia hạn.")]
    return "\n".join(lines) + "\n"


def _listed(shares: Sequence[Share], day: date, *, agency: bool) -> Iterable[str]:
    for share in shares[:LINES]:
        stood = standing_of(share, day)
        when = {
            Status.OVERDUE: _("quá %(n)s ngày"),
            Status.SILENT: _("im lặng %(n)s ngày"),
        }.get(stood.status, _("còn %(n)s ngày")) % {"n": stood.days}
        due = _(", hạn %(day)s") % {"day": f"{share.due_on:%d/%m/%Y}"} if share.due_on else ""
        reminded = getattr(share, "reminded_on", None)
        note = _("; được nhắc ngày %(day)s") % {"day": f"{reminded:%d/%m}"} if reminded else ""
        who = f"{share.agency.name}: " if agency else ""
        yield f"- {who}{share.duty.what[:140]} ({when}{due}{note})"
    if len(shares) > LINES:
        yield _("- và %(n)s việc khác") % {"n": len(shares) - LINES}
