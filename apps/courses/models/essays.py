"""Texts in tests that a person marks by a rubric, and what each marker gave."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import EssayState
from apps.courses.models.content import Question
from apps.courses.models.learning import Attempt


class Essay(PublicModel):
    """A text that was handed in; its test is not passed before it is marked. `marks` is what counts."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="essays")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=EssayState, default=EssayState.WAITING)
    marks = models.JSONField(default=dict, help_text="By criterion: good, enough or missing.")
    feedback = models.TextField(blank=True, default="")
    handed_in_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "question"], name="one_essay_per_question")]
        ordering = ["handed_in_at", "pk"]


class EssayMark(models.Model):
    """What one marker gave; kept also where another mark counts."""

    essay = models.ForeignKey(Essay, models.CASCADE, related_name="given")
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marks = models.JSONField()
    feedback = models.TextField(max_length=2000, blank=True, default="")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["essay", "marker"], name="one_mark_per_marker")]
        ordering = ["at", "pk"]
