"""The accepted work between two members."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import (
    EngagementState,
    GoalState,
)
from apps.mentoring.models.rounds import Proposal
from apps.mentoring.querysets import (
    EngagementQuerySet,
)


class Engagement(PublicModel):
    """The accepted work between two members."""

    member = models.ForeignKey("members.Member", models.PROTECT, related_name="engagements")
    mentor = models.ForeignKey("members.Member", models.PROTECT, related_name="mentored_engagements")
    programme = models.ForeignKey("members.Programme", models.PROTECT, related_name="engagements")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="engagement")
    grant = models.ForeignKey("members.Grant", models.PROTECT, null=True, blank=True, related_name="+")
    area = models.CharField(max_length=20)
    area_name = models.CharField(max_length=150)
    purpose = models.TextField(blank=True, default="", max_length=2000)
    baseline = models.ForeignKey("assessments.Result", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=EngagementState, default=EngagementState.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField()
    planned_sessions = models.PositiveSmallIntegerField(default=6)
    closing_note = models.TextField(blank=True, default="", max_length=2000)
    version = models.PositiveIntegerField(default=1)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]


class Goal(PublicModel):
    """An expected result, tied to an indicator."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="goals")
    indicator = models.CharField(max_length=30)
    indicator_name = models.CharField(max_length=200)
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=GoalState, default=GoalState.OPEN)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "indicator"], name="one_goal_per_indicator")
        ]
        ordering = ["indicator"]


class Session(PublicModel):
    """One meeting: when, who, what was done, what comes next."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="sessions")
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    present = models.CharField(max_length=300, blank=True, default="")
    notes = models.TextField(max_length=5000)
    next_steps = models.TextField(blank=True, default="", max_length=2000)
    next_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["held_on", "pk"]
