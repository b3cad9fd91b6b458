"""Requests that cannot wait for the next round."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import UrgencyState, UrgentReason
from apps.mentoring.models.needs import Need


class Urgency(PublicModel):
    """A lead says that a request is urgent and why; the programme office confirms it or says why not."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="urgencies")
    reason = models.CharField(max_length=10, choices=UrgentReason)
    note = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=UrgencyState, default=UrgencyState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    answer = models.CharField(max_length=500, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], name="one_urgency_per_need", condition=~Q(state=UrgencyState.REFUSED)
            )
        ]
        ordering = ["-asked_at", "-pk"]
