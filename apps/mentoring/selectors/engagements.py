"""Engagements: lists for members and programmes, the workspace for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.members.models import Member, Programme
from apps.members.selectors import get_member, get_programme
from apps.mentoring import policies
from apps.mentoring.choices import OPEN_AGREEMENTS, AgreementState, EngagementState, GoalState
from apps.mentoring.models import Engagement, Session
from apps.mentoring.selectors.calls import calls_for
from apps.mentoring.selectors.invitations import InvitationRow, invitations_of

STATE_KINDS = {EngagementState.ACTIVE: "ok", EngagementState.PAUSED: "you", EngagementState.CLOSED: "done"}
GOAL_KINDS = {GoalState.OPEN: "going", GoalState.REACHED: "ok", GoalState.DROPPED: "none"}


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """Counts and titles only, never notes."""

    public_id: str
    member: str
    mentor: str
    other: str
    area_name: str
    state: str
    state_label: str
    state_kind: str
    starts_on: date
    ends_on: date
    held: int
    planned: int
    goals: int
    reached: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class EngagementsPage:
    member: Member
    rows: list[EngagementRow]
    invitations: list[InvitationRow]
    going_on: int
    calls: int


@dataclass(frozen=True, slots=True)
class ProgrammeEngagementsPage:
    programme: Programme
    rows: list[EngagementRow]
    going_on: int
    held: int
    reached: int
    goals: int


@dataclass(frozen=True, slots=True)
class GoalRow:
    public_id: str
    indicator: str
    name: str
    from_level: int
    to_level: int
    state: str
    state_label: str
    state_kind: str
    version: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    public_id: str
    held_on: date
    hours: Decimal
    present: str
    notes: str
    next_steps: str
    next_on: date | None
    written_by: str
    version: int


@dataclass(frozen=True, slots=True)
class Workspace:
    member: Member
    public_id: str
    version: int
    learner: str
    learner_id: str
    mentor: str
    for_mentor: bool
    area: str
    area_name: str
    purpose: str
    state: str
    state_label: str
    state_kind: str
    starts_on: date
    ends_on: date
    closing_note: str
    goals: list[GoalRow]
    reached: int
    sessions: list[SessionRow]
    planned: int
    hours: Decimal
    next_on: date | None
    agreed: bool
    to_sign: bool
    shares: bool
    shared_until: date | None
    can_write: bool
    can_steer: bool


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """What the form of a session note starts with."""

    workspace: Workspace
    initial: dict[str, Any]
    session: SessionRow | None


def engagements_of(user: User, member: Member) -> list[EngagementRow]:
    """The engagements of a member, as learner or as mentor, the newest first. One query."""
    rows = Engagement.objects.visible_to(user).filter(Q(member=member) | Q(mentor=member))
    return [_row(e, member) for e in _counted(rows)]


def engagements_page(user: User, member_id: str) -> EngagementsPage:
    """Engagements and invitations of a member the user belongs to."""
    member = get_member(user, member_id)
    rows = engagements_of(user, member)
    going_on = sum(r.state_kind != "done" for r in rows)
    return EngagementsPage(member, rows, invitations_of(user, member), going_on, calls_for(user, member))


def programme_engagements(user: User, programme_id: str) -> ProgrammeEngagementsPage:
    """All engagements of a programme: titles and counts."""
    programme = get_programme(user, programme_id)
    rows = [_row(e, None) for e in _counted(Engagement.objects.filter(programme=programme))]
    return ProgrammeEngagementsPage(
        programme=programme,
        rows=rows,
        going_on=sum(r.state_kind != "done" for r in rows),
        held=sum(r.held for r in rows),
        reached=sum(r.reached for r in rows),
        goals=sum(r.goals for r in rows),
    )


def _counted(rows: Any) -> Any:
    """Rows with their counts, the newest first: counting drops the order of the model."""
    counted = rows.annotate(
        held=Count("sessions", distinct=True),
        goal_count=Count("goals", distinct=True),
        reached_count=Count("goals", distinct=True, filter=Q(goals__state=GoalState.REACHED)),
        last_on=Max("sessions__held_on"),
    )
    return counted.select_related("member", "mentor").order_by("-starts_on", "-pk")


def _row(e: Any, seen_by: Member | None) -> EngagementRow:
    state = EngagementState(e.state)
    return EngagementRow(
        public_id=e.public_id,
        member=e.member.name,
        mentor=e.mentor.name,
        other=e.member.name if seen_by is not None and e.mentor_id == seen_by.pk else e.mentor.name,
        area_name=e.area_name,
        state=e.state,
        state_label=str(state.label),
        state_kind=STATE_KINDS[state],
        starts_on=e.starts_on,
        ends_on=e.ends_on,
        held=e.held,
        planned=e.planned_sessions,
        goals=e.goal_count,
        reached=e.reached_count,
        last_on=e.last_on,
    )


def workspace(user: User, member_id: str, public_id: str) -> Workspace:
    """The engagement for one of its two sides. Raises Http404 for anybody else, the programme office too."""
    member = get_member(user, member_id)
    rows = Engagement.objects.visible_to(user).select_related("member", "mentor", "grant")
    e = rows.filter(public_id=public_id).first()
    if e is None or member.pk not in (e.member_id, e.mentor_id):
        raise Http404
    sessions = list(e.sessions.select_related("written_by"))
    goals = [_goal(g) for g in e.goals.all()]
    agreements = set(e.agreements.values_list("state", flat=True))
    state = EngagementState(e.state)
    shares = e.grant is not None and e.grant.withdrawn_at is None and state != EngagementState.CLOSED
    return Workspace(
        member=member,
        public_id=e.public_id,
        version=e.version,
        learner=e.member.name,
        learner_id=e.member.public_id,
        mentor=e.mentor.name,
        for_mentor=e.mentor_id == member.pk,
        area=e.area,
        area_name=e.area_name,
        purpose=e.purpose,
        state=e.state,
        state_label=str(state.label),
        state_kind=STATE_KINDS[state],
        starts_on=e.starts_on,
        ends_on=e.ends_on,
        closing_note=e.closing_note,
        goals=goals,
        reached=sum(g.state == GoalState.REACHED for g in goals),
        sessions=[session_row(s) for s in reversed(sessions)],
        planned=e.planned_sessions,
        hours=e.sessions.aggregate(all=Sum("hours"))["all"] or Decimal(0),
        next_on=sessions[-1].next_on if sessions else None,
        agreed=AgreementState.IN_FORCE in agreements,
        to_sign=state != EngagementState.CLOSED and bool(set(OPEN_AGREEMENTS) & agreements),
        shares=shares,
        shared_until=e.grant.ends_on if e.grant is not None and shares else None,
        can_write=state != EngagementState.CLOSED and bool(policies.may_write_session(user, e)),
        can_steer=state != EngagementState.CLOSED and bool(policies.may_steer(user, e)),
    )


def _goal(goal: Any) -> GoalRow:
    state = GoalState(goal.state)
    return GoalRow(
        goal.public_id, goal.indicator, goal.indicator_name, goal.from_level, goal.to_level,
        goal.state, str(state.label), GOAL_KINDS[state], goal.version,
    )  # fmt: skip


def session_row(s: Session) -> SessionRow:
    """A note as both sides read it."""
    return SessionRow(
        s.public_id,
        s.held_on,
        s.hours,
        s.present,
        s.notes,
        s.next_steps,
        s.next_on,
        s.written_by.get_full_name(),
        s.version,
    )


def session_draft(user: User, member_id: str, engagement_id: str, session_id: str = "") -> SessionDraft:
    """The form of a note, new or stored. Raises Http404 for a note of another engagement."""
    space = workspace(user, member_id, engagement_id)
    if not space.can_write:
        raise PermissionDenied(
            _("Session notes are written by the member’s team and its mentors while the work goes on.")
        )
    if not session_id:
        return SessionDraft(space, {"hours": "1.5"}, None)
    found = next((s for s in space.sessions if s.public_id == session_id), None)
    if found is None:
        raise Http404
    names = ("held_on", "hours", "present", "notes", "next_steps", "next_on", "version")
    return SessionDraft(space, {name: getattr(found, name) for name in names}, found)
