"""A person's calendar address, and the calendar behind it."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from icalendar import Calendar, Event

from diaban.accounts.models import User
from diaban.accounts.selectors import actor_of
from diaban.audit.services import record
from diaban.core.access import Actor, Missing
from diaban.core.periods import HO_CHI_MINH
from diaban.plans.duty_lists import own, shares_visible_to
from diaban.plans.models import Feed, Share

# A calendar is asked for several times a day; what is older than a quarter is history.
DAYS_BACK: Final = 92
MOST: Final = 2_000
HOST: Final = "diaban.local"


@transaction.atomic
def make_feed(*, actor: Actor, at: datetime) -> str:
    """
    Return a new token for this person's calendar; an older address stops working.

    Only the token's digest is stored, so it is shown once.
    """
    if actor.id is None:
        raise Missing("Lịch riêng cần một tài khoản.")
    token = secrets.token_urlsafe(32)
    Feed.objects.filter(user=actor.id, revoked_at__isnull=True).update(revoked_at=at)
    feed = Feed.objects.create(user_id=actor.id, digest=_digest(token), made_at=at)
    record(actor=actor, action="plans.feed.made", subject=feed, at=at)
    return token


@transaction.atomic
def revoke_feed(*, actor: Actor, at: datetime) -> None:
    """Stop this person's calendar address."""
    for feed in Feed.objects.filter(user=actor.id, revoked_at__isnull=True):
        Feed.objects.filter(pk=feed.pk).update(revoked_at=at)
        record(actor=actor, action="plans.feed.revoked", subject=feed, at=at)


def calendar_of(token: str, at: datetime) -> bytes:
    """
    Return the calendar of the person whose token this is, as RFC 5545.

    Raises:
        Missing: no such token, it was revoked, or the account is closed.
    """
    feed = (
        Feed.objects.filter(digest=_digest(token), revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    if feed is None:
        raise Missing("Địa chỉ lịch này không còn dùng được. Tạo địa chỉ mới ở trang Nhiệm vụ.")
    return calendar_for(feed.user, at)


def calendar_for(user: User, at: datetime) -> bytes:
    """Return somebody's calendar: one all-day event for each day by which something is due."""
    today = at.astimezone(HO_CHI_MINH).date()
    actor = actor_of(user, today)
    shares = (
        shares_visible_to(actor)
        .filter(own(actor), leads=True, frozen=False)
        .filter(due_on__gte=today - timedelta(days=DAYS_BACK))
        .select_related("duty__plan", "agency")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    return written(shares[:MOST], user.name, at)


def written(shares: Iterable[Share], name: str, at: datetime) -> bytes:
    """
    Return shares as an iCalendar file.

    A due day is a day on the wall calendar of Vietnam, not a moment: it is written as a DATE
    (RFC 5545, 3.3.4) without a zone, so no reader can shift it by seven hours.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Dia Ban//Nhiem vu//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Địa Bàn · {name}")
    for share in shares:
        if share.due_on is None:
            continue
        calendar.add_component(_event(share, share.due_on, at))
    return bytes(calendar.to_ical())


def _event(share: Share, due: date, at: datetime) -> Event:
    event = Event()
    done = share.done_on is not None
    event.add("uid", f"share-{share.pk}@{HOST}")
    event.add("sequence", share.revision)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("summary", f"{'✓ ' if done else ''}Hạn: {share.duty.what[:120]}")
    source = share.duty.plan.number or share.duty.plan.title
    event.add("description", f"{share.agency.name} · {source}, mục {share.duty.section}")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
