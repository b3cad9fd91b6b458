"""What two members agree on before they work together: numbered versions, each with the signatures of both."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import OPEN_AGREEMENTS, AgreementState, Side
from apps.mentoring.models.engagements import Engagement


class Agreement(PublicModel):
    """One version of the agreement of an engagement.

    A draft holds `terms`, which both sides edit. The first signature freezes `document`: the terms with the parties, the
    area and the baseline; `document_hash` is the SHA-256 of its RFC 8785 form, and nothing of it changes again.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    terms = models.JSONField(default=dict)
    document = models.JSONField(null=True, blank=True)
    document_hash = models.CharField(max_length=64, blank=True, default="")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=now)
    in_force_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="one_agreement_a_number"),
            models.UniqueConstraint(
                fields=["engagement"], name="one_open_agreement", condition=Q(state__in=OPEN_AGREEMENTS)
            ),
            models.UniqueConstraint(
                fields=["engagement"], name="one_agreement_in_force", condition=Q(state=AgreementState.IN_FORCE)
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True, document_hash="")
                | (Q(document__isnull=False) & ~Q(document_hash="")),
                name="frozen_agreement_has_a_hash",
            ),
        ]  # fmt: skip
        ordering = ["-number"]


class AgreementSignature(models.Model):
    """One side signs one version: who, when, on which hash, and what this side consents to.

    `proof` is the site's signature over `statement`, so that it can be checked away from the server. Consent to publication
    ends when it is withdrawn; the statement stays as it was signed.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=6, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    measurement = models.BooleanField(default=False)
    publication = models.BooleanField(default=False)
    publication_ended_at = models.DateTimeField(null=True, blank=True)
    statement = models.JSONField()
    proof = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="one_signature_a_side"),
            models.CheckConstraint(
                condition=Q(publication=True) | Q(publication_ended_at__isnull=True),
                name="only_given_consent_ends",
            ),
        ]
        ordering = ["at", "pk"]
