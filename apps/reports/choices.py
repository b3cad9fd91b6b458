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
    EXPIRED = "expired", _("Expired")


class BatchState(models.TextChoices):
    WORKING = "working", _("Being made")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class LeftOut(models.TextChoices):
    """Why a member of the programme gets no report in a batch."""

    NO_RESULT = "no_result", _("It has no signed-off result.")
    NOT_SHARED = "not_shared", _("It does not share its result with the programme.")
    NOT_WHOLE = "not_whole", _("It shares some areas only; a report needs all of them.")
    TOO_MANY = "too_many", _("A batch has room for 200 members. Make a second one.")


class Every(models.TextChoices):
    """When a schedule makes its report."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Every year")
    ROUND = "round", _("When an assessment round is closed")
    MATCHING = "matching", _("When the invitations of a matching round are sent")
    ASSESSMENT = "assessment", _("When an assessment is signed off")


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


class ScheduleState(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")


class LeavingState(models.TextChoices):
    """How far the deletion of a member is."""

    ASKED = "asked", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed, and waits for its day")
    CANCELLED = "cancelled", _("Taken back")
    DONE = "done", _("Done")


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
    "room": (gettext_noop("Waiting for room on the disk"), 5),
}

# what a worker is doing with the archive of a member → its words
EXPORT_STAGES = {
    "tables": gettext_noop("Writing the tables"),
    "signed": gettext_noop("Writing signed results"),
    "evidence": gettext_noop("Opening evidence"),
    "shared": gettext_noop("Opening shared files"),
    "papers": gettext_noop("Adding reports"),
    "storing": gettext_noop("Sealing the archive"),
}
