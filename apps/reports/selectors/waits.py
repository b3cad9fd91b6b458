"""Why a report that is being made does not go on just now: its worker stopped, or a fault is waited out."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.core.models import OutboxMessage
from apps.reports.choices import STAGES, ReportState
from apps.reports.models import Report

RUNNING = (ReportState.QUEUED, ReportState.WORKING)


def stage_words(reports: Iterable[Report]) -> dict[int, str]:
    """Primary key → what happens with the report now, for those being made. One query, none where nothing is made."""
    running = {report.job_key: report for report in reports if report.state in RUNNING}
    if not running:
        return {}
    jobs = {job.dedupe_key: job for job in OutboxMessage.objects.filter(dedupe_key__in=running)}
    return {report.pk: _words(report, jobs.get(key)) for key, report in running.items()}


def _words(report: Report, job: OutboxMessage | None) -> str:
    if job is None or report.state == ReportState.QUEUED:
        return _("Waiting for its turn")
    if job.state == OutboxMessage.State.CLAIMED and job.leased_until and job.leased_until < now():
        return _("The worker was cut off; the next one begins this report again")
    if job.state == OutboxMessage.State.WAITING and report.stage != "room":
        return _("Something went wrong; it is tried again by itself")
    return _(STAGES[report.stage][0]) if report.stage in STAGES else _("Waiting for its turn")
