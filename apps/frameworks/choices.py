"""Choices of a framework."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    NATIONAL = "national", _("National")
    ORGANISATIONAL = "organisational", _("Organisational")
    BOTH = "both", _("National and organisational")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
