"""Rows for documents and pages of reports, as complete frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result, Round
from apps.assessments.selectors.result_page import page_of
from apps.assessments.selectors.results import result_before
from apps.core.decisions import require
from apps.courses.selectors import learners_overview
from apps.frameworks.models import FrameworkVersion, Level
from apps.members.models import Member, Participation, Programme
from apps.members.policies import may_manage
from apps.mentoring.models import Engagement, MatchingRound, Need, Proposal, Session
from apps.reports.choices import STAGES, ReportState
from apps.reports.models import Report

Document = Mapping[str, Any]


# --- what an assessment report is made from -------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tree:
    """Names of a framework version: codes → names, in the order of the framework; level texts by (code, level)."""

    name: str
    version: str
    language: str
    dimensions: Mapping[str, str]
    areas: Mapping[str, str]
    area_dimension: Mapping[str, str]
    indicators: Mapping[str, str]
    steps: Mapping[tuple[str, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ResultSource:
    """Everything an assessment report says, before it is put in words. `document` is `Result.document` as stored.

    `headline`, `goals` (part code or "overall" → level) and `status` are those of the result page, word for word.
    """

    subject: str
    title: str
    tlp: str
    reference: str
    input_hash: str
    document: Document
    submitted_on: date
    submitted_by: str
    tree: Tree
    previous: Document | None
    previous_on: date | None
    headline: str
    goals: Mapping[str, int | None]
    status: str


def result_source(user: User, result: str) -> ResultSource:
    """The rows behind one result, for a person who may see it. Raises Http404 otherwise."""
    row = (
        Result.objects.visible_to(user)
        .select_related("member", "assessment__submitted_by", "assessment__version_of__framework")
        .filter(public_id=result)
        .first()
    )
    if row is None:
        raise Http404("No such result.")
    page = page_of(row)
    before = result_before(row) if any(part.prev is not None for part in page.areas) else None
    signer = row.assessment.submitted_by
    return ResultSource(
        subject=row.member.name,
        title=row.assessment.title,
        tlp=row.tlp,
        reference=row.public_id,
        input_hash=row.input_hash,
        document=row.document,
        submitted_on=localdate(row.assessment.submitted_at or row.computed_at),
        submitted_by=signer.full_name if signer else "",
        tree=_tree(row.assessment.version_of, row.assessment.scope),
        previous=before.document if before else None,
        previous_on=localdate(before.computed_at) if before else None,
        headline=page.headline,
        goals={part.code: part.goal for part in (page.overall, *page.areas)},
        status=str(page.trust.label),
    )


def _tree(version: FrameworkVersion, scope: str) -> Tree:
    dimensions = {d.code: d.name for d in version.dimensions.all()}
    areas = list(version.areas.select_related("dimension"))
    levels = Level.objects.filter(indicator__version=version, scope=scope).select_related("indicator")
    return Tree(
        name=version.framework.name,
        version=version.version,
        language=version.language,
        dimensions=dimensions,
        areas={area.code: area.name for area in areas},
        area_dimension={area.code: area.dimension.code for area in areas},
        indicators=dict(version.indicators.values_list("code", "name")),
        steps={(level.indicator.code, level.level): (level.title, level.text) for level in levels},
    )


# --- what a programme report is made from ---------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MemberSource:
    """One member of the programme. `levels` is {area: label} of the latest result, None where it is not shared."""

    name: str
    kind: str
    is_mentor: bool
    assessed_on: date | None
    shares: bool
    levels: Mapping[str, int | None] | None


@dataclass(frozen=True, slots=True)
class RoundSource:
    name: str
    opens_on: date
    closes_on: date
    state: str
    started: int
    submitted: int


@dataclass(frozen=True, slots=True)
class HelpSource:
    """Counts of requests, proposals and engagements; `asked` is {(area, name): number of open requests}."""

    asked: Mapping[tuple[str, str], int]
    rounds: int
    proposals: int
    accepted: int
    engagements: int
    active: int
    sessions: int
    hours: str


@dataclass(frozen=True, slots=True)
class LearningSource:
    """One course: people of the members who started and completed it; None where it would tell of fewer than five."""

    title: str
    started: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class ProgrammeSource:
    name: str
    purpose: str
    members: tuple[MemberSource, ...]
    areas: Mapping[str, str]
    language: str
    rounds: tuple[RoundSource, ...]
    help: HelpSource
    learning: tuple[LearningSource, ...]


def programme_source(user: User, programme: str) -> ProgrammeSource:
    """The rows behind a programme overview, for one of its managers. Raises Http404 otherwise."""
    row = Programme.objects.visible_to(user).filter(public_id=programme).first()
    if row is None or not may_manage(user, row):
        raise Http404("No such programme.")
    members = [p.member_id for p in row.participations.all()]
    latest = _latest_results(members)
    version = max((r.assessment.version_of for r in latest.values()), key=lambda v: v.pk, default=None)
    return ProgrammeSource(
        name=row.name,
        purpose=row.purpose,
        members=tuple(
            _member_source(p, latest.get(p.member_id))
            for p in row.participations.select_related("member").order_by("member__name")
        ),
        areas=dict(version.areas.values_list("code", "name")) if version else {},
        language=version.language if version else "en",
        rounds=_rounds(row),
        help=_help(row),
        learning=tuple(LearningSource(c.title, c.started, c.completed) for c in learners_overview(user, row)),
    )


def _latest_results(members: list[int]) -> dict[int, Result]:
    rows = Result.objects.filter(member__in=members).select_related("assessment__version_of").latest_first()
    latest: dict[int, Result] = {}
    for row in rows:
        latest.setdefault(row.member_id, row)
    return latest


def _member_source(participation: Participation, result: Result | None) -> MemberSource:
    levels = None
    if result is not None and participation.shares_levels:
        areas = result.document["evidenced"]["areas"]
        levels = {part["code"]: part["label"]["level"] if part["label"] else None for part in areas}
    return MemberSource(
        name=participation.member.name,
        kind=participation.member.get_kind_display(),
        is_mentor=participation.member.is_mentor,
        assessed_on=localdate(result.computed_at) if result else None,
        shares=participation.shares_levels,
        levels=levels,
    )


def _rounds(programme: Programme) -> tuple[RoundSource, ...]:
    done = Count("assessments", filter=Q(assessments__submitted_at__isnull=False))
    rows = Round.objects.filter(programme=programme).order_by("opens_on")
    counted = rows.values("pk").annotate(started=Count("assessments"), done=done)
    counts = {row["pk"]: (row["started"], row["done"]) for row in counted}
    return tuple(
        RoundSource(r.name, r.opens_on, r.closes_on, r.get_state_display(), *counts[r.pk]) for r in rows
    )


def _help(programme: Programme) -> HelpSource:
    asked = (
        Need.objects.filter(programme=programme)
        .exclude(state="withdrawn")
        .values_list("area", "area_name")
        .annotate(number=Count("pk"))
        .order_by("-number", "area")
    )
    proposals = Proposal.objects.filter(round__programme=programme)
    engagements = Engagement.objects.filter(programme=programme)
    sessions = Session.objects.filter(engagement__programme=programme)
    hours = sessions.aggregate(total=Sum("hours"))["total"] or 0
    return HelpSource(
        asked={(area, name): number for area, name, number in asked},
        rounds=MatchingRound.objects.filter(programme=programme).count(),
        proposals=proposals.count(),
        accepted=proposals.filter(member_reply="accepted", mentor_reply="accepted").count(),
        engagements=engagements.count(),
        active=engagements.filter(state="active").count(),
        sessions=sessions.count(),
        hours=f"{hours:g}" if isinstance(hours, int) else f"{hours.normalize():f}",
    )


# --- pages ----------------------------------------------------------------------------------------
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
    """The reports of one member or programme, and what a new one can be about (empty for a programme)."""

    public_id: str
    name: str
    rows: tuple[ReportRow, ...]
    results: tuple[Choice, ...]


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


def member_reports(user: User, member: str) -> ReportList:
    """Reports of a member and the results that a new one can be about."""
    row = member_for_reports(user, member)
    results = Result.objects.visible_to(user).filter(member=row).select_related("assessment").latest_first()
    choices = tuple(
        Choice(r.public_id, f"{r.assessment.title} ({date_format(localdate(r.computed_at), 'j F Y')})")
        for r in results
    )
    return ReportList(
        row.public_id, row.name, _rows(Report.objects.visible_to(user).filter(member=row)), choices
    )


def programme_reports(user: User, programme: str) -> ReportList:
    """Reports of a programme, for its managers. Raises `PermissionDenied` for others who may see the programme."""
    row = programme_for_reports(user, programme)
    require(may_manage(user, row))
    return ReportList(
        row.public_id, row.name, _rows(Report.objects.visible_to(user).filter(programme=row)), ()
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


def _rows(reports: Any) -> tuple[ReportRow, ...]:
    return tuple(_row(r) for r in reports.select_related("asked_by", "member", "programme")[:100])


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
    )


# --- the public check -----------------------------------------------------------------------------
def report_code(public_id: str) -> str:
    """The reference as printed: four groups of five capitals and digits."""
    text = public_id.upper()
    return "-".join(text[i : i + 5] for i in range(0, len(text), 5))


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """All that a stranger learns of a report: that it exists, when it was made, and the start of its SHA-256."""

    code: str
    made_on: date
    sha256_start: str


def check_report(code: str) -> CheckedReport | None:
    """The finished report with this printed reference, in any case and grouping; None for anything else."""
    public_id = code.replace("-", "").replace(" ", "").lower()
    row = Report.objects.filter(public_id=public_id, state=ReportState.READY).first()
    if row is None or row.ready_at is None:
        return None
    return CheckedReport(report_code(row.public_id), localdate(row.ready_at), row.sha256[:16])
