"""How long made reports are kept: expired by the sweep, deleted by hand, made again with the same choices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.sharing import strictest
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict
from apps.core.jobs import enqueue_many
from apps.members.services import record_reading
from apps.reports.choices import ReportKind, ReportState
from apps.reports.models import Report, ReportTaking
from apps.reports.policies import may_change_report
from apps.reports.selectors import report_to_change
from apps.reports.selectors.national import editions_of
from apps.reports.selectors.staleness import newest_results
from apps.reports.services.asking import ask_anew, ask_made, chain_of
from apps.reports.services.papers import earlier_result, request_comparison, request_national_report

AT_ONCE = 200


@transaction.atomic
def make_again(*, actor: User, report: str) -> Report:
    """Ask for a new report with the same choices, about the newest result or edition there is. Raises `Conflict` for one of a batch."""
    row = report_to_change(actor, report)
    require(may_change_report(actor, row))
    if row.batch is not None:
        raise Conflict(_("It belongs to a batch. Make the batch again."))
    if row.kind in (ReportKind.NATIONAL, ReportKind.COMPARISON):
        return _asked_anew(actor, row)
    result = _newest(row)
    title = row.title
    if result is not None and row.result is not None:
        title = title.replace(row.result.assessment.title, result.assessment.title)[:200]
    copy = Report(
        kind=row.kind, member=row.member, programme=row.programme, assessment=row.assessment, result=result,
        about=row.about, title=title, language=row.language, paper=row.paper,
        tlp=strictest([row.tlp, result.tlp]) if result else row.tlp,
        input_hash=result.input_hash if result else "", asked_by=actor,
    )  # fmt: skip
    return ask_made(actor=actor, report=copy)


def _asked_anew(actor: User, row: Report) -> Report:
    """A national report of the newest edition; a comparison of the newest result with one before it that stands."""
    assert row.member is not None
    values = {"member": row.member.public_id, "language": row.language, "paper": row.paper, "tlp": row.tlp}
    if row.kind == ReportKind.COMPARISON:
        return ask_anew(actor=actor, ask=request_comparison, **values, **_two_results(row))
    edition = max(number for number, _day in editions_of(actor, row.member))
    return ask_anew(actor=actor, ask=request_national_report, edition=edition, **values)


def _two_results(row: Report) -> dict[str, str]:
    """The newest result on the framework, and the earlier one, or where that was reopened the last before. Raises `Refused`."""
    newest = _newest(row)
    assert newest is not None
    rows = Result.objects.standing().filter(member=row.member_id).exclude(pk=newest.pk)
    same = rows.filter(public_id=row.about["before"]).first()
    return {"before": (same or earlier_result(newest)).public_id, "result": newest.public_id}


def _newest(row: Report) -> Result | None:
    """The newest standing result on the same framework; the same one when there is none."""
    if row.result is None or row.result_id is None or row.member_id is None:
        return None
    framework = row.result.assessment.version_of.framework_id
    newest = newest_results([row.member_id]).get((row.member_id, framework), row.result_id)
    return Result.objects.select_related("assessment").get(pk=newest)


@transaction.atomic
def delete_report(*, actor: User, report: str) -> Report:
    """Delete a report and its file; the record keeps that it was there. Raises `Conflict` while it is being made."""
    row = report_to_change(actor, report)
    require(may_change_report(actor, row))
    if row.batch is not None:
        raise Conflict(_("It belongs to a batch. Delete the batch."))
    locked = Report.objects.select_for_update().get(pk=row.pk)
    if locked.state in (ReportState.QUEUED, ReportState.WORKING):
        raise Conflict(_("This report is being made. Cancel it first."))
    if locked.file:
        destroy_later([str(locked.file)])
    audit.record(actor=actor, action="report.deleted", on=row, chain=chain_of(row), sha256=row.sha256 or None)
    locked.delete()
    return row


def destroy_later(names: Sequence[str]) -> None:
    """Delete stored files after the commit, for sure."""
    enqueue_many("reports.destroy_file", {f"report-file:{name}": {"name": name} for name in names})


def destroy_file(*, actor: None = None, name: str) -> None:
    """Delete one stored file that no report names any more; bears being called twice."""
    if not Report.objects.filter(file=name).exists():
        default_storage.delete(name)


def sweep_reports(*, actor: None = None) -> int:
    """Let the files of reports go that are older than the site keeps them; the rows stay as expired. Return how many."""
    if not settings.REPORT_KEEP_DAYS:
        return 0
    limit = now() - timedelta(days=settings.REPORT_KEEP_DAYS)
    gone = 0
    while number := _sweep_some(limit):
        gone += number
    return gone


@transaction.atomic
def _sweep_some(limit: object) -> int:
    old = Report.objects.ready().filter(ready_at__lt=limit).order_by("ready_at", "pk")
    rows = dict(old.values_list("pk", "file")[:AT_ONCE])
    if not rows:
        return 0
    Report.objects.ready().filter(pk__in=rows).update(state=ReportState.EXPIRED, file="", percent=0)
    destroy_later([name for name in rows.values() if name])
    return len(rows)


def note_taking(actor: User, row: Report) -> None:
    """Somebody takes the file: on record, for the readers of the report, and for the owner where a grant lets it be read."""
    ReportTaking.objects.create(report=row, by=actor)
    audit.record(actor=actor, action="report.taken", on=row, chain=chain_of(row), sha256=row.sha256)
    own = row.member_id and actor.memberships.filter(member=row.member_id).exists()
    if row.grant is not None and not own:
        record_reading(actor=actor, grant=row.grant, what=row.title[:120])
