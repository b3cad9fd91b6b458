"""The closing review of an engagement: goals with their levels then and now, and who has confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.mentoring import policies
from apps.mentoring.choices import GoalResult, GoalState, Side
from apps.mentoring.models import ActionPlan, ClosingReview, Engagement
from apps.mentoring.selectors.endings import Head, head_row


@dataclass(frozen=True, slots=True)
class ReviewGoal:
    """A goal with what came of it; `now` is None without a result newer than the baseline."""

    public_id: str
    indicator: str
    name: str
    then: int
    wanted: int
    now: int | None
    result: str
    result_label: str
    note: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    side: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`plans` are the open action plans of the member that take up goals, as (public id, name), for its lead."""

    head: Head
    written: bool
    version: int
    goals: list[ReviewGoal]
    changed: str
    remains: str
    recommendations: str
    held: int
    planned: int
    hours: Decimal
    confirmations: list[Confirmation]
    confirmed: bool
    can_write: bool
    can_confirm: bool
    open_goals: int
    plans: list[tuple[str, str]]


def levels_now(e: Engagement) -> dict[str, int]:
    """Evidenced level by indicator in the newest result after the baseline; empty without one."""
    rows = on_shared(Result.objects.standing().filter(member=e.member_id)).latest_first()
    newer = rows.filter(computed_at__gt=e.baseline.computed_at).first()
    if newer is None:
        return {}
    return {r["code"]: r["evidenced"] for r in newer.document["indicators"] if r["evidenced"] is not None}


def goal_rows(e: Engagement, review: ClosingReview | None) -> list[ReviewGoal]:
    """The goals with what the review says of them; before it is written, with what the work says."""
    said = {row["goal"]: row for row in review.goals} if review else {}
    now = {} if review else levels_now(e)
    found = []
    for goal in e.goals.all():
        row = said.get(goal.public_id)
        usual = GoalResult.REACHED if goal.state == GoalState.REACHED else GoalResult.PARTLY
        result = GoalResult(row["result"]) if row else usual
        found.append(
            ReviewGoal(
                goal.public_id, goal.indicator, goal.indicator_name, row["then"] if row else goal.from_level,
                goal.to_level, row["now"] if row else now.get(goal.indicator), result.value, str(result.label),
                row["note"] if row else "",
            )
        )  # fmt: skip
    return found


def review_page(user: User, member_id: str, public_id: str) -> ReviewPage:
    """The closing review for one of the two sides. Raises Http404 for anybody else."""
    head, row = head_row(user, member_id, public_id)
    review = ClosingReview.objects.filter(engagement=row).select_related("member_by", "mentor_by").first()
    goals, confirmed = goal_rows(row, review), review is not None and review.is_confirmed
    sums = row.sessions.aggregate(hours=Sum("hours"))
    mine = getattr(review, f"{head.side}_at", None) if review else None
    return ReviewPage(
        head=head,
        written=review is not None,
        version=review.version if review else 0,
        goals=goals,
        changed=review.changed if review else row.closing_note,
        remains=review.remains if review else "",
        recommendations=review.recommendations if review else "",
        held=row.sessions.count(),
        planned=row.planned_sessions,
        hours=sums["hours"] or Decimal(0),
        confirmations=_confirmations(review) if review else [],
        confirmed=confirmed,
        can_write=head.can_steer and not confirmed,
        can_confirm=head.can_steer and review is not None and mine is None,
        open_goals=sum(g.result != GoalResult.REACHED for g in goals),
        plans=_plans(user, row, head) if confirmed else [],
    )


def _confirmations(review: ClosingReview) -> list[Confirmation]:
    sides = (
        (Side.MEMBER, review.member_by, review.member_at),
        (Side.MENTOR, review.mentor_by, review.mentor_at),
    )
    return [
        Confirmation(str(side.label), who.get_full_name() if who and at else "", at)
        for side, who, at in sides
    ]


def _plans(user: User, e: Engagement, head: Head) -> list[tuple[str, str]]:
    if head.for_mentor or not policies.may_run_plan(user, e.member):
        return []
    rows = ActionPlan.objects.visible_to(user).filter(member=e.member, closed_at__isnull=True)
    return list(rows.values_list("public_id", "name"))


def review_draft(user: User, member_id: str, public_id: str) -> tuple[ReviewPage, dict[str, Any]]:
    """The page with the first values of its form. Raises PermissionDenied for who may not write it."""
    page = review_page(user, member_id, public_id)
    if not page.can_write:
        raise PermissionDenied(
            _("The review is written by the member’s lead or a mentor until both sides have confirmed it.")
        )
    initial: dict[str, Any] = {
        "version": page.version, "changed": page.changed, "remains": page.remains,
        "recommendations": page.recommendations,
    }  # fmt: skip
    for goal in page.goals:
        initial |= {f"result-{goal.public_id}": goal.result, f"note-{goal.public_id}": goal.note}
    return page, initial
