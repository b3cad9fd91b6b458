"""Write the closing review, confirm it, and take open goals into an action plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import save_version
from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring import policies
from apps.mentoring.choices import EngagementState, GoalResult, GoalState, Side
from apps.mentoring.models import Action, ActionPlan, ClosingReview, Engagement, Goal
from apps.mentoring.selectors.reviews import levels_now
from apps.mentoring.services.work import close_work, side_of, tell_sides, visible

GOAL_STATES = {
    GoalResult.REACHED: GoalState.REACHED,
    GoalResult.PARTLY: GoalState.OPEN,
    GoalResult.NOT: GoalState.DROPPED,
}


@transaction.atomic
def write_review(
    *,
    actor: User,
    member: Member,
    engagement: str,
    version: int,
    goals: dict[str, tuple[str, str]],
    **words: str,
) -> ClosingReview:
    """Write or change the review; who writes confirms for this side, and the other side is asked.

    `goals` holds (result, note) by the goal's public id; `words` changed, remains, recommendations. Raises `Conflict` when
    someone saved first (`version` 0 is for the first time), `Refused` when both sides have confirmed.
    """
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    review = ClosingReview.objects.filter(engagement=row).first()
    if review is not None and review.is_confirmed:
        raise Refused(_("Both sides have confirmed this review, so it cannot change."))
    given = _given(actor, row, member, goals) | words
    if review is None:
        review = ClosingReview.objects.create(engagement=row, **given)
    elif version == 0:
        raise Conflict(_("The other side wrote this while you were writing."), current=review)
    else:
        save_version(review, expected=version, changes=given)
    audit.record(actor=actor, action="review.written", on=review, chain=row.member.public_id)
    key = f"{review.public_id}:{review.version}"
    tell_sides(
        actor,
        row,
        "review_waits",
        key,
        page="mentoring:review",
        who=actor.get_short_name(),
        area=row.area_name,
    )
    return review


def _given(actor: User, row: Engagement, member: Member, goals: dict[str, tuple[str, str]]) -> dict[str, Any]:
    side = side_of(row, member)
    other = Side.MENTOR if side == Side.MEMBER else Side.MEMBER
    return {
        "goals": _goals(row, goals),
        "written_by": actor,
        "written_at": now(),
        f"{side.value}_by": actor,
        f"{side.value}_at": now(),
        f"{other.value}_by": None,
        f"{other.value}_at": None,
    }


def _goals(row: Engagement, said: dict[str, tuple[str, str]]) -> list[dict[str, Any]]:
    levels = levels_now(row)
    found = []
    for goal in row.goals.all():
        result, note = said.get(goal.public_id, ("", ""))
        if result not in GoalResult.values:
            raise Refused(_("Say of every goal what came of it."))
        found.append(
            {
                "goal": goal.public_id, "result": result, "note": note, "then": goal.from_level,
                "now": levels.get(goal.indicator),
            }
        )  # fmt: skip
    return found


@transaction.atomic
def confirm_review(*, actor: User, member: Member, engagement: str, version: int) -> ClosingReview:
    """Confirm the words as they stand; with both sides' yes the goals are set and the engagement closes."""
    row = visible(actor, member, engagement, lock=True)
    require(policies.may_steer(actor, row))
    review = ClosingReview.objects.filter(engagement=row).first()
    if review is None:
        raise Http404
    side = side_of(row, member).value
    if getattr(review, f"{side}_at") is not None:
        raise Refused(_("Your side has confirmed this already."))
    save_version(review, expected=version, changes={f"{side}_by": actor, f"{side}_at": now()})
    audit.record(actor=actor, action="review.confirmed", on=review, chain=row.member.public_id, side=side)
    if review.is_confirmed:
        _finish(actor, row, review)
    return review


def _finish(actor: User, row: Engagement, review: ClosingReview) -> None:
    for said in review.goals:
        goal = Goal.objects.filter(engagement=row, public_id=said["goal"]).first()
        if goal is not None:
            save_version(
                goal, expected=goal.version, changes={"state": GOAL_STATES[GoalResult(said["result"])]}
            )
    if row.state != EngagementState.CLOSED:
        close_work(actor, row, expected=row.version, closing_note=review.changed)
        row.pauses.filter(over_at__isnull=True).update(over_at=now())
        audit.record(actor=actor, action="engagement.closed", on=row, chain=row.member.public_id)
    tell_sides(actor, row, "review_done", review.public_id, page="mentoring:review", area=row.area_name)


@transaction.atomic
def take_up_goals(*, actor: User, member: Member, engagement: str, plan: str) -> int:
    """Add what is still open of the confirmed review to an open action plan; return how many actions came.

    A step that the plan has already is not added twice.
    """
    row = visible(actor, member, engagement)
    require(policies.may_run_plan(actor, row.member))
    review = ClosingReview.objects.filter(engagement=row).first()
    plans = ActionPlan.objects.select_for_update(of=("self",)).visible_to(actor)
    target = plans.filter(member=row.member, public_id=plan, closed_at__isnull=True).first()
    if review is None or not review.is_confirmed or target is None:
        raise Http404
    had = set(target.actions.values_list("indicator", "to_level"))
    open_ids = {said["goal"] for said in review.goals if said["result"] != GoalResult.REACHED}
    goals = [g for g in row.goals.filter(public_id__in=open_ids) if (g.indicator, g.to_level) not in had]
    first = 1 + max(target.actions.values_list("place", flat=True), default=0)
    Action.objects.bulk_create(_action(target, row, goal, first + n) for n, goal in enumerate(goals))
    audit.record(
        actor=actor, action="plan.grew", on=target, chain=row.member.public_id, engagement=row.public_id, actions=len(goals)
    )  # fmt: skip
    return len(goals)


def _action(plan: ActionPlan, row: Engagement, goal: Goal, place: int) -> Action:
    """A goal as a step of the plan: what it costs and gains is not known."""
    today = site_day()
    return Action(
        member=row.member, plan=plan, place=place, indicator=goal.indicator, area=row.area,
        from_level=goal.from_level, to_level=goal.to_level, work="practice", cost=Decimal(0), gain="0/1",
        starts_on=today, due_on=max(today, plan.ends_on),
    )  # fmt: skip
