"""Work that rests for a while, and work that one side ended early."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import EngagementState, LeaveReason, NeedState, PauseReason, Side
from apps.mentoring.models.engagements import Engagement


class Pause(models.Model):
    """The work rests: why, and the day on which both sides expect to go on."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=10, choices=PauseReason)
    back_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], name="one_open_pause", condition=Q(over_at__isnull=True)
            )
        ]
        ordering = ["-at", "-pk"]


class Leaving(PublicModel):
    """One side ended the work early. `reason` and `words` are for the managers of the programme only.

    What it changed is kept, so that whoever did it can take it back within a day.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="leavings")
    side = models.CharField(max_length=6, choices=Side)
    reason = models.CharField(max_length=10, choices=LeaveReason)
    words = models.TextField(max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True, blank=True)
    state_before = models.CharField(max_length=8, choices=EngagementState)
    ends_before = models.DateField()
    need_before = models.CharField(max_length=10, choices=NeedState)
    ended_grant = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], name="one_standing_leaving", condition=Q(undone_at__isnull=True)
            )
        ]
        ordering = ["-at", "-pk"]
