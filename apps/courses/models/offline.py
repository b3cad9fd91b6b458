"""What a device sent after it had been without a connection."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now


class OfflineItem(models.Model):
    """One thing that happened without a connection; (user, device, seq) is taken once, however often it is sent."""

    class Outcome(models.TextChoices):
        KEPT = "kept"
        REFUSED = "refused"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offline_items")
    device = models.CharField(max_length=36)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=200, blank=True, default="")
    received_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "device", "seq"], name="one_offline_item")]
