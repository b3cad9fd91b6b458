"""The stored report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.members.choices import Tlp
from apps.reports.choices import OF_MEMBER, Paper, ReportKind, ReportState
from apps.reports.querysets import ReportQuerySet


class Report(PublicModel):
    """A document asked for by a person about one result, one programme or one assessment; rendered once.

    Of an assessment it is the questionnaire, and `about` says which: {"areas": codes, none for all, "person": public id or "all",
    "filled": with the answers so far}. Of a matching round `about` is {"round": its public id}; of a nation {"edition": the
    number of its picture}; of two results {"before": public id of the earlier}; of a plan {"plan": public id, "person":
    public id of an owner or "all"}.
    `file` is chosen before it is written, so that whoever resumes after a crash knows what to clear away.
    """

    kind = models.CharField(max_length=12, choices=ReportKind)
    member = models.ForeignKey(
        "members.Member", models.CASCADE, null=True, blank=True, related_name="reports"
    )
    programme = models.ForeignKey(
        "members.Programme", models.CASCADE, null=True, blank=True, related_name="reports"
    )
    result = models.ForeignKey(
        "assessments.Result", models.PROTECT, null=True, blank=True, related_name="reports"
    )
    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, null=True, blank=True, related_name="+"
    )
    about = models.JSONField(default=dict, blank=True)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.A4)
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.AMBER_STRICT)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.QUEUED)
    stage = models.CharField(max_length=40, blank=True, default="")
    percent = models.PositiveSmallIntegerField(default=0)
    input_hash = models.CharField(max_length=64, blank=True, default="")
    file = models.FileField(upload_to="reports", blank=True, max_length=120)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    signed_by = models.CharField(max_length=200, blank=True, default="")  # whom the certificate names
    certificate = models.CharField(max_length=64, blank=True, default="")  # its SHA-256
    pages = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=1)
    renders = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    member__isnull=False,
                    result__isnull=False,
                    programme__isnull=True,
                    assessment__isnull=True,
                )
                | Q(
                    member__isnull=False,
                    result__isnull=True,
                    programme__isnull=True,
                    assessment__isnull=False,
                )
                | Q(
                    kind__in=[kind.value for kind in OF_MEMBER],
                    member__isnull=False,
                    result__isnull=True,
                    programme__isnull=True,
                    assessment__isnull=True,
                )
                | Q(
                    member__isnull=True, result__isnull=True, programme__isnull=False, assessment__isnull=True
                ),
                name="report_is_about_one_thing",
            )
        ]
        ordering = ["-asked_at"]
