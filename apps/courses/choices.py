"""Choices of courses, and the numbers that the rules of learning turn on."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pool(models.TextChoices):
    PRACTICE = "practice", _("Practice")
    EXAM = "exam", _("Module test")
    FINAL = "final", _("Final test")
    FORM_A = "forma", _("Form A")
    FORM_B = "formb", _("Form B")


RECHECK_PLACE = "recheck"  # of a sitting, for everybody's own re-check
SITTING_CODE = 8  # characters of Crockford's base32: 40 bits, for a few hours
SITTING_MINUTES = (10, 480)
SITTING_SEATS = 200
SITTING_AHEAD = timedelta(days=90)
SITTING_GUESSES, SITTING_GUESSES_IN = 10, timedelta(minutes=15)  # wrong codes of one person


class TestPlace(models.TextChoices):
    """Tests of a whole course; the other places are its modules."""

    __test__ = False

    BEFORE = "before", _("Before the course")
    FINAL = "final", _("Final test")
    AFTER = "after", _("After the course")


class CertificateKind(models.TextChoices):
    PARTICIPATION = "participation", _("Participation")
    COMPLETION = "completion", _("Completion")
    ACHIEVEMENT = "achievement", _("Achievement")
    PRACTICE = "practice", _("Practice")


class CertificateState(models.TextChoices):
    """What the public page says about a code; the last two are not stored anywhere."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Withdrawn")
    SUPERSEDED = "superseded", _("Replaced by a newer certificate")
    ALTERED = "altered", _("Changed after it was signed")
    UNKNOWN_ISSUER = "unknown_issuer", _("Not signed by this site")
    UNKNOWN = "unknown", _("Not known here")
    MALFORMED = "malformed", _("Not a certificate code")


class WithdrawnFor(models.TextChoices):
    """Why a certificate was withdrawn; after a mistake of ours the holder may have it again."""

    ERROR = "error", _("A mistake of ours")
    FRAUD = "fraud", _("It was gained by deceit")
    OTHER = "other", _("Another reason")


class CohortRole(models.TextChoices):
    LEARNER = "learner", _("Learner")
    TRAINER = "trainer", _("Trainer")


class Verdict(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class EssayState(models.TextChoices):
    WAITING = "waiting", _("Waits for marking")
    SECOND = "second", _("Waits for a second marker")
    DIFFERS = "differs", _("Two marks differ")
    DONE = "done", _("Marked")


class Mark(models.TextChoices):
    """A mark for one criterion of a rubric: the whole point, half of it, nothing."""

    GOOD = "good", _("Good")
    ENOUGH = "enough", _("Enough")
    MISSING = "missing", _("Missing")


NUDGE_AGAIN = timedelta(days=7)
COHORT_INVITATION = timedelta(days=30)
MOST_INVITED = 500


class DraftState(models.TextChoices):
    """Where a draft of a course stands; a save takes one that waits for its review back to writing."""

    WRITING = "writing", _("Being written")
    REVIEW = "review", _("Waits for review")
    PUBLISHED = "published", _("Published")


class OfferState(models.TextChoices):
    """What became of work that was offered as evidence."""

    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Taken as evidence")
    DECLINED = "declined", _("Not taken")


class FlagDecision(models.TextChoices):
    """What a person made of a flag."""

    NOTHING = "nothing", _("There is nothing in it")
    TALKED = "talked", _("Talked with the learner")
    SET_ASIDE = "set_aside", _("The try does not count")


class OralResult(models.TextChoices):
    """What came of asking a learner about their work."""

    GOOD = "good", _("Answered for the work")
    AGAIN = "again", _("To be asked again")


class WorkFileState(models.TextChoices):
    """What is known of a learner's file."""

    WAITING = "waiting", _("Waits for the scanner")
    NOT_SCANNED = "not_scanned", _("Not scanned")
    CLEAN = "clean", _("Nothing harmful found")
    INFECTED = "infected", _("Harmful content found")
    LOCKED = "locked", _("Cannot be scanned")


class AtWork(models.TextChoices):
    """What became of a plan at work."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")
    BLOCKED = "blocked", _("Not possible")


class PackageKind(models.TextChoices):
    """Standards of packages that are played."""

    SCORM_12 = "scorm12", "SCORM 1.2"
    SCORM_2004 = "scorm2004", "SCORM 2004"


TIMES_KEPT = timedelta(days=90)  # when answers of tests were saved, and from which network
TRIES_IN_A_ROW = 3
MINUTES_A_QUESTION, LEAST_MINUTES = 3, 20
GRACE = timedelta(minutes=2)  # an answer sent in time may arrive late by this much
MOST_LOST_SECONDS = 600  # of one try, given back after lost connections
MOST_EXTRA_PERCENT, MOST_EXTRA_MINUTES = 200, 240
WAIT_AFTER_TRIES = timedelta(hours=24)
PRACTISED_LAST, PRACTISED_RIGHT = 5, 4
SMALLEST_GROUP = 5
SKIP_MARK = 85  # per cent of the form before the course, from which its modules may be skipped
REVIEW_DAYS = (2, 7, 30, 90)
REVIEW_SITTING = 5
FOLLOW_UP_DAYS = (30, 90)
SMALLEST_AT_WORK = 10
RENEW_BEFORE_DAYS = 60
EXTRA_SCREENS = (
    3  # before the text: objective and opening question; after it: the check, then work and key points
)
WORK_FILE_BYTES = 5 * 1024 * 1024  # of a learner's piece of work, which travels over slow links
