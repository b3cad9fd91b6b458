"""Choices of assessments, responses and evidence."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssessmentState(models.TextChoices):
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    SUBMITTED = "submitted", _("Submitted")
    REPLACED = "replaced", _("Replaced")
    MERGED = "merged", _("Merged into another")


class ResponseKind(models.TextChoices):
    LEVEL = "level", _("Level")
    UNKNOWN = "unknown", _("I do not know yet")
    NOT_APPLICABLE = "not_applicable", _("This does not apply to us")


class EvidenceKind(models.TextChoices):
    DESCRIBED = "described", _("Description")
    HELD = "held", _("Held, cannot be shared")
    LINK = "link", _("Link")
    FILE = "file", _("File")


class EvidenceState(models.TextChoices):
    """How far a file was looked at; what is no file is never scanned."""

    RECEIVED = "received", _("Received")
    WAITING = "waiting", _("Waiting to be scanned")
    CLEAN = "clean", _("Scanned, nothing found")
    INFECTED = "infected", _("Infected: locked away")
    LOCKED = "locked", _("Cannot be scanned: a password hides its content")
    UNREACHABLE = "unreachable", _("The scanner does not answer; it is tried again")
    NOT_SCANNED = "not_scanned", _("Not scanned for viruses")


class RemarkKind(models.TextChoices):
    """What a reviewer wants of an answer: that a question about it is answered, or that the answer changes."""

    QUESTION = "question", _("Question")
    CHANGE = "change", _("Change requested")


class NotApplicableReason(models.TextChoices):
    NO_MANDATE = "no_mandate", _("Outside our legal mandate")
    NO_SUCH_SYSTEM = "no_such_system", _("We have no such system or service")
    DONE_BY_OTHER = "done_by_other", _("Another body does this for us by law")
    OTHER = "other", _("Another reason, explained below")


class RoundState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Progress(models.TextChoices):
    """How far a question or an area is, as the person who looks sees it. Never stored."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    NEEDS_YOU = "needs_you", _("Needs you")
    BEING_REVIEWED = "being_reviewed", _("Being reviewed")
    COMPLETE = "complete", _("Complete")


class Trust(models.TextChoices):
    """How far a result was checked."""

    SUBMITTED = "submitted", _("Submitted")
    REVIEWED = "reviewed", _("Reviewed inside the member")
    PEER_REVIEWED = "peer_reviewed", _("Peer-reviewed")
    VERIFIED = "verified", _("Verified")
    EXPIRED = "expired", _("Older than 24 months")
    VOID = "void", _("Void: reopened")


class ReviewState(models.TextChoices):
    """How far a review by another member is."""

    DRAFT = "draft", _("In progress")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("Declined: interests conflict")


class ReviewDecision(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    WITH_FINDINGS = "with_findings", _("Confirmed, with findings")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")


class Conflicting(models.TextChoices):
    """Whether interests conflict; a review begins only with "no"."""

    NO = "no", _("No, nothing stands between me and a fair judgement")
    YES = "yes", _("Yes, there is something")


class Fate(models.TextChoices):
    """What a row of a workbook that comes back would do, or did."""

    CLEAN = "clean", _("Taken in")
    CONFLICT = "conflict", _("Two answers")
    INVALID = "invalid", _("Cannot be taken in")
    STALE = "stale", _("Out of date")
    UNCHANGED = "unchanged", _("Nothing new")


DESCRIBED_KINDS = (EvidenceKind.DESCRIBED, EvidenceKind.HELD)
POSITIVE = (ReviewDecision.CONFIRMED, ReviewDecision.WITH_FINDINGS)
CLOSED_STATES = (AssessmentState.SUBMITTED, AssessmentState.REPLACED, AssessmentState.MERGED)
WHY_LIMIT = 5000
COMMENT_LIMIT = 2000
MEND_MINUTES = 15
DRAFT_DAYS = 30
WORKBOOK_HOURS = 24
"""How long a workbook waits to be confirmed."""
