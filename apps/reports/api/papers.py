"""Reports of a member beside that of a result: on one page, two results, sheets of a plan, of a nation."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.shapes import Given, given_of
from apps.reports import selectors, services
from apps.reports.api.views import Asking, ReportShape
from apps.reports.choices import ReportKind
from apps.reports.forms.papers import PAPER_FORMS, ActionSheetsForm, BriefForm, ComparisonForm, NationalForm

BriefGiven = given_of("GivenBrief", BriefForm)
ComparisonGiven = given_of("GivenComparison", ComparisonForm)
SheetsGiven = given_of("GivenActionSheets", ActionSheetsForm)
NationalGiven = given_of(
    "GivenNationalReport", NationalForm, edition=serializers.IntegerField(help_text="Number of an edition.")
)


class Paper(Asking):
    """One kind."""

    kind = "results"

    def ask(self, of: str, member: str, given: type[Given]) -> Response:
        """Check what was given as the page does, and ask for it."""
        page = selectors.paper_page(self.user, member, of)
        values = self.values(PAPER_FORMS[of](self.read(given), page=page))
        return self.asked(services.PAPER_ASKS[of], member=member, **values)


class Briefs(Paper):
    """A result on one page."""

    access_rule = SIGNED_IN

    @speaks(
        ReportShape, takes=BriefGiven, status=201,
        sent={"result": "mfrggzdfmztwq2lknnwg", "language": "en", "paper": "a4"},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Ask for it; read it until its state is ready or failed."""
        return self.ask(ReportKind.BRIEF, member, BriefGiven)


class Comparisons(Paper):
    """Two results of a member side by side."""

    access_rule = SIGNED_IN

    @speaks(
        ReportShape, takes=ComparisonGiven, status=201,
        sent={"before": "nbswy3dpo5xxe3deebrw", "result": "mfrggzdfmztwq2lknnwg", "language": "en", "paper": "a4"},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Ask for it; the order of the two does not matter."""
        return self.ask(ReportKind.COMPARISON, member, ComparisonGiven)


class ActionSheets(Paper):
    """Sheets of an action plan."""

    access_rule = SIGNED_IN

    @speaks(
        ReportShape, takes=SheetsGiven, status=201,
        sent={"plan": "mfrggzdfmztwq2lknnwg", "person": "all", "language": "en", "paper": "a4"},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Ask for those of one person, or as the lead of everybody with "all"."""
        return self.ask(ReportKind.ACTIONS, member, SheetsGiven)


class NationalReports(Paper):
    """Reports of a nation."""

    access_rule = SIGNED_IN

    @speaks(
        ReportShape, takes=NationalGiven, status=201, sent={"edition": 2, "language": "fr", "paper": "a4"}
    )
    def post(self, request: Request, member: str) -> Response:
        """Ask for the report of one edition of its picture; 404 for an organisation."""
        return self.ask(ReportKind.NATIONAL, member, NationalGiven)
