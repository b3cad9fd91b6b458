"""Reports of members and programmes: which there are, a new one, how far it is, its file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.downloads import send_file
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.reports import selectors, services
from apps.reports.choices import ReportKind, ReportState
from apps.reports.forms import AssessmentReportForm, ProgrammeReportForm, QuestionnaireForm

ReportShape = shape(
    "Report", selectors.ReportRow,
    "title kind state stale_text percent language_name paper tlp asked_by asked_at ready_at pages size sha256 error_text code member programme signed_by certificate",
    id="public_id",
)  # fmt: skip
ReportsShape = listed(ReportShape)
AssessmentGiven = given_of("GivenReport", AssessmentReportForm)
ProgrammeGiven = given_of(
    "GivenProgrammeReport",
    ProgrammeReportForm,
    round=serializers.CharField(
        default="",
        allow_blank=True,
        max_length=40,
        help_text="A matching round that was worked out; none for the overview.",
    ),
)
SheetGiven = given_of(
    "GivenQuestionnaire",
    QuestionnaireForm,
    filled=serializers.BooleanField(default=False, help_text="With the answers so far."),
)


def without_key(given: dict[str, Any]) -> dict[str, Any]:
    """The choices of a form without the key of its page."""
    return {name: value for name, value in given.items() if name != "key"}


DAYS = ("30", "90", "365")
LIBRARY = {"kind": tuple(ReportKind.values), "state": (*ReportState.values, "stale"), "days": DAYS}


class Asking(Resource):
    """Something that asks for a report: it is made in the background."""

    kind = "results"

    def asked(self, ask: Callable[..., Any], **values: Any) -> Response:
        """Ask once for this key, and show the report with its address."""
        made = services.ask_once(actor=self.user, ask=ask, key=self.key, **values)
        place = self.request.build_absolute_uri(f"/api/v1/reports/{made}/")
        row = selectors.report_page(self.user, made)
        return Response(ReportShape(row).data, status=201, headers={"Location": place})

    def wanted(self) -> selectors.Wanted:
        """Which reports of a library are asked for."""
        query = self.query
        return selectors.Wanted(query["kind"], query["state"], int(query["days"] or 0))

    def values(self, form: Any) -> dict[str, Any]:
        """What the form says, without the key of the page."""
        self.good(form)
        return without_key(form.cleaned_data)


class MemberReports(Asking):
    """The reports of a member that the caller is in."""

    access_rule = SIGNED_IN
    paged = True
    filters = LIBRARY

    @speaks(ReportsShape)
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first: all, or those of a kind, in a state, of the last days."""
        page = selectors.member_reports(self.user, member, most=None, wanted=self.wanted())
        return self.rows(page.rows, ReportShape)

    @speaks(
        ReportShape, takes=AssessmentGiven, status=201,
        sent={"result": "mfrggzdfmztwq2lknnwg", "language": "en", "paper": "a4"},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Ask for a report about one result; read it until its state is ready or failed."""
        page, given = selectors.member_reports(self.user, member), self.read(AssessmentGiven)
        values = self.values(AssessmentReportForm(given, results=page.results))
        return self.asked(services.request_assessment_report, member=member, **values)


class ProgrammeReports(Asking):
    """The reports of a programme, for its office."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True
    proven = ("POST",)
    filters = LIBRARY

    @speaks(ReportsShape)
    def get(self, request: Request, programme: str) -> Response:
        """List them, the newest first: all, or those of a kind, in a state, of the last days."""
        page = selectors.programme_reports(self.user, programme, most=None, wanted=self.wanted())
        return self.rows(page.rows, ReportShape)

    @speaks(ReportShape, takes=ProgrammeGiven, status=201, sent={"language": "fr", "paper": "a4"})
    def post(self, request: Request, programme: str) -> Response:
        """Ask for the overview of the programme, or for the report of a matching round."""
        page, given = selectors.programme_reports(self.user, programme), self.read(ProgrammeGiven)
        values = self.values(ProgrammeReportForm(given, rounds=page.rounds))
        return self.asked(services.request_programme_report, programme=programme, **values)


class Questionnaire(Asking):
    """The questionnaire of an assessment on paper."""

    access_rule = SIGNED_IN

    @speaks(
        ReportShape, takes=SheetGiven, status=201, sent={"filled": True, "areas": ["GOV.1"], "language": "en"}
    )
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Ask for it, blank or with the answers so far, of some areas or of those of one person."""
        page = selectors.questionnaire_page(self.user, member, assessment)
        given = self.read(SheetGiven)
        given["filled"] = "1" if given["filled"] else "0"
        values = self.values(QuestionnaireForm(given, page=page))
        return self.asked(services.request_questionnaire, member=member, assessment=assessment, **values)


class OneReport(Resource):
    """One report."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(ReportShape)
    def get(self, request: Request, report: str) -> Response:
        """How far it is."""
        return self.row(selectors.report_page(self.user, report), ReportShape)


class ReportFile(Resource):
    """The file of a report."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(bytes)
    def get(self, request: Request, report: str) -> HttpResponseBase:
        """Take it, on record; 409 while it is not ready. `X-SHA256` is its checksum."""
        return sent(services.open_report_file(actor=self.user, report=report))


class PlanPdf(Resource):
    """An action plan for print."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(bytes)
    def get(self, request: Request, member: str, action_plan: str) -> HttpResponseBase:
        """The plan as PDF in the language asked for, on record."""
        return sent(services.open_plan(actor=self.user, member=member, plan=action_plan))


def sent(opened: services.OpenedFile) -> HttpResponseBase:
    """A PDF as an attachment with its checksum."""
    content = opened.content
    response = send_file([content], title=opened.name, content_type="application/pdf", size=len(content))
    response["X-SHA256"] = opened.sha256
    return response


class OverReport(Resource):
    """An act on a report."""

    kind = "results"

    def act(self, service: Callable[..., None], report: str) -> Response:
        """Do it once, and show the report."""
        self.read(Given)

        def done() -> Response:
            service(actor=self.user, report=report)
            return self.row(selectors.report_page(self.user, report), ReportShape)

        return self.once(done)


class CancelReport(OverReport):
    """Stopping the making of a report."""

    access_rule = SIGNED_IN

    @speaks(ReportShape)
    def post(self, request: Request, report: str) -> Response:
        """409 when it is over."""
        return self.act(services.cancel_report, report)


class ReportAgain(OverReport):
    """Making a failed or cancelled report again."""

    access_rule = SIGNED_IN

    @speaks(ReportShape)
    def post(self, request: Request, report: str) -> Response:
        """409 for one that has not failed."""
        return self.act(services.retry_report, report)
