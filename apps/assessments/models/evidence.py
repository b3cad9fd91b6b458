"""What supports an answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.assessments.choices import (
    EvidenceKind,
    EvidenceState,
)
from apps.assessments.models.answers import Assessment
from apps.assessments.querysets import (
    EvidenceLinkQuerySet,
    EvidenceQuerySet,
)
from apps.core.models import PublicModel
from apps.members.choices import Tlp


class Evidence(PublicModel):
    """A piece that supports answers of one assessment. Its grade follows from kind, dates and acceptance when asked.

    A file is kept sealed: `file_key` is its key, wrapped by version `key_version` of the member's key; an empty one means
    that the file was stored before there were keys. `revision` rises when the file is replaced; older ones never open.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind)
    title = models.CharField(max_length=200)
    shows = models.CharField(max_length=300, blank=True, default="")
    owner = models.CharField(max_length=120, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    dated = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    file = models.FileField(upload_to="evidence", blank=True, max_length=120)
    file_key = models.CharField(max_length=120, blank=True, default="")
    key_version = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    content_type = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=12, choices=EvidenceState, default=EvidenceState.NOT_SCANNED)
    scanned_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The lead who let colleagues open a file that cannot be scanned.",
    )  # fmt: skip
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.AMBER_STRICT)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies",
        help_text="The piece of another assessment of the member that this one repeats.",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "assessment", "copied_from"],
                condition=Q(removed_at__isnull=True),
                name="one_copy_of_a_piece",
            )
        ]
        indexes = [models.Index(fields=["member", "removed_at"], name="evidence_of_member")]

    @property
    def can_be_opened(self) -> bool:
        """Whether the file may leave the store: its state is known, or the lead decided."""
        open_states = (EvidenceState.CLEAN, EvidenceState.NOT_SCANNED)
        return self.state in open_states or (
            self.state == EvidenceState.LOCKED and self.released_by_id is not None
        )


class EvidenceLink(models.Model):
    """A piece supports one question. Acceptance is of the piece for this question: it may show one and not another."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links")
    indicator = models.ForeignKey("frameworks.Indicator", models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(default=now)

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "evidence", "indicator"], name="one_link_to_a_question")
        ]
        ordering = ["attached_at", "pk"]
