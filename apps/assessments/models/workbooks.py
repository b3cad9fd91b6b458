"""Workbooks that came back filled in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.assessments.models.answers import Assessment
from apps.core.models import PublicModel


class Workbook(PublicModel):
    """A workbook that came back filled in. Its content is kept until it is confirmed or a day has passed, then what it did.

    `done` holds a hash for each change that was taken in or handed to a decision, so that a second time changes nothing.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="workbooks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(blank=True, default=b"")
    at = models.DateTimeField(default=now, db_index=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=list)
    done = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]
