"""The lists of reports and the page of one report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.sheet import EVERYTHING, sheet_of
from apps.core.decisions import require
from apps.members.models import Member, Programme
from apps.members.policies import may_manage
from apps.reports.choices import STAGES, ReportState
from apps.reports.models import Report
from apps.reports.selectors.check import grouped, report_code
from apps.reports.selectors.matching import rounds_with_answer

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Choice:
    public_id: str
    text: str


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
    """The reports of one member or programme, and what a new one can be about: results, or matching rounds."""

    public_id: str
    name: str
    rows: tuple[ReportRow, ...]
    results: tuple[Choice, ...]
    rounds: tuple[Choice, ...] = ()


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


def member_reports(user: User, member: str, most: int | None = SHOWN) -> ReportList:
    """The newest reports of a member, and the results that a new one can be about."""
    row = member_for_reports(user, member)
    choices = results_for_reports(user, row)
    return ReportList(
        row.public_id, row.name, _rows(Report.objects.visible_to(user).filter(member=row), most), choices
    )


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


def programme_reports(user: User, programme: str, most: int | None = SHOWN) -> ReportList:
    """The newest reports of a programme, for its managers. Raises `PermissionDenied` for others who may see the programme."""
    row = programme_for_reports(user, programme)
    require(may_manage(user, row))
    rounds = tuple(Choice(public_id, name) for public_id, name in rounds_with_answer(row))
    reports = _rows(Report.objects.visible_to(user).filter(programme=row), most)
    return ReportList(row.public_id, row.name, reports, (), rounds)


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
    """One report. Raises Http404 if it is not for this person."""
    row = _visible(user, report)
    return _row(row)


def report_to_change(user: User, report: str) -> Report:
    """The row, for services. Raises Http404 if it is not for this person."""
    return _visible(user, report)


def _visible(user: User, report: str) -> Report:
    rows = Report.objects.visible_to(user).select_related("asked_by", "member", "programme")
    row: Report | None = rows.filter(public_id=report).first()
    if row is None:
        raise Http404("No such report.")
    return row


def _rows(reports: Any, most: int | None) -> tuple[ReportRow, ...]:
    return tuple(_row(r) for r in reports.select_related("asked_by", "member", "programme")[:most])


def _row(report: Report) -> ReportRow:
    subject = report.member or report.programme
    return ReportRow(
        public_id=report.public_id,
        title=report.title,
        state=report.state,
        state_text=report.get_state_display(),
        stage_text=_(STAGES[report.stage][0]) if report.stage in STAGES else _("Waiting for its turn"),
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
    )
