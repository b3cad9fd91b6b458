"""One report for each member of a programme that shares its result: asked for together, stopped, repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.selectors.sharing import strictest
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.jobs import enqueue_many
from apps.core.saves import once
from apps.members.policies import may_manage
from apps.reports.choices import BatchState, LeftOut, ReportKind, ReportState
from apps.reports.models import BatchItem, Report, ReportBatch, ReportSchedule
from apps.reports.selectors import programme_for_reports
from apps.reports.selectors.batches import batch_to_change
from apps.reports.selectors.granted import Shared, shared_members
from apps.reports.services.keeping import destroy_later

MOST_IN_A_BATCH = 200
MOST_BATCHES = 2
AGAIN = (ReportState.FAILED, ReportState.CANCELLED, ReportState.EXPIRED)


@transaction.atomic
def request_batch(
    *,
    actor: User,
    programme: str,
    language: str,
    paper: str,
    tlp: str = "",
    schedule: ReportSchedule | None = None,
) -> ReportBatch:
    """Ask for one report about each member that shares its whole result with the programme; name the others with the reason.

    Raises `Refused` when nobody shares a result, or when two batches are being made already.
    """
    subject = programme_for_reports(actor, programme)
    require(may_manage(actor, subject))
    running = ReportBatch.objects.filter(programme=subject, state=BatchState.WORKING)
    if schedule is None and running.count() >= MOST_BATCHES:
        raise Refused(_("Two batches are being made already. Wait until one is done, or cancel one."))
    shared = shared_members(actor, subject)
    chosen = [row for row in shared if row.result is not None]
    if not chosen:
        raise Refused(_("No member shares its whole result with the programme yet."))
    batch = ReportBatch.objects.create(
        programme=subject, language=language, paper=paper, label=tlp, asked_by=actor, schedule=schedule
    )
    _fill(batch, actor, chosen[:MOST_IN_A_BATCH])
    _leave_out(batch, [row for row in shared if row.result is None], chosen[MOST_IN_A_BATCH:])
    audit.record(actor=actor, action="batch.asked", on=batch, reports=len(chosen[:MOST_IN_A_BATCH]))
    return batch


def _fill(batch: ReportBatch, actor: User, chosen: Sequence[Shared]) -> None:
    reports = [_report(batch, actor, row) for row in chosen]
    Report.objects.bulk_create(reports)
    items = [
        BatchItem(batch=batch, member=row.member, report=made)
        for row, made in zip(chosen, reports, strict=True)
    ]
    BatchItem.objects.bulk_create(items)
    _queue(reports)


def _report(batch: ReportBatch, actor: User, row: Shared) -> Report:
    assert row.result is not None and row.grant is not None
    with translation.override(batch.language):
        title = _("Cybersecurity maturity: %(title)s") % {"title": row.result.assessment.title}
    labels = [row.result.tlp, row.grant.tlp, *filter(None, [batch.label])]
    return Report(
        kind=ReportKind.ASSESSMENT, member=row.member, result=row.result, title=title[:200], language=batch.language,
        paper=batch.paper, tlp=strictest(labels), input_hash=row.result.input_hash, asked_by=actor, batch=batch,
        grant=row.grant, schedule=batch.schedule,
    )  # fmt: skip


def _leave_out(batch: ReportBatch, without: Sequence[Shared], too_many: Sequence[Shared]) -> None:
    reasons = [(row, row.left_out) for row in without] + [(row, LeftOut.TOO_MANY) for row in too_many]
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, member=row.member, left_out=why) for row, why in reasons
    )


def _queue(reports: Sequence[Report]) -> None:
    enqueue_many("reports.render", {r.job_key: {"report": r.public_id, "turn": r.tries} for r in reports})


def ask_batch_once(*, actor: User, key: str = "", **values: Any) -> str:
    """Ask for a batch, once for each `key`; return its public id, also when it was asked for before."""
    act = lambda: {"batch": request_batch(actor=actor, **values).public_id}  # noqa: E731
    done = once(owner=actor.public_id, scope="report-batch", key=key, act=act, content=sorted(values.items()))
    return str(done["batch"])


@transaction.atomic
def cancel_batch(*, actor: User, programme: str, batch: str) -> None:
    """Stop what is left of a batch; what is ready stays. Raises `Conflict` when it is over."""
    row = batch_to_change(actor, programme, batch)
    require(may_manage(actor, row.programme))
    # Reports before their batch: in the order in which a worker locks them when one is ready.
    number = (
        Report.objects.running().filter(batch=row).update(state=ReportState.CANCELLED, stage="", percent=0)
    )
    open_one = ReportBatch.objects.filter(pk=row.pk, state=BatchState.WORKING)
    if not open_one.update(state=BatchState.CANCELLED, done_at=now()):
        raise Conflict(_("This batch is over."))
    audit.record(actor=actor, action="batch.cancelled", on=row, stopped=number)


@transaction.atomic
def retry_batch(*, actor: User, programme: str, batch: str) -> int:
    """Make again what failed, was cancelled or has expired, and is still shared; return how many.

    Raises `Conflict` when there is nothing to make.
    """
    row = batch_to_change(actor, programme, batch)
    require(may_manage(actor, row.programme))
    again = Report.objects.shared_with(actor).filter(batch=row, state__in=AGAIN)
    keys = list(again.values_list("pk", flat=True))
    changed = Report.objects.filter(pk__in=keys, state__in=AGAIN)
    if not changed.update(state=ReportState.QUEUED, stage="", percent=0, error="", tries=F("tries") + 1):
        raise Conflict(_("Nothing in this batch can be made again."))
    ReportBatch.objects.filter(pk=row.pk).update(state=BatchState.WORKING, done_at=None, turns=F("turns") + 1)
    audit.record(actor=actor, action="batch.asked_again", on=row, reports=len(keys))
    _queue(list(Report.objects.filter(pk__in=keys)))
    return len(keys)


@transaction.atomic
def delete_batch(*, actor: User, programme: str, batch: str) -> None:
    """Delete a batch that is over with its reports and their files. Raises `Conflict` while it is being made."""
    row = batch_to_change(actor, programme, batch)
    require(may_manage(actor, row.programme))
    locked = ReportBatch.objects.select_for_update().get(pk=row.pk)
    if locked.state == BatchState.WORKING:
        raise Conflict(_("This batch is being made. Cancel it first."))
    destroy_later(list(Report.objects.filter(batch=row).exclude(file="").values_list("file", flat=True)))
    audit.record(actor=actor, action="batch.deleted", on=row)
    row.delete()
