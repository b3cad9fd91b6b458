"""The job that makes reports."""

from __future__ import annotations

from apps.core.jobs import job
from apps.core.models import OutboxMessage
from apps.reports.services import render_report


@job("reports.render")
def render(*, message_id: str, report: str) -> None:
    """Make one report; the outbox calls again if this worker dies."""
    attempts = OutboxMessage.objects.filter(pk=message_id).values_list("attempts", flat=True).first()
    render_report(report=report, attempt=attempts or 1)
