"""Files that one side of an engagement shares with the other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from apps.assessments.choices import EvidenceState
from apps.core.models import PublicModel
from apps.members.choices import Tlp
from apps.mentoring.models.engagements import Engagement


class SharedFile(PublicModel):
    """A file that `member`, one of the two sides, shares; kept sealed with that member's key, as evidence is.

    The other side opens it while the work goes on. A removed one stays as a row; its file and key are destroyed.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="files")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="shared", blank=True, max_length=120)
    file_key = models.CharField(max_length=120, blank=True, default="")
    key_version = models.PositiveIntegerField(default=0)
    content_type = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=12, choices=EvidenceState, default=EvidenceState.NOT_SCANNED)
    scanned_at = models.DateTimeField(null=True, blank=True)
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.AMBER_STRICT)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-shared_at", "-pk"]

    @property
    def can_be_opened(self) -> bool:
        """Whether the file may leave the store: a scanner found nothing, or the site has none."""
        return self.state in (EvidenceState.CLEAN, EvidenceState.NOT_SCANNED)
