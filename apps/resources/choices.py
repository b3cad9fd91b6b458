"""Choices of resources."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    GUIDE = "guide", _("Guide")
    TEMPLATE = "template", _("Template")
    TOOL = "tool", _("Tool")
    FUND = "fund", _("Fund")
    EXPERT = "expert", _("Expert")
