"""What became of a plan at work, and how a learner is reminded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import PublicModel
from apps.courses.choices import AtWork
from apps.courses.models.learning import Progress


class FollowUp(PublicModel):
    """The question whether a plan was done, `days` after it was made; asked once by mail, answered by one tap."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="follow_ups")
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=AtWork, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["progress", "days"], name="one_follow_up_per_day"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answered_follow_up_says_when",
            ),
        ]
        indexes = [models.Index(fields=["due_on", "asked_at"], name="follow_up_by_day")]


class Reminding(models.Model):
    """How one person is reminded: the weekly mail, and the private address of their calendar (only its hash is kept)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminding")
    digest_off_at = models.DateTimeField(null=True, blank=True)
    last_digest_on = models.DateField(null=True, blank=True)
    calendar_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    calendar_made_at = models.DateTimeField(null=True, blank=True)
