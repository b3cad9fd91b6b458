"""What came of asking a learner about their piece of work."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import OralResult
from apps.courses.models.learning import Enrolment


class OralCheck(PublicModel):
    """Five minutes of questions about the work, face to face or by voice. The last one counts."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="oral_checks")
    result = models.CharField(max_length=8, choices=OralResult)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "pk"]
