"""Choices of reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class ReportKind(models.TextChoices):
    ASSESSMENT = "assessment", _("Assessment report")
    PROGRAMME = "programme", _("Programme overview")
    SHEET = "sheet", _("Questionnaire")
    ROUND = "round", _("Matching round")
    NATIONAL = "national", _("National report")
    COMPARISON = "comparison", _("Comparison of two results")
    BRIEF = "brief", _("One page")
    ACTIONS = "actions", _("Action sheets")


# kinds whose subject stands in `about` beside the member: an edition of a picture, a plan
OF_MEMBER = (ReportKind.NATIONAL, ReportKind.ACTIONS)


class ReportState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    WORKING = "working", _("Working")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Paper(models.TextChoices):
    A4 = "a4", "A4"
    LETTER = "letter", "Letter"


# what a worker is doing → its words, and the percentage that it begins at
STAGES = {
    "reading": (gettext_noop("Reading the figures"), 10),
    "styles": (gettext_noop("Setting the type"), 25),
    "layout": (gettext_noop("Laying out the pages"), 35),
    "writing": (gettext_noop("Writing the file"), 80),
    "storing": (gettext_noop("Storing the file"), 95),
}
