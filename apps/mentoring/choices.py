"""Choices of mentoring."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mode(models.TextChoices):
    REMOTE = "remote", _("Remote")
    VISIT = "visit", _("Visit")
    EITHER = "either", _("Remote or visit")


class Pays(models.TextChoices):
    """Who bears the costs of the work, such as travel."""

    MENTOR = "mentor", _("The mentor partner")
    MEMBER = "member", _("The member")
    PROGRAMME = "programme", _("The programme")


class Period(models.IntegerChoices):
    """What the places of an offer count: members at one time, or members begun with in a rolling period of months."""

    AT_ONCE = 0, _("Members at the same time: a place is free again when its work ends")
    HALF_YEAR = 6, _("New members in any 6 months: a place is free again half a year after its work began")
    YEAR = 12, _("New members in any 12 months: a place is free again a year after its work began")


class NeedState(models.TextChoices):
    SENT = "sent", _("Sent")
    PROPOSED = "proposed", _("Proposed")
    MATCHED = "matched", _("Matched")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OfferState(models.TextChoices):
    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RoundMode(models.TextChoices):
    """Invitations straight from the match, or shortlists and calls before it."""

    DIRECT = "direct", _("One stage: match, then invite")
    TWO_STAGE = "two_stage", _("Two stages: shortlists and calls, then match and invite")


class RoundState(models.TextChoices):
    COLLECTING = "collecting", _("Collecting")
    SHORTLIST = "shortlist", _("Review shortlists")
    CALLS = "calls", _("Calls under way")
    SOLVING = "solving", _("Being worked out")
    PROPOSED = "proposed", _("Review matches")
    PUBLISHED = "published", _("Invitations sent")
    CLOSED = "closed", _("Closed")


class RoundKind(models.TextChoices):
    """A round pairs all that waits; between rounds one request is paired, and replayed in the same way."""

    ROUND = "round", _("Round")
    BETWEEN = "between", _("Between rounds")


class UrgentReason(models.TextChoices):
    INCIDENT = "incident", _("An incident is under way")
    DEADLINE = "deadline", _("A legal deadline")
    OTHER = "other", _("Another reason")


class UrgencyState(models.TextChoices):
    ASKED = "asked", _("Waits for the programme office")
    CONFIRMED = "confirmed", _("Urgent")
    REFUSED = "refused", _("Not taken as urgent")


class Decision(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Set aside")


class Reply(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class DeclineReason(models.TextChoices):
    NO_TIME = "no_time", _("No time in this period")
    WRONG_FIT = "wrong_fit", _("Our experience does not fit")
    CONFLICT = "conflict", _("A conflict of interest")
    LANGUAGE = "language", _("No language in common in practice")
    OTHER = "other", _("Another reason")


class EngagementState(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class AgreementState(models.TextChoices):
    """A version: edited; signed by one side; in force; followed by a later one; given up before both signed."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for a signature")
    IN_FORCE = "in_force", _("In force")
    REPLACED = "replaced", _("Replaced")
    SET_ASIDE = "set_aside", _("Set aside")


class Side(models.TextChoices):
    """The two sides of an engagement."""

    MEMBER = "member", _("Member")
    MENTOR = "mentor", _("Mentor partner")


class MeetingState(models.TextChoices):
    """A session that was planned ahead."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CALLED_OFF = "called_off", _("Called off")


class WhoPays(models.TextChoices):
    OWN = "own", _("Each side bears its own costs")
    MENTOR = "mentor", _("The mentor partner pays")
    MEMBER = "member", _("The member pays")
    PROGRAMME = "programme", _("The programme pays")
    OTHER = "other", _("Somebody else pays")


class PauseReason(models.TextChoices):
    PEOPLE = "people", _("People are away or have changed")
    INCIDENT = "incident", _("An incident or another urgent matter takes all the time")
    DECISION = "decision", _("A decision inside the organisation is waited for")
    MEANS = "means", _("Money or equipment is waited for")
    OTHER = "other", _("Another reason")


class LeaveReason(models.TextChoices):
    TIME = "time", _("No time any more")
    PEOPLE = "people", _("The people who carried it have left")
    FIT = "fit", _("The help does not fit what is needed")
    PRIORITY = "priority", _("Other work comes first now")
    TRUST = "trust", _("Working together does not go well")
    CONFLICT = "conflict", _("A conflict of interest has come up")
    OTHER = "other", _("Another reason")


class Moment(models.TextChoices):
    """When each side says how the work goes."""

    MIDDLE = "middle", _("At the middle")
    END = "end", _("At the end")


class GoalResult(models.TextChoices):
    """What came of a goal, as both sides confirm it."""

    REACHED = "reached", _("Reached, with evidence")
    PARTLY = "partly", _("Partly")
    NOT = "not", _("Not reached")


class StillThere(models.TextChoices):
    """Whether what was reached is still in place later."""

    YES = "yes", _("Yes, and it is used")
    PARTLY = "partly", _("In part")
    NO = "no", _("No")


class Rung(models.TextChoices):
    """The rungs of the graduation ladder, from the lowest up."""

    ENROLLED = "enrolled", _("Enrolled")
    ASSESSED = "assessed", pgettext_lazy("rung", "Assessed")
    VALIDATED = "validated", _("Validated")
    PROGRESSING = "progressing", _("Progressing")
    GRADUATED = "graduated", _("Graduated")
    MENTOR = "mentor", _("Mentor")


class GoalState(models.TextChoices):
    OPEN = "open", _("Open")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Dropped")


class Language(models.TextChoices):
    """Languages that a mentor and a member may work in; each name is written in the language itself."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"
    ARABIC = "ar", "العربية"
    SPANISH = "es", "Español"
    PORTUGUESE = "pt", "Português"
    RUSSIAN = "ru", "Русский"
    CHINESE = "zh", "中文"
    SWAHILI = "sw", "Kiswahili"
    HINDI = "hi", "हिन्दी"


class Readiness(models.TextChoices):
    """What must be in place before a mentor is asked; the order is the order of the form."""

    SPONSOR = "sponsor", _("A sponsor in the leadership")
    COUNTERPART = "counterpart", _("A counterpart who works with the mentor")
    STAFF_TIME = "staff_time", _("Staff time for the work between sessions")
    LEGAL_BASIS = "legal_basis", _("A legal basis to share what the mentor must see")


class RoadmapState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    WORKING = "working", _("Being worked out")
    READY = "ready", _("Ready")
    IMPOSSIBLE = "impossible", _("Cannot be reached")
    FAILED = "failed", _("Failed")


class Unit(models.TextChoices):
    DAYS = "days", _("Person-days")
    MONEY = "money", _("Money")


class ActionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DOING = "doing", _("Doing")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


# What one step costs by effort 1, 2, 3 until the member says better: changing what is done, and showing what is done.
DAYS = ((5, 15, 40), (1, 3, 5))
MONEY = ((2_500, 7_500, 20_000), (500, 1_500, 2_500))
OPEN_ACTIONS = (ActionState.PLANNED, ActionState.DOING)
OPEN_AGREEMENTS = (AgreementState.DRAFT, AgreementState.WAITING)
MOST_FILES, MOST_FILE_BYTES = 60, 100 * 1024 * 1024  # of one engagement
