"""The review box: questions that come back after days, so that what was learned stays."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.models.content import Question
from apps.courses.models.learning import Enrolment


class ReviewItem(PublicModel):
    """A practice question in a learner's box. `step` is the place of its next interval; `ended_at` when it is out.

    `given` and `right` are the last answer, for showing it once.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="review_box")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    added_at = models.DateTimeField(default=now)
    given = models.JSONField(null=True, blank=True)
    right = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True, help_text="The site's day of the last answer.")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "question"], name="one_review_item")]
        indexes = [models.Index(fields=["enrolment", "due_on"], name="review_by_day")]
