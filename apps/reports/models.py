"""The stored report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.members.choices import Tlp
from apps.reports.choices import (
    OF_MEMBER,
    BatchState,
    Every,
    LeavingState,
    LeftOut,
    Paper,
    ReportKind,
    ReportState,
    ScheduleState,
)
from apps.reports.querysets import (
    BatchQuerySet,
    ExportQuerySet,
    LeavingQuerySet,
    ReportQuerySet,
    ScheduleQuerySet,
)


class Report(PublicModel):
    """A document asked for by a person about one result, one programme or one assessment; rendered once.

    Of an assessment it is the questionnaire, and `about` says which: {"areas": codes, none for all, "person": public id or "all",
    "filled": with the answers so far}. Of a matching round `about` is {"round": its public id}; of a nation {"edition": the
    number of its picture}; of two results {"before": public id of the earlier}; of a plan {"plan": public id, "person":
    public id of an owner or "all"}.
    One of a batch is about a result that its member shares with the programme by `grant`, and its readers are the office and the member.
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
    batch = models.ForeignKey("ReportBatch", models.CASCADE, null=True, blank=True, related_name="reports")
    grant = models.ForeignKey("members.Grant", models.SET_NULL, null=True, blank=True, related_name="+")
    schedule = models.ForeignKey(
        "ReportSchedule", models.SET_NULL, null=True, blank=True, related_name="reports"
    )

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
        ordering = ["-asked_at", "-pk"]

    @property
    def job_key(self) -> str:
        """The name of the job that makes this try of the report."""
        return f"report:{self.public_id}:{self.tries}"


class ReportTaking(models.Model):
    """Somebody took the file of a report, alone or in the archive of its batch; the report's readers see who and when."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="takings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-pk"]


class ReportBatch(PublicModel):
    """One report for each member of a programme that shares its result; `label` is the least strict it may carry, "" for any."""

    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="report_batches")
    language = models.CharField(max_length=10, default="en")
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.A4)
    label = models.CharField(max_length=20, choices=Tlp, blank=True, default="")
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.WORKING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    turns = models.PositiveSmallIntegerField(default=1)
    schedule = models.ForeignKey(
        "ReportSchedule", models.SET_NULL, null=True, blank=True, related_name="batches"
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]


class BatchItem(models.Model):
    """One member in a batch: its report, or why it has none."""

    batch = models.ForeignKey(ReportBatch, models.CASCADE, related_name="items")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    report = models.OneToOneField(Report, models.CASCADE, null=True, blank=True, related_name="item")
    left_out = models.CharField(max_length=12, choices=LeftOut, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "member"], name="one_place_in_a_batch"),
            models.CheckConstraint(
                condition=Q(report__isnull=False, left_out="") | Q(report__isnull=True) & ~Q(left_out=""),
                name="in_a_batch_or_left_out",
            ),
        ]


class ReportSchedule(PublicModel):
    """Makes a report by the calendar or after an event, with the rights that `set_by` has at that moment.

    Of a programme with the kind of a member's report it makes a batch. By the calendar `next_on` is the day of the
    next one and `first_on` the day it counts from; after an event exactly one of the three things waited for is named.
    """

    kind = models.CharField(max_length=12, choices=ReportKind)
    member = models.ForeignKey("members.Member", models.CASCADE, null=True, blank=True, related_name="+")
    programme = models.ForeignKey(
        "members.Programme", models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=10, default="en")
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.A4)
    label = models.CharField(max_length=20, choices=Tlp, blank=True, default="")
    every = models.CharField(max_length=10, choices=Every)
    first_on = models.DateField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    round = models.ForeignKey("assessments.Round", models.CASCADE, null=True, blank=True, related_name="+")
    matching = models.ForeignKey(
        "mentoring.MatchingRound", models.CASCADE, null=True, blank=True, related_name="+"
    )
    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ScheduleState, default=ScheduleState.ACTIVE)
    reason = models.CharField(max_length=300, blank=True, default="")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, programme__isnull=True)
                | Q(member__isnull=True, programme__isnull=False),
                name="schedule_is_of_one_house",
            )
        ]
        ordering = ["-set_at", "-pk"]


class ScheduleRun(models.Model):
    """A schedule did its work for a period: "2026-03-01" for a day, "after" for an event. `note` says why nothing came of it."""

    schedule = models.ForeignKey(ReportSchedule, models.CASCADE, related_name="runs")
    period = models.CharField(max_length=20)
    at = models.DateTimeField(default=now)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period"], name="one_run_a_period"),
        ]
        ordering = ["-at", "-pk"]


class MemberExport(PublicModel):
    """Everything the site holds of a member in one archive, sealed with the member's key until `expires_at`.

    `left_out` counts files that could not be put in; the archive says which and why.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.QUEUED)
    stage = models.CharField(max_length=40, blank=True, default="")
    percent = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="exports", blank=True, max_length=120)
    file_key = models.CharField(max_length=120, blank=True, default="")
    key_version = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    statement = models.CharField(max_length=64, blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                name="one_export_at_a_time",
                condition=Q(state__in=[ReportState.QUEUED.value, ReportState.WORKING.value]),
            )
        ]
        ordering = ["-asked_at", "-pk"]


class ExportTaking(models.Model):
    """Somebody took the archive of a member; its leads see who and when."""

    export = models.ForeignKey(MemberExport, models.CASCADE, related_name="takings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-pk"]


class MemberLeaving(PublicModel):
    """The deletion of a member: asked for by a lead, confirmed by somebody else, carried out after some days.

    `receipt` is the signed receipt (format `belay-deletion-receipt`); it is what stays when the member is gone.
    """

    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LeavingState, default=LeavingState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    receipt = models.JSONField(null=True, blank=True)
    statement = models.CharField(max_length=64, blank=True, default="")

    objects = LeavingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                name="one_open_leaving",
                condition=Q(state__in=[LeavingState.ASKED.value, LeavingState.CONFIRMED.value]),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="four_eyes_on_leaving",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeavingState.DONE) | Q(receipt__isnull=False, confirmed_by__isnull=False),
                name="done_leaving_has_a_receipt",
            ),
        ]
        ordering = ["-asked_at", "-pk"]
