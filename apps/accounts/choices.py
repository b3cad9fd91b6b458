"""Choices of a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    AUTO = "", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Scope(models.TextChoices):
    """What a token may be used for. To write includes to read; to sign needs a token that was made just now."""

    MEMBERS_READ = "members:read", _("Read the members that I belong to, and their records")
    ASSESSMENTS_READ = "assessments:read", _("Read assessments, answers, discussions and workbooks")
    ASSESSMENTS_WRITE = "assessments:write", _("Open assessments, answer, discuss, review, submit")
    EVIDENCE_READ = "evidence:read", _("Read evidence and its files")
    EVIDENCE_WRITE = "evidence:write", _("Add, change and remove evidence")
    RESULTS_READ = "results:read", _("Read results, comparisons, trends, roadmaps, plans and reports")
    RESULTS_WRITE = (
        "results:write",
        _("Save and drop targets, ask for roadmaps and reports, run action plans"),
    )
    REVIEWS_READ = "reviews:read", _("Read what others ask me to review")
    REVIEWS_WRITE = "reviews:write", _("Ask for reviews, review, answer findings")
    GRANTS_READ = "grants:read", _("Read what is shared, by us and with us")
    GRANTS_WRITE = "grants:write", _("Share, narrow and withdraw")
    ROUNDS_READ = (
        "rounds:read",
        _("Read rounds, their progress, matching rounds, certified reviewers and reports"),
    )
    ROUNDS_WRITE = (
        "rounds:write",
        _("Open, extend and close rounds, remind, certify reviewers, ask for reports"),
    )
    LEARNING_READ = (
        "learning:read",
        _("Read cohorts that I run, their gradebooks, and statistics of questions"),
    )
    MENTORING_READ = (
        "mentoring:read",
        _("Read requests, offers, invitations, calls of our own side and engagements"),
    )
    MENTORING_WRITE = "mentoring:write", _("Ask for help, offer it, answer invitations, note calls")
    RESOURCES_READ = "resources:read", _("Read the library of resources as I see it")
    SIGN = (
        "sign",
        _("Sign: submit, reopen, share, accept invitations, ask for reviews. Works for five minutes only."),
    )


MOST_TOKEN_DAYS = 365
