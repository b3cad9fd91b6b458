"""Rounds of a programme, for its office: counts and days, never what answers say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.forms import ExtendForm, RoundForm
from apps.assessments.selectors.places import round_for
from apps.assessments.selectors.rounds import (
    MemberProgress,
    RoundRow,
    progress_csv,
    round_choices,
    round_page,
    rounds_page,
)
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.downloads import send_file
from apps.core.filecheck.kinds import CSV
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape

ProgressShape = shape(
    "MemberProgress", MemberProgress, "name kind answered total percent state last_at submitted_at declined reason reminded_on",
    id="public_id",
)  # fmt: skip
RoundShape = shape(
    "Round", RoundRow, "name framework opens_on closes_on open late asks aims note submitted begun declined behind",
    id="public_id", members=ProgressShape,
)  # fmt: skip
LEVELS = serializers.DictField(
    child=serializers.IntegerField(min_value=0, max_value=99),
    required=False,
    help_text="Levels of single areas or questions by code; they stand above the target.",
)
RoundGiven = given_of("GivenRound", RoundForm, without="", levels=LEVELS)
ExtendGiven = given_of("GivenExtension", ExtendForm)


class Rounds(Resource):
    """The rounds of a programme whose office the caller belongs to."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True
    filters = {"state": ("open", "closed")}

    @speaks(listed(RoundShape))
    def get(self, request: Request, programme: str) -> Response:
        """List them with the progress of their members."""
        wanted = self.query["state"]
        rows = rounds_page(self.user, programme).rounds
        return self.rows(
            [row for row in rows if wanted in ("", "open" if row.open else "closed")], RoundShape
        )

    @speaks(
        RoundShape, takes=RoundGiven, status=201,
        sent={"name": "Round 2027", "version": "mjswyylzojwhc2ldmvqq", "opens_on": "2027-01-11", "closes_on": "2027-03-12", "target_national": "l:3", "levels": {"GOV.1": 4}},
    )  # fmt: skip
    def post(self, request: Request, programme: str) -> Response:
        """Open a round; the leads of its members are told."""
        page = rounds_page(self.user, programme)
        given = self.read(RoundGiven)
        given["levels"] = "\n".join(f"{code} {level}" for code, level in given.get("levels", {}).items())
        form = RoundForm(given, choices=round_choices(self.user, programme))
        self.good(form)

        def act() -> Response:
            row = services.open_round(actor=self.user, programme=page.programme, **form.values)
            shown = round_page(self.user, programme, row.public_id).round
            return self.made(shown, RoundShape, f"{row.public_id}/")

        return self.once(act)


class OneRound(Resource):
    """Something about one round."""

    kind = "rounds"

    def shown(self, programme: str, assessment_round: str) -> Response:
        """The round as it stands."""
        return self.row(round_page(self.user, programme, assessment_round).round, RoundShape)

    def do(self, act: Callable[[Any], Any], programme: str, assessment_round: str) -> Response:
        """Do something with the round once, and show it."""
        row = round_for(self.user, programme, assessment_round)

        def done() -> Response:
            act(row)
            return self.shown(programme, assessment_round)

        return self.once(done)


class RoundDetail(OneRound):
    """One round."""

    access_rule = SIGNED_IN

    @speaks(RoundShape)
    def get(self, request: Request, programme: str, assessment_round: str) -> Response:
        """Who is how far."""
        return self.shown(programme, assessment_round)


class Progress(OneRound):
    """The progress of a round as a table."""

    access_rule = SIGNED_IN

    @speaks(bytes)
    def get(self, request: Request, programme: str, assessment_round: str) -> HttpResponseBase:
        """One line a member, as CSV: counts and days only."""
        name, text = progress_csv(self.user, programme, assessment_round)
        content = text.encode()
        return send_file([content], title=name, content_type=CSV, size=len(content))


class ExtendRound(OneRound):
    """Giving members more time."""

    access_rule = SIGNED_IN

    @speaks(RoundShape, takes=ExtendGiven, sent={"closes_on": "2027-04-02", "seen": "2027-03-12", "note": ""})
    def post(self, request: Request, programme: str, assessment_round: str) -> Response:
        """`seen` is the last day that stood when the caller looked: 409 with both when a colleague moved it."""
        round_for(self.user, programme, assessment_round)
        form = ExtendForm(self.read(ExtendGiven))
        self.good(form)
        return self.do(
            lambda row: services.extend_round(actor=self.user, row=row, **form.cleaned_data),
            programme,
            assessment_round,
        )


class RemindGiven(Given):
    """One member by its id; without it, everybody who is behind."""

    member = serializers.CharField(max_length=20, required=False)


class RemindRound(OneRound):
    """Reminding members."""

    access_rule = SIGNED_IN

    @speaks(takes=RemindGiven)
    def post(self, request: Request, programme: str, assessment_round: str) -> Response:
        """Remind each member at most once a day; say how many were reminded."""
        row, one = round_for(self.user, programme, assessment_round), self.read(RemindGiven).get("member", "")
        return self.once(
            lambda: self.done(reminded=services.remind_members(actor=self.user, row=row, member=one))
        )


class CloseRound(OneRound):
    """Closing a round."""

    access_rule = SIGNED_IN

    @speaks(RoundShape)
    def post(self, request: Request, programme: str, assessment_round: str) -> Response:
        """Close it; assessments under way go on."""
        self.read(Given)
        return self.do(
            lambda row: services.close_round(actor=self.user, row=row), programme, assessment_round
        )


class ReopenRound(OneRound):
    """Opening a closed round again."""

    access_rule = SIGNED_IN

    @speaks(RoundShape)
    def post(self, request: Request, programme: str, assessment_round: str) -> Response:
        """Open it again, unless a report has counted it."""
        self.read(Given)
        return self.do(
            lambda row: services.reopen_round(actor=self.user, row=row), programme, assessment_round
        )
