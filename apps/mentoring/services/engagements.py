"""The work itself: notes of sessions, goals, the plan, the close."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.models import Member
from apps.mentoring import policies
from apps.mentoring.choices import GoalState
from apps.mentoring.models import Engagement, Goal, Session
from apps.mentoring.services.meetings import hold_meeting
from apps.mentoring.services.people import leads_of, mentors_of
from apps.mentoring.services.work import check_going as check_going
from apps.mentoring.services.work import close_work
from apps.mentoring.services.work import visible as visible


def _check_dates(engagement: Engagement, held_on: date, next_on: date | None) -> None:
    if not engagement.starts_on <= held_on <= localdate():
        raise Refused(
            _("Write the note after the session: a date from the start of the engagement to today."),
            field="held_on",
        )
    if next_on is not None and next_on < held_on:
        raise Refused(_("The next session must come after this one."), field="next_on")


@transaction.atomic
def log_session(
    *,
    actor: User,
    member: Member,
    engagement: str,
    held_on: date,
    next_on: date | None = None,
    idempotency: str = "",
    meeting: str = "",
    **note: Any,
) -> Session:
    """Write the note of a session that was held. `note`: hours, present, notes, next_steps; `meeting` the planned one."""
    row = visible(actor, member, engagement)
    require(policies.may_write_session(actor, row))
    check_going(row)
    _check_dates(row, held_on, next_on)

    def write() -> dict[str, Any]:
        made = Session.objects.create(
            engagement=row, held_on=held_on, next_on=next_on, written_by=actor, **note
        )
        hold_meeting(row, meeting, made)
        audit.record(actor=actor, action="session.logged", on=made, chain=row.member.public_id)
        _tell(actor, row, made)
        return {"session": made.public_id}

    done = once(
        owner=actor.public_id, scope=f"session:{row.public_id}", key=idempotency, act=write,
        content=(held_on, next_on, sorted(note.items())),
    )  # fmt: skip
    return Session.objects.get(public_id=done["session"])


def _tell(actor: User, row: Engagement, note: Session) -> None:
    for side, people in ((row.member, leads_of(row.member)), (row.mentor, mentors_of(row.mentor))):
        for person in people:
            if person != actor:
                notify(
                    actor=actor, user=person, kind="session_logged", key=f"session:{note.public_id}",
                    url=reverse("mentoring:engagement", args=[side.public_id, row.public_id]),
                    who=actor.get_short_name(), date=date_format(note.held_on),
                )  # fmt: skip


@transaction.atomic
def change_session(
    *,
    actor: User,
    member: Member,
    engagement: str,
    public_id: str,
    version: int,
    held_on: date,
    next_on: date | None = None,
    **note: Any,
) -> Session:
    """Change a note. Raises `Conflict` with the stored note when the other side saved first."""
    row = visible(actor, member, engagement)
    require(policies.may_write_session(actor, row))
    found = Session.objects.filter(engagement=row, public_id=public_id).first()
    if found is None:
        raise Http404
    check_going(row)
    _check_dates(row, held_on, next_on)
    save_version(found, expected=version, changes={"held_on": held_on, "next_on": next_on, **note})
    audit.record(
        actor=actor, action="session.changed", on=found, chain=row.member.public_id, version=found.version
    )
    return found


@transaction.atomic
def set_goal(
    *, actor: User, member: Member, engagement: str, public_id: str, state: str, version: int
) -> Goal:
    """Say that a goal is reached, dropped or open again. The level itself is shown by the next assessment only."""
    row = visible(actor, member, engagement)
    require(policies.may_steer(actor, row))
    check_going(row)
    goal = Goal.objects.filter(engagement=row, public_id=public_id).first()
    if goal is None:
        raise Http404
    if state not in GoalState.values:
        raise Refused(_("Choose one of the states."))
    save_version(goal, expected=version, changes={"state": state})
    audit.record(actor=actor, action="goal.set", on=goal, chain=row.member.public_id, state=state)
    return goal


@transaction.atomic
def close_engagement(*, actor: User, member: Member, engagement: str, version: int, note: str) -> Engagement:
    """End the work with a note. The place is free again and the mentor's right to read ends at once."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    check_going(row)
    if not note.strip():
        raise Refused(_("Write what changed, in a sentence or two."), field="note")
    close_work(actor, row, expected=version, closing_note=note)
    audit.record(actor=actor, action="engagement.closed", on=row, chain=row.member.public_id)
    return row
