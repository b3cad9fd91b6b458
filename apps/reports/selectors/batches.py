"""The batches of a programme: the list, and one with each member's report or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.reports.choices import BatchState, LeftOut, ReportState
from apps.reports.models import BatchItem, Report, ReportBatch
from apps.reports.querysets import BatchQuerySet
from apps.reports.selectors.granted import shared_members
from apps.reports.selectors.pages import paged, programme_for_reports
from apps.reports.selectors.waits import stage_words

SHOWN = 50


@dataclass(frozen=True, slots=True)
class BatchRow:
    """How far a batch is: how many reports are ready, failed and left, and how many members were left out."""

    public_id: str
    state: str
    state_text: str
    language_name: str
    paper: str
    label: str
    asked_by: str
    asked_at: datetime
    done_at: datetime | None
    total: int
    ready: int
    failed: int
    left: int
    left_out: int

    @property
    def running(self) -> bool:
        return self.state == BatchState.WORKING

    @property
    def percent(self) -> int:
        """Of the reports, how many have ended, in full percent."""
        return 100 * (self.total - self.left) // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One member of a batch. `why` is the reason that there is no report, none yet, or none any more."""

    member: str
    report: str
    state: str
    state_text: str
    stage_text: str
    why: str
    pages: int
    size: int

    @property
    def ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def running(self) -> bool:
        return self.state in (ReportState.QUEUED, ReportState.WORKING)

    @property
    def failed(self) -> bool:
        return self.state == ReportState.FAILED


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch. `lines` are its reports, `left_out` the members without one; `can_retry` whether something can be made again."""

    programme: str
    programme_name: str
    batch: BatchRow
    lines: tuple[BatchLine, ...]
    left_out: tuple[BatchLine, ...]
    can_retry: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """A member that a report can be made about, with who agreed to it and until when; or the reason why not."""

    member: str
    result: str
    given_by: str
    given_at: datetime | None
    ends_on: date | None
    tlp: str
    why: str


@dataclass(frozen=True, slots=True)
class BatchList:
    """A page of the batches of a programme, newest first; `agreed` and `others` are what a new one would rest on."""

    programme: str
    name: str
    rows: tuple[BatchRow, ...]
    page: Page[Any]
    agreed: tuple[Agreed, ...]
    others: tuple[Agreed, ...]


def batches_page(user: User, programme: str, most: int = SHOWN, number: str = "") -> BatchList:
    """For the programme's office. Raises Http404 for others. A constant number of queries."""
    row = _programme(user, programme)
    shared = [
        Agreed(
            s.member.name, s.result.assessment.title if s.result else "", s.grant.given_by.full_name if s.grant else "",
            s.grant.given_at if s.grant else None, s.grant.ends_on if s.grant else None, s.grant.tlp if s.grant else "",
            _left_out(s.left_out),
        )
        for s in shared_members(user, row)
    ]  # fmt: skip
    agreed, others = [s for s in shared if not s.why], [s for s in shared if s.why]
    page = paged(_counted(ReportBatch.objects.filter(programme=row)), most, number)
    rows = tuple(_row(batch) for batch in page.object_list)
    return BatchList(row.public_id, row.name, rows, page, tuple(agreed), tuple(others))


def batches_of(user: User, programme: str) -> tuple[BatchRow, ...]:
    """All batches of a programme, for its office. Raises Http404 for others."""
    found = ReportBatch.objects.filter(programme=_programme(user, programme))
    return tuple(_row(batch) for batch in _counted(found))


def _programme(user: User, programme: str) -> Programme:
    row = programme_for_reports(user, programme)
    require(may_manage(user, row))
    return row


def _counted(rows: BatchQuerySet) -> BatchQuerySet:
    states = {
        "ready_n": Q(reports__state=ReportState.READY), "failed_n": Q(reports__state=ReportState.FAILED),
        "left_n": Q(reports__state__in=(ReportState.QUEUED, ReportState.WORKING)),
    }  # fmt: skip
    counts = {name: Count("reports", filter=wanted, distinct=True) for name, wanted in states.items()}
    outside = Count("items", filter=Q(items__report__isnull=True), distinct=True)
    joined = rows.select_related("asked_by", "programme")
    counted = joined.annotate(total_n=Count("reports", distinct=True), outside_n=outside, **counts)
    return counted.order_by("-asked_at", "-pk")  # counting forgets the order of the model


def _row(b: ReportBatch) -> BatchRow:
    return BatchRow(
        public_id=b.public_id, state=b.state, state_text=b.get_state_display(), paper=b.get_paper_display(),
        language_name=get_language_info(b.language)["name_local"], label=b.label, asked_by=b.asked_by.full_name,
        asked_at=b.asked_at, done_at=b.done_at, total=b.total_n, ready=b.ready_n, failed=b.failed_n, left=b.left_n,  # type: ignore[attr-defined]
        left_out=b.outside_n,  # type: ignore[attr-defined]
    )  # fmt: skip


def batch_to_change(user: User, programme: str, batch: str) -> ReportBatch:
    """The row, for services. Raises Http404 unless it is of this programme and the user of its office."""
    rows = ReportBatch.objects.visible_to(user).filter(programme__public_id=programme)
    row: ReportBatch | None = rows.select_related("programme", "asked_by").filter(public_id=batch).first()
    if row is None:
        raise Http404("No such batch.")
    return row


def batch_page(user: User, programme: str, batch: str) -> BatchPage:
    """One batch, for the programme's office. Raises Http404 for others. A constant number of queries."""
    found = batch_to_change(user, programme, batch)
    counted = _row(_counted(ReportBatch.objects.filter(pk=found.pk)).get())
    items = list(
        BatchItem.objects.filter(batch=found)
        .select_related("member", "report")
        .order_by("member__name", "pk")
    )
    shared = set(Report.objects.shared_with(user).filter(batch=found).values_list("pk", flat=True))
    stages = stage_words(item.report for item in items if item.report)
    lines = tuple(_line(item, item.report_id in shared, stages) for item in items if item.report_id)
    states = Counter(line.state for line in lines)
    return BatchPage(
        programme=found.programme.public_id,
        programme_name=found.programme.name,
        batch=counted,
        lines=lines,
        left_out=tuple(_line(item, False, {}) for item in items if not item.report_id),
        can_retry=any(
            states[state] for state in (ReportState.FAILED, ReportState.CANCELLED, ReportState.EXPIRED)
        ),
    )


def _line(item: BatchItem, shared: bool, stages: Mapping[int, str]) -> BatchLine:
    report = item.report
    if report is None:
        return BatchLine(item.member.name, "", "", "", "", _left_out(item.left_out), 0, 0)
    if not shared:
        return BatchLine(item.member.name, "", "withdrawn", _("Withdrawn"), "", withdrawn_words(), 0, 0)
    return BatchLine(
        member=item.member.name, report=report.public_id, state=report.state, state_text=report.get_state_display(),
        stage_text=stages.get(report.pk, ""), why=_(report.error) if report.error else "", pages=report.pages, size=report.size,
    )  # fmt: skip


def withdrawn_words() -> str:
    """Why a report that was made is not there any more."""
    return _("The member no longer shares its whole result with the programme.")


def _left_out(reason: str) -> str:
    return str(LeftOut(reason).label) if reason else ""
