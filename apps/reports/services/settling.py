"""A batch ends when its last report does, and says so once; a retry opens it again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.services import notify
from apps.reports.choices import BatchState, ReportState
from apps.reports.models import Report, ReportBatch


def settle_batch(report: Report) -> None:
    """Close the batch of a report that has just ended, if it was the last one; inside the transaction of that end."""
    if report.batch_id is not None:
        close_batch(batch_id=report.batch_id)


@transaction.atomic
def close_batch(*, actor: None = None, batch_id: int) -> bool:
    """Close a batch and tell who asked for it, if nothing of it is being made; say whether it was closed now."""
    batch = ReportBatch.objects.select_for_update().get(pk=batch_id)
    left = Report.objects.running().filter(batch=batch).exists()
    if left or batch.state != BatchState.WORKING:
        return False
    batch.state, batch.done_at = BatchState.DONE, now()
    batch.save(update_fields=["state", "done_at"])
    tell_batch(batch)
    return True


def tell_batch(batch: ReportBatch) -> None:
    """Tell whoever asked for the batch how it came out, once for each time it was worked on."""
    states = list(batch.reports.values_list("state", flat=True))
    url = reverse(
        "reports:batch", kwargs={"programme": batch.programme.public_id, "report_batch": batch.public_id}
    )
    notify(
        actor=None, user=batch.asked_by, kind="batch_ready", key=f"batch_ready:{batch.public_id}:{batch.turns}", url=url,
        programme=batch.programme.name, ready=states.count(ReportState.READY), all=len(states),
    )  # fmt: skip


def reopen_batch(batch: ReportBatch) -> None:
    """One of its reports is made again: it goes on."""
    ReportBatch.objects.filter(pk=batch.pk).exclude(state=BatchState.WORKING).update(
        state=BatchState.WORKING, done_at=None, turns=F("turns") + 1
    )
