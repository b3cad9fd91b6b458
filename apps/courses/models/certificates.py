"""What a learner leaves with: the statement issued, and the work that was accepted for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.core.models import PublicModel
from apps.courses.choices import CertificateKind, WithdrawnFor
from apps.courses.models.learning import Enrolment


class Certificate(PublicModel):
    """The statement issued; frozen: what it says and by which rules never change.

    `credential` is the signed form of it, made once. `place` is its bit in the lists of what was withdrawn.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=20, unique=True, help_text="Short code with a check character.")
    kind = models.CharField(max_length=15, choices=CertificateKind)
    holder = models.CharField(max_length=150)
    shows_name = models.BooleanField(default=True, help_text="Whether the page for everybody says the name.")
    statement = models.JSONField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True, default="")
    revoked_for = models.CharField(max_length=10, choices=WithdrawnFor, blank=True, default="")
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced")
    place = models.PositiveIntegerField(null=True, blank=True, unique=True)
    credential = models.JSONField(null=True, blank=True)


class AcceptedWork(PublicModel):
    """A learner's piece of work that another person looked at and accepted; with it a certificate of practice is earned."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="accepted_work")
    title = models.CharField(max_length=200)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField()
