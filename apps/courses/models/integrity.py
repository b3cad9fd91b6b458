"""When answers of a test were saved, and what a person decided about what looked odd."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import FlagDecision
from apps.courses.models.cohorts import Cohort
from apps.courses.models.learning import Attempt


class AnswerTime(models.Model):
    """When one answer of a try was first and last saved, by the clock of the server. Deleted after 90 days.

    `seconds` is what passed since the answer before it, or the start. `network` is a keyed hash, never an address.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="times")
    question = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    seconds = models.FloatField()
    network = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="one_time_per_answer"),
        ]


class IntegrityDecision(PublicModel):
    """What a person decided about one flag, with the figures that it rested on then. `flag` is its key."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="integrity_decisions")
    flag = models.CharField(max_length=20)
    sign = models.CharField(max_length=10)
    facts = models.JSONField(default=dict)
    first = models.ForeignKey(Attempt, models.CASCADE, related_name="+")
    second = models.ForeignKey(Attempt, models.CASCADE, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=10, choices=FlagDecision)
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "flag"], name="one_decision_per_flag"),
        ]
