"""Choices of exercises."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("exercise", "Planned")
    RUNNING = "running", _("Being played")
    WASHING = "washing", _("Hot wash")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Coming(models.TextChoices):
    INVITED = "invited", _("Has not answered")
    COMES = "comes", _("Comes")
    DECLINED = "declined", _("Cannot come")


class InjectState(models.TextChoices):
    GIVEN = "given", _("Given")
    SKIPPED = "skipped", _("Left out")


class EntryKind(models.TextChoices):
    DECISION = "decision", _("Decision")
    QUESTION = "question", _("Question to the facilitator")


class Seen(models.TextChoices):
    YES = "yes", pgettext_lazy("observer", "Seen")
    PARTLY = "partly", _("Partly seen")
    NO = "no", _("Not seen")


class Channel(models.TextChoices):
    PHONE = "phone", _("Telephone")
    MAIL = "e-mail", _("E-mail")
    TICKET = "ticket", _("Ticket")
    PRESS = "press", _("Press")
    CHAT = "chat", _("Chat")
    LETTER = "letter", _("Letter")
    ASKED = "asked", _("Question to decide")


OPEN_STATES = (RunState.PLANNED, RunState.RUNNING, RunState.WASHING)
