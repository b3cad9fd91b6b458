"""The lists of reports and the page of one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.sheet import EVERYTHING, sheet_of
from apps.core.decisions import require
from apps.members.models import Member, Programme
from apps.members.policies import may_manage
from apps.reports.choices import ReportState
from apps.reports.models import Report
from apps.reports.policies import may_change_report
from apps.reports.querysets import ReportQuerySet
from apps.reports.selectors.check import grouped, report_code
from apps.reports.selectors.matching import rounds_with_answer
from apps.reports.selectors.staleness import Change, changes_since
from apps.reports.selectors.waits import stage_words

SHOWN = 100
STALE = "stale"


@dataclass(frozen=True, slots=True)
class Choice:
    public_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody took the file."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """A report that was deleted: the public id that it had."""

    report: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a library is shown: a kind, a state or "stale", asked for in the last `days` (0 for all)."""

    kind: str = ""
    state: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as lists and its own page show it; `back` is the list it belongs to, `code` what is printed."""

    public_id: str
    title: str
    state: str
    state_text: str
    stage_text: str
    percent: int
    language_name: str
    paper: str
    tlp: str
    asked_by: str
    asked_at: datetime
    ready_at: datetime | None
    pages: int
    size: int
    sha256: str
    error_text: str
    code: str
    member: str
    programme: str
    subject: str
    signed_by: str = ""
    certificate: str = ""
    kind: str = ""
    kind_text: str = ""
    stale_text: str = ""
    taken: int = 0
    kept_until: date | None = None
    batch: str = ""
    office: str = ""
    office_name: str = ""
    scheduled: bool = False
    can_change: bool = True
    takers: tuple[Taker, ...] = ()

    @property
    def expired(self) -> bool:
        return self.state == ReportState.EXPIRED

    @property
    def running(self) -> bool:
        return self.state in (ReportState.QUEUED, ReportState.WORKING)

    @property
    def ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def failed(self) -> bool:
        return self.state == ReportState.FAILED


@dataclass(frozen=True, slots=True)
class ReportList:
    """A page of the reports of one member or programme, and what a new one can be about: results, or matching rounds."""

    public_id: str
    name: str
    rows: tuple[ReportRow, ...]
    page: Page[Any]
    results: tuple[Choice, ...]
    rounds: tuple[Choice, ...] = ()
    is_programme: bool = False


def member_for_reports(user: User, member: str) -> Member:
    """The member, for its own people only: a report holds whole results. Raises Http404 otherwise."""
    row = Member.objects.of(user).filter(public_id=member).first()
    if row is None:
        raise Http404("No such member.")
    return row


def programme_for_reports(user: User, programme: str) -> Programme:
    """The programme, for whoever may see it. Raises Http404 otherwise."""
    row = Programme.objects.visible_to(user).filter(public_id=programme).first()
    if row is None:
        raise Http404("No such programme.")
    return row


def member_reports(
    user: User,
    member: str,
    most: int | None = SHOWN,
    wanted: Wanted = Wanted(),  # noqa: B008 - it never changes
    number: str = "",
) -> ReportList:
    """A page of the reports of a member that are `wanted`, newest first, and the results that a new one can be about."""
    row = member_for_reports(user, member)
    choices = results_for_reports(user, row)
    reports = Report.objects.visible_to(user).filter(member=row)
    rows, page = _rows(reports, most, wanted, number)
    return ReportList(row.public_id, row.name, rows, page, choices)


def results_for_reports(user: User, member: Member) -> tuple[Choice, ...]:
    """The results of a member that a report can be about, the newest first. One query."""
    results = (
        Result.objects.visible_to(user)
        .standing()
        .filter(member=member)
        .select_related("assessment")
        .latest_first()
    )
    return tuple(
        Choice(r.public_id, f"{r.assessment.title} ({date_format(localdate(r.computed_at), 'j F Y')})")
        for r in results
    )


def programme_reports(
    user: User,
    programme: str,
    most: int | None = SHOWN,
    wanted: Wanted = Wanted(),  # noqa: B008 - it never changes
    number: str = "",
) -> ReportList:
    """A page of the reports of a programme, newest first, that are `wanted`, for its managers.

    Raises `PermissionDenied` for others who may see the programme.
    """
    row = programme_for_reports(user, programme)
    require(may_manage(user, row))
    rounds = tuple(Choice(public_id, name) for public_id, name in rounds_with_answer(row))
    reports = Report.objects.visible_to(user).filter(programme=row)
    rows, page = _rows(reports, most, wanted, number)
    return ReportList(row.public_id, row.name, rows, page, (), rounds, is_programme=True)


@dataclass(frozen=True, slots=True)
class QuestionnairePage:
    """What can be printed of an assessment: its areas, and the people who have some."""

    member: str
    name: str
    assessment: str
    title: str
    areas: tuple[Choice, ...]
    people: tuple[Choice, ...]
    answered: int
    total: int


def questionnaire_page(user: User, member: str, assessment: str) -> QuestionnairePage:
    """For everybody in the member. Raises Http404. A constant number of queries."""
    sheet = sheet_of(user, member, assessment, person=EVERYTHING, filled=True)
    row = sheet.assessment
    return QuestionnairePage(
        member=row.member.public_id,
        name=row.member.name,
        assessment=row.public_id,
        title=row.title,
        areas=tuple(Choice(area.code, f"{area.code} {area.name}") for area in sheet.areas),
        people=tuple(Choice(key, name) for key, name in sheet.people),
        answered=sheet.answered,
        total=sheet.total,
    )


def report_page(user: User, report: str) -> ReportRow:
    """One report with who took its file. Raises Http404 if it is not for this person."""
    row = _visible(user, report)
    takers = row.takings.select_related("by").order_by("-at", "-pk")
    return replace(
        _row(row, changes_since([row]).get(row.pk), stage_words([row])),
        takers=tuple(Taker(taking.by.full_name, taking.at) for taking in takers[:SHOWN]),
        can_change=bool(may_change_report(user, row)),
    )


def report_to_change(user: User, report: str) -> Report:
    """The row, for services. Raises Http404 if it is not for this person."""
    return _visible(user, report)


JOINED = (
    "asked_by",
    "member",
    "programme",
    "batch__programme",
    "grant__member",
    "result__assessment__version_of",
)
LONG = ("result__document", "result__inputs", "result__assessment__version_of__document")


def _visible(user: User, report: str) -> Report:
    rows = Report.objects.visible_to(user).select_related(*JOINED).defer(*LONG)
    rows = rows.annotate(taken=Count("takings"))
    row: Report | None = rows.filter(public_id=report).first()
    if row is None:
        raise Http404("No such report.")
    return row


def paged(found: Any, most: int | None, number: str) -> Page[Any]:
    """A page of at most so many rows, or all on one; a page number that is none gives the nearest."""
    rows = list(found) if most is None else found
    page = Paginator(rows, most or len(rows) or 1).get_page(number or 1)
    page.object_list = list(page.object_list)
    return page


def _rows(
    reports: ReportQuerySet, most: int | None, wanted: Wanted, number: str
) -> tuple[tuple[ReportRow, ...], Page[Any]]:
    """The page of those that are wanted, with what changed since: a constant number of queries."""
    if wanted.kind:
        reports = reports.filter(kind=wanted.kind)
    if wanted.days:
        reports = reports.filter(asked_at__gte=now() - timedelta(days=wanted.days))
    if wanted.state:
        reports = reports.filter(state=ReportState.READY if wanted.state == STALE else wanted.state)
    joined = reports.select_related("asked_by", "member", "programme", "batch__programme")
    # counting forgets the order of the model
    found: Any = joined.annotate(taken=Count("takings")).order_by("-asked_at", "-pk")
    if wanted.state == STALE:  # no column says so
        made = list(found)
        changed = changes_since(made)
        page = paged([row for row in made if row.pk in changed], most, number)
    else:
        page = paged(found, most, number)
        changed = changes_since(list(page.object_list))
    shown = list(page.object_list)
    stages = stage_words(shown)
    return tuple(_row(row, changed.get(row.pk), stages) for row in shown), page


def change_words(change: Change | None) -> str:
    """What changed since a report was made, in a sentence; "" when nothing did."""
    if not change:
        return ""
    if change.void:
        return _("Stale: the assessment was reopened, and its result is void.")
    if change.answers:
        words = ngettext(
            "Stale since %(n)s answer changed.", "Stale since %(n)s answers changed.", change.answers
        )
        return words % {"n": change.answers}
    if change.actions:
        words = ngettext(
            "Stale since %(n)s action of the plan changed.",
            "Stale since %(n)s actions of the plan changed.",
            change.actions,
        )
        return words % {"n": change.actions}
    if change.edition:
        return _("Stale since there is a newer edition of the picture.")
    if change.pairs:
        return _("Stale since pairs of the round changed.")
    words = ngettext(
        "Stale since there is %(n)s newer result.",
        "Stale since there are %(n)s newer results.",
        change.results,
    )
    return words % {"n": change.results}


def _kept_until(report: Report) -> date | None:
    days = settings.REPORT_KEEP_DAYS
    if report.state != ReportState.READY or report.ready_at is None or not days:
        return None
    return localdate(report.ready_at + timedelta(days=days))


def _row(report: Report, change: Change | None, stages: Mapping[int, str]) -> ReportRow:
    subject = report.member or report.programme
    return ReportRow(
        public_id=report.public_id,
        title=report.title,
        state=report.state,
        state_text=report.get_state_display(),
        stage_text=stages.get(report.pk, ""),
        percent=report.percent,
        language_name=get_language_info(report.language)["name_local"],
        paper=report.get_paper_display(),
        tlp=report.tlp,
        asked_by=report.asked_by.full_name,
        asked_at=report.asked_at,
        ready_at=report.ready_at,
        pages=report.pages,
        size=report.size,
        sha256=report.sha256,
        error_text=_(report.error) if report.error else "",
        code=report_code(report.public_id),
        member=report.member.public_id if report.member else "",
        programme=report.programme.public_id if report.programme else "",
        subject=subject.name if subject else "",
        signed_by=report.signed_by,
        certificate=grouped(report.certificate),
        kind=report.kind,
        kind_text=report.get_kind_display(),
        stale_text=change_words(change),
        taken=report.taken,  # type: ignore[attr-defined]
        kept_until=_kept_until(report),
        batch=report.batch.public_id if report.batch else "",
        office=report.batch.programme.public_id if report.batch else "",
        office_name=report.batch.programme.name if report.batch else "",
        scheduled=report.schedule_id is not None,
        can_change=report.batch is None,
    )
