"""Choices of courses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pool(models.TextChoices):
    PRACTICE = "practice", _("Practice")
    EXAM = "exam", _("Module test")


class CertificateKind(models.TextChoices):
    PARTICIPATION = "participation", _("Participation")
    COMPLETION = "completion", _("Completion")
    ACHIEVEMENT = "achievement", _("Achievement")
    PRACTICE = "practice", _("Practice")
