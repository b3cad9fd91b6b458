"""The whole of an engagement for its report: counts, goals, the review, what was shared; never the notes of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import Http404

from apps.accounts.models import User
from apps.members.models import Member
from apps.members.policies import site_day
from apps.members.selectors import get_programme
from apps.mentoring.choices import EngagementState, Side
from apps.mentoring.models import ClosingReview, Engagement, Feedback
from apps.mentoring.selectors.agreements import signed_agreement
from apps.mentoring.selectors.endings import head_row
from apps.mentoring.selectors.feedback import Said, said
from apps.mentoring.selectors.follow_ups import Asked, asked_after, ended
from apps.mentoring.selectors.reviews import ReviewGoal, goal_rows


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    number: int
    since: datetime | None
    hash: str


@dataclass(frozen=True, slots=True)
class ReviewText:
    """The words that both sides confirmed, or that one side still has to confirm."""

    changed: str
    remains: str
    recommendations: str
    confirmed_by: tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What the report of an engagement tells; `sessions` are (day, hours)."""

    public_id: str
    learner: Member
    mentor: str
    programme: str
    area_name: str
    purpose: str
    state_label: str
    starts_on: date
    ends_on: date
    planned: int
    sessions: tuple[tuple[date, Decimal], ...]
    hours: Decimal
    goals: tuple[ReviewGoal, ...]
    agreement: SignedAgreement | None
    review: ReviewText | None
    feedback: tuple[Said, ...]
    follow_ups: tuple[Asked, ...]


def story_for_side(user: User, member_id: str, public_id: str) -> Story:
    """For one of the two sides. Raises Http404 for anybody else."""
    _head, row = head_row(user, member_id, public_id)
    return _story(row)


def story_for_office(user: User, programme_id: str, public_id: str) -> Story:
    """For the managers of the programme. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    rows = Engagement.objects.filter(programme=programme, public_id=public_id)
    row = rows.select_related("member", "mentor", "programme").first()
    if row is None:
        raise Http404
    return _story(row)


def _story(row: Engagement) -> Story:
    review = ClosingReview.objects.filter(engagement=row).select_related("member_by", "mentor_by").first()
    sessions = tuple(row.sessions.values_list("held_on", "hours"))
    shared = (said(f, shared_only=True) for f in Feedback.objects.filter(engagement=row).order_by("at"))
    over = ended(Engagement.objects.filter(pk=row.pk)).first()
    asked = asked_after(over, over.follow_ups.all(), site_day()) if over else []
    signed = signed_agreement(row)
    return Story(
        public_id=row.public_id,
        learner=row.member,
        mentor=row.mentor.name,
        programme=row.programme.name,
        area_name=row.area_name,
        purpose=row.purpose,
        state_label=str(EngagementState(row.state).label),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        planned=row.planned_sessions,
        sessions=sessions,
        hours=sum((hours for _day, hours in sessions), Decimal(0)),
        goals=tuple(goal_rows(row, review)),
        agreement=SignedAgreement(signed.number, signed.in_force_at, signed.document_hash)
        if signed
        else None,
        review=_review(review) if review else None,
        feedback=tuple(s for s in shared if not s.is_empty),
        follow_ups=tuple(asked),
    )


def _review(review: ClosingReview) -> ReviewText:
    sides = (
        (Side.MEMBER, review.member_by, review.member_at),
        (Side.MENTOR, review.mentor_by, review.mentor_at),
    )
    confirmed = tuple((str(side.label), who.full_name if who and at else "", at) for side, who, at in sides)
    return ReviewText(review.changed, review.remains, review.recommendations, confirmed)
