"""Choices of members and memberships."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberKind(models.TextChoices):
    NATION = "nation", _("Nation")
    ORGANISATION = "organisation", _("Organisation")


class Role(models.TextChoices):
    LEAD = "lead", _("Assessment lead")
    RESPONDENT = "respondent", _("Respondent")
    REVIEWER = "reviewer", _("Reviewer")
    MENTOR = "mentor", _("Mentor")
    VIEWER = "viewer", _("Reader")


class Criticality(models.TextChoices):
    ESSENTIAL = "essential", _("Essential")
    IMPORTANT = "important", _("Important")
    OTHER = "other", _("Other")


class Sector(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    RESPONSE = "response", _("Response team")
    ENERGY = "energy", _("Energy")
    FINANCE = "finance", _("Finance")
    HEALTH = "health", _("Health")
    TELECOM = "telecom", _("Telecommunications")
    TRANSPORT = "transport", _("Transport")
    WATER = "water", _("Water")
    EDUCATION = "education", _("Education")
    JUSTICE = "justice", _("Justice")


class Tlp(models.TextChoices):
    """Labels of TLP 2.0; never translated."""

    RED = "TLP:RED", "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT", "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER", "TLP:AMBER"
    GREEN = "TLP:GREEN", "TLP:GREEN"
    CLEAR = "TLP:CLEAR", "TLP:CLEAR"


class GrantKind(models.TextChoices):
    """What a grant is for: reading a result, or reviewing it."""

    READING = "reading", _("Reading")
    PEER = "peer", _("Peer review")
    VERIFICATION = "verification", _("Verification")


REVIEW_KINDS = (GrantKind.PEER, GrantKind.VERIFICATION)
REVIEWING_ROLES = (Role.REVIEWER, Role.LEAD)
READING_ROLES = (Role.MENTOR, Role.LEAD)
HARMFUL_ROLES = (Role.LEAD, Role.MENTOR)
