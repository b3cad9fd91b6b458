"""What both sides say of the work and what is left of it later, for the demonstration."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.mentoring.choices import EngagementState, GoalResult, GoalState, NeedState
from apps.mentoring.models import ClosingReview, Engagement, Feedback, FollowUp, Leaving, Pause
from apps.mentoring.selectors.feedback import QUESTIONS
from apps.mentoring.selectors.follow_ups import months_after

RESULTS = {
    GoalState.REACHED: GoalResult.REACHED,
    GoalState.OPEN: GoalResult.PARTLY,
    GoalState.DROPPED: GoalResult.NOT,
}


def tell_after(engagement: Engagement, story: dict[str, Any], people: dict[str, User]) -> None:
    """Make the pause or early end, the feedback, the closing review and the follow-ups that a story tells; `people` by side."""
    if pause := story.get("pause"):
        Pause.objects.create(
            engagement=engagement, reason=pause["reason"], by=people["member"],
            at=_noon(localdate() - timedelta(days=pause["ago"])), back_on=localdate() + timedelta(days=pause["back_in"]),
        )  # fmt: skip
    if left := story.get("left"):
        Leaving.objects.create(
            engagement=engagement, side=left["side"], reason=left["reason"], words=left["words"], by=people[left["side"]],
            at=_noon(engagement.ends_on), state_before=EngagementState.ACTIVE, need_before=NeedState.MATCHED,
            ends_before=engagement.ends_on + timedelta(days=150), ended_grant=True,
        )  # fmt: skip
    for said in story.get("feedback", ()):
        _feedback(engagement, said, people[said["side"]])
    if review := story.get("review"):
        _review(engagement, review, people)
    for answer in story.get("follow_ups", ()):
        _follow_up(engagement, answer, people)


def _feedback(engagement: Engagement, said: dict[str, Any], by: User) -> None:
    shares = said.get("shares", ())
    day = engagement.starts_on + timedelta(days=150)
    Feedback.objects.create(
        engagement=engagement, moment=said["moment"], side=said["side"], by=by,
        ratings=dict(zip(QUESTIONS, said["ratings"], strict=True)), helped=said["helped"], change=said["change"],
        shares_ratings="ratings" in shares, shares_helped="helped" in shares, shares_change="change" in shares,
        at=_noon(engagement.ends_on if said["moment"] == "end" else day),
    )  # fmt: skip


def _review(engagement: Engagement, review: dict[str, Any], people: dict[str, User]) -> None:
    goals = [
        {
            "goal": goal.public_id, "result": RESULTS[GoalState(goal.state)].value, "note": "",
            "then": goal.from_level, "now": goal.to_level if goal.state == GoalState.REACHED else goal.from_level,
        }
        for goal in engagement.goals.all()
    ]  # fmt: skip
    at = _noon(engagement.ends_on)
    ClosingReview.objects.create(
        engagement=engagement, goals=goals, changed=engagement.closing_note, remains=review["remains"],
        recommendations=review["recommendations"], written_by=people["mentor"], written_at=at, version=2,
        mentor_by=people["mentor"], mentor_at=at, member_by=people["member"], member_at=at + timedelta(hours=20),
    )  # fmt: skip


def _follow_up(engagement: Engagement, answer: dict[str, Any], people: dict[str, User]) -> None:
    at = _noon(months_after(engagement.ends_on, answer["months"]) + timedelta(days=4))
    FollowUp.objects.create(
        engagement=engagement, months=answer["months"], still=answer["still"], level=answer["level"],
        helps=answer["helps"], missing=answer["missing"], by=people["member"], at=at, comment=answer.get("comment", ""),
        comment_by=people["mentor"] if "comment" in answer else None,
        comment_at=at + timedelta(days=3) if "comment" in answer else None,
    )  # fmt: skip


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
