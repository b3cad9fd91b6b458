"""What each side says about the work, in confidence, at the middle and at the end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import Moment, Side
from apps.mentoring.models.engagements import Engagement


class Feedback(PublicModel):
    """One side at one moment. `ratings` holds {question: 1 to 5}; the other side sees only the parts that are shared."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="feedback")
    moment = models.CharField(max_length=6, choices=Moment)
    side = models.CharField(max_length=6, choices=Side)
    ratings = models.JSONField(default=dict)
    helped = models.TextField(max_length=1000, blank=True, default="")
    change = models.TextField(max_length=1000, blank=True, default="")
    shares_ratings = models.BooleanField(default=False)
    shares_helped = models.BooleanField(default=False)
    shares_change = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "moment", "side"], name="one_feedback_a_side")
        ]
        ordering = ["-at", "-pk"]
