"""Sessions planned ahead: the page, one of them, and the calendar of an engagement (RFC 5545)."""

from __future__ import annotations

import hashlib
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from apps.accounts.models import User
from apps.core.converters import PublicIdConverter
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.choices import EngagementState, MeetingState
from apps.mentoring.models import CalendarAddress, Engagement, Meeting
from apps.mentoring.selectors.agreements import Space, engagement_for, space_of


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A planned session; `times` say for each side what its clocks show, when they differ."""

    public_id: str
    starts_at: datetime
    minutes: int
    place: str
    agenda: str
    times: tuple[str, ...]
    over: bool
    version: int


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """What is planned ahead, and how much was held. `address_since` is when the reader's private address was made."""

    space: Space
    rows: tuple[MeetingRow, ...]
    held: int
    planned: int
    hours: Decimal
    address_since: datetime | None
    can_write: bool


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    space: Space
    meeting: MeetingRow | None


def meetings_page(user: User, member_id: str, engagement_id: str) -> MeetingsPage:
    """The planned sessions of an engagement, the next first. Raises Http404."""
    member, row = engagement_for(user, member_id, engagement_id)
    space = space_of(member, row)
    ahead = row.meetings.filter(state=MeetingState.PLANNED)
    made = CalendarAddress.objects.filter(engagement=row, user=user).values_list("made_at", flat=True).first()
    return MeetingsPage(
        space, tuple(_row(m, row) for m in ahead), row.sessions.count(), row.planned_sessions,
        row.sessions.aggregate(all=Sum("hours"))["all"] or Decimal(0), None if space.over else made,
        not space.over and bool(policies.may_write_session(user, row)),
    )  # fmt: skip


def _row(meeting: Meeting, row: Engagement) -> MeetingRow:
    return MeetingRow(
        meeting.public_id, meeting.starts_at, meeting.minutes, meeting.place, meeting.agenda,
        _times(meeting.starts_at, row), meeting.starts_at <= now(), meeting.version,
    )  # fmt: skip


def _times(at: datetime, row: Engagement) -> tuple[str, ...]:
    """The time of each side in its own zone; empty when both clocks agree."""
    clocks = [
        (side.name, at.astimezone(zoneinfo.ZoneInfo(side.time_zone))) for side in (row.member, row.mentor)
    ]
    if clocks[0][1].utcoffset() == clocks[1][1].utcoffset():
        return ()
    text = _("%(time)s for %(side)s")
    return tuple(text % {"time": date_format(clock, "j M, H:i"), "side": name} for name, clock in clocks)


def meeting_draft(user: User, member_id: str, engagement_id: str, meeting_id: str = "") -> MeetingDraft:
    """The form of a planned session, new or stored. Raises `PermissionDenied` for readers, Http404 for a held one."""
    member, row = engagement_for(user, member_id, engagement_id)
    decision = policies.may_write_session(user, row)
    if not decision:
        raise PermissionDenied(decision.reason)
    space = space_of(member, row)
    if not meeting_id:
        return MeetingDraft(space, None)
    found = row.meetings.filter(public_id=meeting_id, state=MeetingState.PLANNED).first()
    if found is None:
        raise Http404
    return MeetingDraft(space, _row(found, row))


def first_note(user: User, member_id: str, engagement_id: str, meeting_id: str) -> dict[str, Any]:
    """What the note of a planned session starts with: its day and length; empty for one that is not there."""
    if not re.fullmatch(PublicIdConverter.regex, meeting_id):
        return {}
    _member, row = engagement_for(user, member_id, engagement_id)
    found = row.meetings.filter(public_id=meeting_id, state=MeetingState.PLANNED).first()
    if found is None:
        return {}
    hours = (Decimal(found.minutes) / 60).quantize(Decimal("0.1"))
    return {"held_on": localtime(found.starts_at).date(), "hours": hours, "meeting": found.public_id}


# --- calendars


def hash_of(secret: str) -> str:
    """What is stored of the secret in a calendar's address."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def calendar_of(user: User, member_id: str, engagement_id: str, meeting_id: str = "") -> bytes:
    """All sessions of an engagement, or one, as an iCalendar file. Raises Http404."""
    member, row = engagement_for(user, member_id, engagement_id)
    meetings = row.meetings.filter(public_id=meeting_id) if meeting_id else row.meetings.all()
    found = list(meetings)
    if meeting_id and not found:
        raise Http404
    return _calendar(member, row, found)


@dataclass(frozen=True, slots=True)
class Followed:
    """Whose address it is, and what the calendar holds in that person's language."""

    language: str
    member: Member
    engagement: Engagement

    def text(self) -> bytes:
        """The calendar as it stands."""
        return _calendar(self.member, self.engagement, list(self.engagement.meetings.all()))


def followed_by(secret: str) -> Followed:
    """What a private address opens. Raises Http404 once it was taken back, the work has ended, or its owner has left."""
    rows = CalendarAddress.objects.select_related("user", "engagement__member", "engagement__mentor")
    found = rows.filter(secret_hash=hash_of(secret), user__is_active=True).first() if secret else None
    if found is None or found.engagement.state == EngagementState.CLOSED:
        raise Http404
    row = found.engagement
    if not Engagement.objects.visible_to(found.user).filter(pk=row.pk).exists():
        raise Http404
    own = found.user.memberships.filter(member=row.member_id).exists()
    return Followed(found.user.language or "en", row.member if own else row.mentor, row)


def invitation_to(person: User, side: Member, row: Engagement, meeting: Meeting) -> str:
    """The calendar invitation of a session for one person, in their language: a request, or the end of an earlier one.

    It goes by mail, so it holds the time, the area and the two sides: place and agenda stay on the site.
    """
    off = meeting.state == MeetingState.CALLED_OFF
    with translation.override(person.language or "en"):
        made = _frame(row, "CANCEL" if off else "REQUEST")
        event = _event(row, meeting, _address(side, row), open_=False)
    event.add("organizer", f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    event.add("attendee", f"mailto:{person.email}", parameters={"ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"})
    made.add_component(event)
    return bytes(made.to_ical()).decode()


def _frame(row: Engagement, method: str) -> Calendar:
    made = Calendar()
    for name, value in (("prodid", "-//Belay//Mentoring//EN"), ("version", "2.0"), ("method", method)):
        made.add(name, value)
    made.add("x-wr-calname", row.area_name)
    return made


def _address(member: Member, row: Engagement) -> str:
    path = reverse("mentoring:meetings", args=[member.public_id, row.public_id])
    return f"{settings.SITE_URL}{path}"


def _calendar(member: Member, row: Engagement, meetings: Sequence[Meeting]) -> bytes:
    made = _frame(row, "PUBLISH")
    for meeting in meetings:
        made.add_component(_event(row, meeting, _address(member, row), open_=True))
    return bytes(made.to_ical())


def _event(row: Engagement, meeting: Meeting, url: str, *, open_: bool) -> Event:
    """The session; `open_` with its place and agenda."""
    event = Event()
    host = settings.SITE_URL.split("//")[-1].split(":")[0]
    event.add("uid", f"{meeting.public_id}@{host}")
    event.add("dtstamp", now().replace(microsecond=0))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _utc(meeting.starts_at))
    event.add("dtend", _utc(meeting.starts_at + timedelta(minutes=meeting.minutes)))
    summary = _("%(area)s: %(member)s and %(mentor)s")
    event.add(
        "summary", summary % {"area": row.area_name, "member": row.member.name, "mentor": row.mentor.name}
    )
    if open_ and meeting.place:
        event.add("location", meeting.place)
    if open_ and meeting.agenda:
        event.add("description", meeting.agenda)
    event.add("url", url)
    event.add("status", "CANCELLED" if meeting.state == MeetingState.CALLED_OFF else "CONFIRMED")
    return event


def _utc(at: datetime) -> datetime:
    return at.astimezone(zoneinfo.ZoneInfo("UTC")).replace(microsecond=0)
