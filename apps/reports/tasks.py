"""The jobs that make reports, ask for scheduled ones, and let old files go."""

from __future__ import annotations

from celery import shared_task

from apps.core.jobs import job
from apps.core.models import OutboxMessage
from apps.reports.services import exports, keeping, leaving, recovering, render_report, schedules
from apps.reports.services.leaving import carry_out_leaving as carry_out


@job("reports.render")
def render(*, message_id: str, report: str, turn: int = 0) -> None:
    """Make one report; the outbox calls again if this worker dies."""
    attempts = OutboxMessage.objects.filter(pk=message_id).values_list("attempts", flat=True).first()
    render_report(report=report, attempt=attempts or 1, turn=turn)


@job("reports.destroy_file")
def destroy_file(*, message_id: str, name: str) -> None:
    """Delete the file of a report that expired or was deleted."""
    keeping.destroy_file(name=name)


@job("reports.export_member")
def export_member(*, message_id: str, export: str) -> None:
    """Make the archive of a whole member; the outbox calls again if this worker dies."""
    attempts = OutboxMessage.objects.filter(pk=message_id).values_list("attempts", flat=True).first()
    exports.make_export(export=export, attempt=attempts or 1)


@job("reports.destroy_export")
def destroy_export(*, message_id: str, name: str) -> None:
    """Delete the file of an archive that expired or was deleted."""
    exports.destroy_export_file(name=name)


@job("reports.carry_out_leaving")
def carry_out_leaving(*, message_id: str, leaving: str) -> None:
    """Erase a member whose days have passed; all or nothing, so it may be called again."""
    carry_out(leaving=leaving)


@job("reports.discard_left")
def discard_left(*, message_id: str, name: str) -> None:
    """Delete one stored file of a member that left."""
    leaving.discard_left(name=name)


@job("reports.run_schedule")
def run_schedule(*, message_id: str, schedule: str, period: str) -> None:
    """Ask for what a schedule makes in this period."""
    schedules.run_schedule(schedule=schedule, period=period)


@shared_task(name="reports.keep_time", ignore_result=True)
def keep_time() -> int:
    """Queue the schedules that are due, and let old files go; asked often, each done once."""
    asked = schedules.ring_schedules() + leaving.ring_leavings()
    gone = keeping.sweep_reports() + exports.sweep_exports()
    return asked + gone + recovering.recover_reports()


@shared_task(name="reports.clear_orphans", ignore_result=True)
def clear_orphans() -> int:
    """Delete stored files that no report names."""
    return recovering.clear_orphans()
