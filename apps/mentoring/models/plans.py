"""Which improvements first, and the work on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import (
    ActionState,
    RoadmapState,
)
from apps.mentoring.querysets import (
    ActionPlanQuerySet,
    ActionQuerySet,
    RoadmapQuerySet,
)


class Roadmap(PublicModel):
    """Which improvements first: what was asked about a result, and what `apps.planning` answered.

    `question` holds what `RoadmapQuestion` says; `answer` the documents of the plan, the frontier, the cheapest next
    label and the next thing that more budget buys. No figure of it is computed elsewhere.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="roadmaps")
    result = models.ForeignKey("assessments.Result", models.PROTECT, related_name="+")
    question = models.JSONField()
    state = models.CharField(max_length=10, choices=RoadmapState, default=RoadmapState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True, blank=True)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]


class ActionPlan(PublicModel):
    """Actions with owners and dates: the steps of a roadmap, or (without one) what was found elsewhere, as in an exercise."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="action_plans")
    roadmap = models.ForeignKey(Roadmap, models.PROTECT, null=True, blank=True, related_name="plans")
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="one_action_plan_name"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="plan_ends_after_it_starts"
            ),
        ]
        ordering = [F("closed_at").asc(nulls_first=True), "-made_at", "-pk"]


class Action(PublicModel):
    """One step of a plan: an indicator one level up. `after` holds the places of the steps it waits for.

    `words` say what is to be done where the plan did not come from a roadmap.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="actions")
    place = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=40)
    area = models.CharField(max_length=40)
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    work = models.CharField(max_length=8)
    words = models.CharField(max_length=300, blank=True, default="")
    cost = models.DecimalField(max_digits=14, decimal_places=4)
    gain = models.CharField(max_length=200, help_text="Points, exactly: numerator/denominator.")
    after = models.JSONField(default=list)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    starts_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.PLANNED)
    reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="one_action_a_place"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="action_is_due_after_its_start"
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.DROPPED) | ~Q(reason=""), name="dropped_action_has_a_reason"
            ),
        ]
        ordering = ["place"]
        indexes = [models.Index(fields=["state", "due_on"], name="actions_due")]


class ActionChange(models.Model):
    """What was changed in an action, and what was noted. `changes` is {field: [before, after]}."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="history")
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    note = models.TextField(max_length=2000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "version"], name="one_change_per_version")]
        ordering = ["-version"]
