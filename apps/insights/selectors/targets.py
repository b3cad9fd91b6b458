"""The last days of a member's action plans, and the score that each would reach: what a projection is set beside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.urls import reverse

from apps.accounts.models import User
from apps.members.models import Member
from apps.mentoring.choices import ActionState
from apps.mentoring.models import ActionPlan


@dataclass(frozen=True, slots=True)
class Target:
    """A plan that stands. `score` is the whole after all its actions, in the unit of the result it began from, or None.

    `framework` and `scope` are those of that result. `start` and `end` are in percent of the time drawn.
    """

    name: str
    url: str
    starts_on: date
    due_on: date
    state: str
    state_label: str
    score: float | None
    framework: int | None
    scope: str
    start: float = 0
    end: float = 100

    def placed(self, start: float, end: float) -> Target:
        return replace(self, start=start, end=end)


def targets_of(user: User, member: Member) -> tuple[Target, ...]:
    """Open plans of a member that the user is in, the first due first. Two queries."""
    plans = ActionPlan.objects.visible_to(user).filter(member=member, closed_at__isnull=True)
    plans = plans.select_related("roadmap__result__assessment__version_of").prefetch_related("actions")
    plans = plans.defer(
        "roadmap__answer", "roadmap__question", "roadmap__result__inputs",
        "roadmap__result__assessment__version_of__document",
    )  # fmt: skip
    return tuple(_target(plan, member) for plan in plans.order_by("ends_on", "pk"))


def _target(plan: ActionPlan, member: Member) -> Target:
    kept = [row for row in plan.actions.all() if row.state != ActionState.DROPPED]
    done = sum(row.state == ActionState.DONE for row in kept)
    state = (
        ActionState.DONE
        if kept and done == len(kept)
        else ActionState.DOING
        if done or any(row.state == ActionState.DOING for row in kept)
        else ActionState.PLANNED
    )
    score = framework = None
    scope = ""
    if plan.roadmap is not None:
        result = plan.roadmap.result
        scope, framework = str(result.document["scope"]), result.assessment.version_of.framework_id
        start = result.document["evidenced"]["overall"]["value"]
        if start:
            score = float(Fraction(start["exact"]) + sum((Fraction(row.gain) for row in kept), Fraction()))
    return Target(
        name=plan.name,
        url=reverse(
            "mentoring:action_plan", kwargs={"member": member.public_id, "action_plan": plan.public_id}
        ),
        starts_on=min([plan.starts_on, *(row.starts_on for row in kept)]),
        due_on=max([plan.ends_on, *(row.due_on for row in kept)]),
        state=str(state.value),
        state_label=str(state.label),
        score=score,
        framework=framework,
        scope=scope,
    )
