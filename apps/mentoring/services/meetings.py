"""Sessions planned ahead: a time, an agenda, a place; changed, called off, held; and the address of their calendar."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.choices import MeetingState
from apps.mentoring.models import CalendarAddress, Engagement, Meeting, Session
from apps.mentoring.selectors.meetings import hash_of, invitation_to
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.work import check_going, visible

MOST_AHEAD = 40
LONGEST_AHEAD = timedelta(days=730)


@transaction.atomic
def plan_meeting(
    *, actor: User, member: Member, engagement: str, starts_at: datetime, idempotency: str = "", **words: Any
) -> Meeting:
    """Plan a session. `words`: minutes, place, agenda. Raises `Refused` for a time that cannot be."""
    row = visible(actor, member, engagement)
    require(policies.may_write_session(actor, row))
    check_going(row)
    _check_time(starts_at)
    if Meeting.objects.filter(engagement=row, state=MeetingState.PLANNED).count() >= MOST_AHEAD:
        raise Refused(_("Many sessions are planned already. Hold or call off some first."))

    def write() -> dict[str, Any]:
        made = Meeting.objects.create(engagement=row, starts_at=starts_at, planned_by=actor, **words)
        audit.record(actor=actor, action="meeting.planned", on=made, chain=row.member.public_id)
        _tell(actor, row, made, "meeting_planned")
        return {"meeting": made.public_id}

    done = once(
        owner=actor.public_id, scope=f"meeting:{row.public_id}", key=idempotency, act=write,
        content=(starts_at, sorted(words.items())),
    )  # fmt: skip
    return Meeting.objects.get(public_id=done["meeting"])


def _check_time(starts_at: datetime) -> None:
    if not now() - timedelta(hours=1) <= starts_at <= now() + LONGEST_AHEAD:
        raise Refused(
            _(
                "Choose a time that is still to come, within two years. A session that was held is logged with its note."
            ),
            field="on",
        )


@transaction.atomic
def change_meeting(
    *,
    actor: User,
    member: Member,
    engagement: str,
    public_id: str,
    version: int,
    starts_at: datetime,
    **words: Any,
) -> Meeting:
    """Change what is planned; calendars learn of it. Raises `Conflict` with the stored one when somebody saved first."""
    row = visible(actor, member, engagement)
    require(policies.may_write_session(actor, row))
    check_going(row)
    found = _planned(row, public_id)
    _check_time(starts_at)
    moved = found.starts_at != starts_at or found.minutes != words.get("minutes", found.minutes)
    changes = {"starts_at": starts_at, "sequence": found.sequence + 1, **words}
    found = save_version(found, expected=version, changes=changes)
    audit.record(
        actor=actor, action="meeting.changed", on=found, chain=row.member.public_id, version=found.version
    )
    if moved:
        _tell(actor, row, found, "meeting_moved")
    return found


@transaction.atomic
def call_off_meeting(*, actor: User, member: Member, engagement: str, public_id: str) -> Meeting:
    """Call a planned session off; calendars show it as cancelled. Twice is once."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_write_session(actor, row))
    check_going(row)
    found = Meeting.objects.filter(engagement=row, public_id=public_id).first()
    if found is None:
        raise Http404
    if found.state != MeetingState.PLANNED:
        return found
    found.state, found.sequence, found.version = (
        MeetingState.CALLED_OFF,
        found.sequence + 1,
        found.version + 1,
    )
    found.save(update_fields=["state", "sequence", "version"])
    audit.record(actor=actor, action="meeting.called_off", on=found, chain=row.member.public_id)
    _tell(actor, row, found, "meeting_off")
    return found


def _planned(row: Engagement, public_id: str) -> Meeting:
    found = Meeting.objects.filter(engagement=row, public_id=public_id, state=MeetingState.PLANNED).first()
    if found is None:
        raise Http404
    return found


def hold_meeting(row: Engagement, public_id: str, session: Session) -> None:
    """The note of a planned session was written, in the transaction that wrote it; an unknown one changes nothing."""
    if public_id:
        found = Meeting.objects.filter(engagement=row, public_id=public_id, state=MeetingState.PLANNED)
        found.update(state=MeetingState.HELD, session=session)


def _tell(actor: User, row: Engagement, meeting: Meeting, kind: str) -> None:
    for side, people in ((row.member, leads_of(row.member)), (row.mentor, mentors_of(row.mentor))):
        url = reverse("mentoring:meetings", args=[side.public_id, row.public_id])
        for person in people:
            if person != actor:
                notify(
                    actor=actor, user=person, kind=kind, key=f"{kind}:{meeting.public_id}:{meeting.sequence}", url=url,
                    who=actor.get_short_name(), area=row.area_name,
                    calendar=invitation_to(person, side, row, meeting),
                )  # fmt: skip


@transaction.atomic
def make_meeting_address(*, actor: User, member: Member, engagement: str) -> str:
    """Make a private address of this engagement's calendar; its secret is shown once. The actor's old one ends."""
    row = visible(actor, member, engagement)
    require(policies.may_follow(actor, row))
    check_going(row)
    secret = secrets.token_urlsafe(24)
    CalendarAddress.objects.update_or_create(
        engagement=row, user=actor, defaults={"secret_hash": hash_of(secret), "made_at": now()}
    )
    audit.record(actor=actor, action="calendar.opened", on=row, chain=row.member.public_id)
    return secret


@transaction.atomic
def end_meeting_address(*, actor: User, member: Member, engagement: str) -> None:
    """Take the actor's private address back."""
    row = visible(actor, member, engagement)
    require(policies.may_follow(actor, row))
    if CalendarAddress.objects.filter(engagement=row, user=actor).delete()[0]:
        audit.record(actor=actor, action="calendar.closed", on=row, chain=row.member.public_id)
