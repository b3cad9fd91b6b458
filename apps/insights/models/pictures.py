"""What was shown of many members, kept as it was shown."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.insights.querysets import NationalPictureQuerySet


class NationalPicture(PublicModel):
    """One edition of a nation's picture; it never changes.

    `document` is all that anybody sees. `rests_on` says for each area whose results stand behind it, so that the next
    edition can be made without giving one of them away: {area: {member's public id: [sector, criticality, result's
    public id]}}. It is shown to nobody.
    """

    nation = models.ForeignKey("members.Member", models.CASCADE, related_name="pictures")
    number = models.PositiveIntegerField()
    version_of = models.ForeignKey("frameworks.FrameworkVersion", models.PROTECT, related_name="+")
    document = models.JSONField()
    rests_on = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    objects = NationalPictureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nation", "number"], name="one_picture_per_number")]
        ordering = ["-number"]
