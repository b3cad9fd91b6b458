"""Assessments of a member: which there are, a new one, its areas and who works on them, checks, submission."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.api.views import ResultRowSerializer
from apps.assessments.forms import AssessmentForm, ReopenForm
from apps.assessments.selectors import pages, people_page
from apps.assessments.selectors.carrying import source_for
from apps.assessments.selectors.home import AreaLine, Running
from apps.assessments.selectors.places import area_for, assessment_for
from apps.assessments.selectors.progress import Counts, Coverage
from apps.assessments.selectors.review import Gap, review_page
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape

STATES = ("running", "closed")
AssessmentShape = shape(
    "Assessment", pages.AssessmentRow, "title framework state answered total percent review_on submitted_at result",
    id="public_id", round="round_name",
)  # fmt: skip
CountsShape = shape("Counts", Counts, "complete being_reviewed need_you not_started")
CoverageShape = shape(
    "Coverage", Coverage, "total answered rated unknown not_applicable with_evidence unconfirmed"
)
AreaShape = shape("Area", AreaLine, "code name who reviewer total answered percent progress mine unconfirmed")
RunningShape = shape(
    "AssessmentProgress", Running, "title framework state review_on", id="public_id", counts=CountsShape,
    coverage=CoverageShape, areas=AreaShape,
)  # fmt: skip
PeopleShape = shape("AreaPeople", people_page.Given, "code name total respondent reviewer")
GapShape = shape("Finding", Gap, "kind code area blocks waits", text="note")
OpenGiven = given_of(
    "OpenAssessment",
    AssessmentForm,
    version=serializers.CharField(
        required=False, help_text="Id of a framework version on offer; else the first."
    ),
    round=serializers.CharField(required=False, help_text="Id of the round that asks for it."),
)
EXAMPLE = {
    "id": "onxw2zjanfzxg5lf4aq2", "title": "2026", "framework": "Belay shared framework 1.1", "state": "draft",
    "answered": 12, "total": 60, "percent": 20, "review_on": "2026-05-30", "submitted_at": None, "result": "", "round": "",
}  # fmt: skip


class PeopleGiven(Given):
    """Who answers and who reviews an area: ids of people of the team, or empty for nobody."""

    respondent = serializers.CharField(max_length=20, allow_blank=True)
    reviewer = serializers.CharField(max_length=20, allow_blank=True)


class CarryGiven(Given):
    """The earlier assessment to begin from."""

    assessment = serializers.CharField(max_length=20)


class Assessments(Resource):
    """The assessments of a member that the caller is in."""

    access_rule = SIGNED_IN
    kind = "assessments"
    paged = True
    filters = {"state": STATES}

    @speaks(
        listed(AssessmentShape), example={"count": 1, "next": None, "previous": None, "results": [EXAMPLE]}
    )
    def get(self, request: Request, member: str) -> Response:
        """List those under way, then those that are closed."""
        page, wanted = pages.list_page(self.user, member), self.query["state"]
        running = page.running if wanted != "closed" else ()
        return self.rows([*running, *(page.closed if wanted != "running" else ())], AssessmentShape)

    @speaks(
        AssessmentShape,
        takes=OpenGiven,
        status=201,
        example=EXAMPLE,
        sent={"title": "2026", "profile": "baseline"},
    )
    def post(self, request: Request, member: str) -> Response:
        """Open one; `GET …/options/` says which frameworks and targets there are."""
        given = self.read(OpenGiven)
        page = pages.new_page(
            self.user, member, version=given.pop("version", ""), assessment_round=given.pop("round", "")
        )
        form = AssessmentForm(given, profiles=page.wanted)
        self.good(form)
        return self.once(lambda: self._open(page, form.cleaned_data))

    def _open(self, page: pages.NewPage, data: dict[str, Any]) -> Response:
        row = services.open_assessment(
            actor=self.user, member=page.member, version=page.version, asked=page.round, **data
        )
        rows = pages.list_page(self.user, page.member.public_id).running
        shown = next(one for one in rows if one.public_id == row.public_id)
        return self.made(shown, AssessmentShape, f"{row.public_id}/")


class ChoiceSerializer(serializers.Serializer[Any]):
    """Something to choose: send the id."""

    id = serializers.CharField()
    name = serializers.CharField()


class OptionsSerializer(serializers.Serializer[Any]):
    """What a new assessment can be."""

    versions = ChoiceSerializer(many=True)
    profiles = ChoiceSerializer(many=True)
    rounds = ChoiceSerializer(many=True)
    title = serializers.CharField(help_text="A title that is free.")


class AssessmentOptions(Resource):
    """What a new assessment of a member can be."""

    access_rule = SIGNED_IN
    kind = "assessments"
    filters = {"version": None, "round": None}

    @speaks(OptionsSerializer)
    def get(self, request: Request, member: str) -> Response:
        """List frameworks on offer, targets of the chosen one, and rounds that ask this member."""
        page = pages.new_page(
            self.user, member, version=self.query["version"], assessment_round=self.query["round"]
        )
        offers = pages.list_page(self.user, member).offers
        given: dict[str, Any] = {
            "versions": [{"id": key, "name": name} for key, name in page.versions],
            "profiles": [{"id": key, "name": name} for key, name in page.wanted],
            "rounds": [{"id": row.public_id, "name": row.name} for row in offers],
            "title": page.title,
        }
        return Response(given)


class AssessmentDetail(Resource):
    """One assessment with the state of its areas."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(RunningShape)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """Progress as this person sees it; it also says what waits for them."""
        return self.row(pages.tasks_page(self.user, member, assessment).running, RunningShape)


class AreaPeople(Resource):
    """Who answers and who reviews an area."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(PeopleShape)
    def get(self, request: Request, member: str, assessment: str, area: str) -> Response:
        """Its people by id, with the version that a change names."""
        return self._shown(member, assessment, area)

    @speaks(PeopleShape, takes=PeopleGiven, sent={"respondent": "nfxgk43ujfxgk43ujfxg", "reviewer": ""})
    def put(self, request: Request, member: str, assessment: str, area: str) -> Response:
        """Give the area to people of the team."""
        row, found = area_for(self.user, member, assessment, area)
        giving = services.Giving(found.code, expected=self.expected, **self.read(PeopleGiven))
        services.give_areas(actor=self.user, assessment=row, givings=[giving])
        return self._shown(member, assessment, area)

    def _shown(self, member: str, assessment: str, area: str) -> Response:
        area_for(self.user, member, assessment, area)
        page = people_page.people_page(self.user, member, assessment)
        row = next(one for one in page.areas if one.code == area)
        return self.row(row, PeopleShape, version=row.version)


class SendArea(Resource):
    """Sending an area to review."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks()
    def post(self, request: Request, member: str, assessment: str, area: str) -> Response:
        """Say that the area is answered."""
        self.read(Given)
        row, found = area_for(self.user, member, assessment, area)

        def act() -> Response:
            sent = services.send_area(actor=self.user, assessment=row, area=found)
            return self.done(area=found.code, sent_at=sent.sent_to_review_at)

        return self.once(act)


class CarryOver(Resource):
    """Beginning from an earlier assessment."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(takes=CarryGiven)
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Its answers come over unconfirmed."""
        row = assessment_for(self.user, member, assessment)
        source = source_for(self.user, row, self.read(CarryGiven)["assessment"])

        def act() -> Response:
            done = services.carry_over(actor=self.user, assessment=row, source=source)
            return self.done(answers=done.answers, pieces=done.pieces, files=done.files)

        return self.once(act)


class CarryUndo(Resource):
    """Taking back what was carried over."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks()
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Before anything of it is confirmed; afterwards 400 says why not."""
        self.read(Given)
        row = assessment_for(self.user, member, assessment)
        return self.once(
            lambda: self.done(answers=services.take_back_carried(actor=self.user, assessment=row))
        )


class ChecksSerializer(serializers.Serializer[Any]):
    """What stands before submitting."""

    coverage = CoverageShape()
    score = serializers.CharField(help_text="The score of the answers so far, in a sentence.")
    provisional = serializers.BooleanField()
    closed = serializers.BooleanField()
    findings = GapShape(many=True)
    seen = serializers.CharField(help_text="Stands for all that would be signed; send it when you submit.")


class Checks(Resource):
    """What is missing or odd before submitting."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(ChecksSerializer)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """List findings; those that block must be decided before anybody submits."""
        page = review_page(self.user, member, assessment)
        findings = [gap for _title, rows in page.groups for gap in rows]
        given: Any = {
            "coverage": page.coverage, "score": page.score, "provisional": page.provisional, "closed": page.closed,
            "findings": findings, "seen": page.seen,
        }  # fmt: skip
        return Response(ChecksSerializer(given).data)


class SubmitGiven(Given):
    """Questions with an answer whose author has not decided, and which the submission is to go without."""

    without = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=1000,
        help_text="Codes of the findings `undecided`. One that is missing here is refused with 422 and `codes`.",
    )  # fmt: skip
    seen = serializers.CharField(
        required=False, max_length=64,
        help_text="`seen` of the checks that were read. When anything changed since, 409 says so and nothing is signed.",
    )  # fmt: skip


class Submit(Resource):
    """Submitting: the answers close, the result is scored and signed."""

    access_rule = SIGNED_IN
    kind = "assessments"
    proven = ("POST",)

    @speaks(ResultRowSerializer, takes=SubmitGiven, status=201, sent={"without": []})
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Submit, and give the result."""
        given = self.read(SubmitGiven)
        row = assessment_for(self.user, member, assessment)
        result = services.submit_assessment(
            actor=self.user, assessment=row, idempotency=self.key, without=given.get("without", []), seen=given.get("seen", ""),
        )  # fmt: skip
        place = request.build_absolute_uri(f"/api/v1/results/{result.public_id}/")
        return Response(ResultRowSerializer(result).data, status=201, headers={"Location": place})


ReopenGiven = given_of("Reopen", ReopenForm)


class Reopen(Resource):
    """Opening a submitted assessment again, which voids its result for everybody to see."""

    access_rule = SIGNED_IN
    kind = "assessments"
    proven = ("POST",)

    @speaks(takes=ReopenGiven, sent={"reason": "A ministry was missing."})
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Say why; everybody who sees the result reads it."""
        row = assessment_for(self.user, member, assessment)
        reason = self.filled(ReopenForm, ReopenGiven).cleaned_data["reason"]

        def act() -> Response:
            void = services.reopen_assessment(actor=self.user, assessment=row, reason=reason)
            return self.done(void=void.public_id)

        return self.once(act)
