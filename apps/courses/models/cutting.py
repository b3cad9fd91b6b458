"""What experts expect of a person who is just good enough, question by question."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.models.content import Course


class CutEstimate(PublicModel):
    """One judge's estimates for one test of one edition; `values` is question code → per cent."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="cut_estimates")
    edition = models.CharField(max_length=20)
    place = models.CharField(max_length=20)
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    values = models.JSONField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "edition", "place", "judge"], name="one_cut_estimate")
        ]
        ordering = ["at", "pk"]
