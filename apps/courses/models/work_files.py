"""A learner's piece of work as a file, beside its words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.courses.choices import WorkFileState
from apps.courses.models.artefacts import Artefact


class WorkFile(PublicModel):
    """A file kept sealed with a key of the learner's. One that was offered stays until the offer is decided."""

    artefact = models.ForeignKey(Artefact, models.CASCADE, related_name="files")
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="work", blank=True, max_length=120)
    file_key = models.CharField(max_length=120)
    key_version = models.PositiveIntegerField()
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=WorkFileState, default=WorkFileState.WAITING)
    scanned_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artefact"], name="one_file_of_a_work", condition=Q(removed_at__isnull=True)
            )
        ]

    @property
    def can_be_opened(self) -> bool:
        """Whether the file may leave the store: its state is known, and it is not harmful."""
        return self.state in (WorkFileState.CLEAN, WorkFileState.NOT_SCANNED)
