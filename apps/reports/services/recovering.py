"""What no worker comes back to by itself: reports whose job is gone, batches that nobody closed, files that nobody names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.timezone import now

from apps.core import audit
from apps.core.models import OutboxMessage
from apps.reports.choices import BatchState, ReportState
from apps.reports.models import Report, ReportBatch
from apps.reports.services.asking import chain_of, queue_report
from apps.reports.services.rendering import BROKEN, tell_asker
from apps.reports.services.settling import close_batch

AT_ONCE = 200
PLACE = "reports"
YOUNG = timedelta(days=1)  # a file this young may belong to a worker that has not told its row yet


def recover_reports(*, actor: None = None) -> int:
    """Queue or fail the reports whose job is over although they are not, and close batches with nothing left; return how many."""
    running = list(Report.objects.running().order_by("pk")[:AT_ONCE])
    keys = {report.job_key: report for report in running}
    jobs = OutboxMessage.objects.filter(dedupe_key__in=keys)
    states = dict(jobs.values_list("dedupe_key", "state"))
    alive = (OutboxMessage.State.WAITING, OutboxMessage.State.CLAIMED)
    stuck = [report for key, report in keys.items() if states.get(key) not in alive]
    dead = {key for key, state in states.items() if state == OutboxMessage.State.DEAD}
    done = sum(_give_up(r) if r.job_key in dead else _queue_again(r) for r in stuck)
    return done + _close_batches()


@transaction.atomic
def _queue_again(report: Report) -> bool:
    """Its job ended without it: write a new one."""
    mine = Report.objects.running().filter(pk=report.pk, tries=report.tries)
    if not mine.update(state=ReportState.QUEUED, stage="", percent=0, tries=F("tries") + 1):
        return False
    report.refresh_from_db()
    queue_report(report)
    return True


@transaction.atomic
def _give_up(report: Report) -> bool:
    """Its job was given up before it could say so on the report: fail it in words."""
    mine = Report.objects.running().filter(pk=report.pk, tries=report.tries)
    if not mine.update(state=ReportState.FAILED, stage="", percent=0, error=BROKEN):
        return False
    audit.record(actor=None, action="report.failed", on=report, chain=chain_of(report))
    tell_asker(report, "report_failed")
    return True


def _close_batches() -> int:
    """Batches that wait for nothing: their last report went with its member."""
    left = Report.objects.running().filter(batch=OuterRef("pk"))
    open_ones = ReportBatch.objects.filter(state=BatchState.WORKING).exclude(Exists(left))
    return sum(
        close_batch(batch_id=pk) for pk in open_ones.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    )


def clear_orphans(*, actor: None = None) -> int:
    """Delete stored files older than a day that no report names: what a worker left that was cut off at the worst moment.

    Return how many. A file that was named once is let go by its job; this is for those whose job could not.
    """
    gone = 0
    limit = now() - YOUNG
    for names in _stored():
        known = set(Report.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < limit:
                default_storage.delete(name)
                gone += 1
    return gone


def _stored() -> Iterator[list[str]]:
    """The names of the stored files of reports, folder by folder."""
    try:
        folders, _files = default_storage.listdir(PLACE)
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        _folders, files = default_storage.listdir(f"{PLACE}/{folder}")
        yield [f"{PLACE}/{folder}/{file}" for file in sorted(files)]
