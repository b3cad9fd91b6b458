"""What a learner leaves with: the statement issued."""

from __future__ import annotations

from django.db import models

from apps.core.models import PublicModel
from apps.courses.choices import CertificateKind
from apps.courses.models.learning import Enrolment


class Certificate(PublicModel):
    """The statement issued; frozen: what it says and by which rules never change."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=20, unique=True, help_text="Short code with a check character.")
    kind = models.CharField(max_length=15, choices=CertificateKind)
    holder = models.CharField(max_length=150)
    statement = models.JSONField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True, default="")
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
