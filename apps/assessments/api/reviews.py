"""The review ladder: what others ask the caller to review, and what others found of one's own result."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.api.evidence import MadeSerializer, opened
from apps.assessments.forms import InterestsForm, JudgementForm, ReplyForm, ReviewRequestForm, SignReviewForm
from apps.assessments.forms.reviews import AreaDecisionForm
from apps.assessments.selectors.desk import (
    DeskArea,
    DeskItem,
    DeskPage,
    DeskRow,
    Judged,
    desk_page,
    desk_rows,
)
from apps.assessments.selectors.ladder import (
    Figures,
    FindingsPage,
    RequestRow,
    ReviewersPage,
    SignedReview,
    findings_page,
    reviewers_page,
)
from apps.assessments.selectors.sharing import SharedEvidence
from apps.assessments.selectors.signed import review_file
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.errors import Refused
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape

DeskRowShape = shape(
    "ReviewRequest", DeskRow, "member title ends_on state void", id="public_id", kind="kind_label"
)
JudgedShape = shape("Judged", Judged, "level finding reply replied_by version")
ItemShape = shape(
    "DeskItem", DeskItem, "code name question key level answer why descriptor", judged=JudgedShape,
    evidence=shape("SharedEvidence", SharedEvidence, "title kind_label shows dated file"),
)  # fmt: skip
DeskAreaShape = shape("DeskArea", DeskArea, "code name decision words done", items=ItemShape)
DeskShape = shape(
    "Desk", DeskPage, "title kind_label seen_hash statement_hash ends_on tlp with_evidence refusal void declared declined signed open",
    areas=DeskAreaShape, member=serializers.CharField(source="member.name", read_only=True),
)  # fmt: skip
RequestShape = shape(
    "AskedReview",
    RequestRow,
    "reader kind_label areas with_evidence asked_at ends_on in_force begun declined",
)
FiguresShape = shape("Agreement", Figures, "mean near same kappa")
SignedShape = shape(
    "SignedReview", SignedReview, "reviewer member kind_label decision signed_at areas", id="public_id",
    figures=FiguresShape,
)  # fmt: skip
ReviewersShape = shape(
    "Reviewers",
    ReviewersPage,
    "title trust statement_hash void can_lead",
    requests=RequestShape,
    signed=SignedShape,
)
FindingsShape = shape(
    "Findings",
    FindingsPage,
    "title summary seen_hash void can_reply",
    review=SignedShape,
    areas=DeskAreaShape,
)
InterestsGiven = given_of("GivenInterests", InterestsForm)
SignGiven = given_of("GivenSignature", SignReviewForm)
RequestGiven = given_of("GivenReviewRequest", ReviewRequestForm)
ReplyGiven = given_of("GivenReply", ReplyForm)


class JudgementGiven(Given):
    """The reviewer's own level of one indicator: a number, `cannot`, or empty for not yet."""

    code = serializers.CharField(max_length=40)
    level = serializers.CharField(max_length=10, allow_blank=True, required=False)
    finding = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)


class AreaGiven(Given):
    """What a reviewer says of one area; indicators that are left out stay as they were judged."""

    decision = serializers.CharField(allow_blank=True, required=False, max_length=40)
    words = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    judgements = JudgementGiven(many=True, required=False)


class Desks(Resource):
    """What others ask the caller to review."""

    access_rule = SIGNED_IN
    kind = "reviews"
    paged = True

    @speaks(listed(DeskRowShape))
    def get(self, request: Request) -> Response:
        """List the requests."""
        return self.rows(desk_rows(self.user), DeskRowShape)


class AtDesk(Resource):
    """One request, as its reviewer sees it."""

    kind = "reviews"

    def read_desk(self, review_request: str) -> Response:
        """The desk; reading what it shows is on record with the owner."""
        page = desk_page(self.user, review_request)
        if page.areas:
            services.record_desk(actor=self.user, page=page)
        return self.row(page, DeskShape, version=page.review.version if page.review else 0)


class Desk(AtDesk):
    """One request to review a result."""

    access_rule = SIGNED_IN

    @speaks(DeskShape)
    def get(self, request: Request, review_request: str) -> Response:
        """What is shared for the review; nothing before interests are declared. The ETag is the version of the review."""
        return self.read_desk(review_request)


class Interests(AtDesk):
    """Saying whether interests conflict."""

    access_rule = SIGNED_IN

    @speaks(takes=InterestsGiven, sent={"conflict": "no"})
    def post(self, request: Request, review_request: str) -> Response:
        """`no` begins the review, `yes` ends it; either is on record."""
        page = desk_page(self.user, review_request)
        data = self.filled(InterestsForm, InterestsGiven).cleaned_data

        def act() -> Response:
            row = services.declare_interests(actor=self.user, request=page.request, **data)
            return self.done(state=row.state)

        return self.once(act)


class JudgeArea(AtDesk):
    """The reviewer's own levels in one area."""

    access_rule = SIGNED_IN

    @speaks(
        DeskShape, takes=AreaGiven,
        sent={"decision": "", "words": "", "judgements": [{"code": "GOV.1.1", "level": "2", "finding": "The list is older than the decree."}]},
    )  # fmt: skip
    def put(self, request: Request, review_request: str, area: str) -> Response:
        """Save them; If-Match names the version of the review."""
        page = desk_page(self.user, review_request)
        found, given = page.area(area), self.read(AreaGiven)
        rows = [self._judged(item, given) for item in found.items]
        self._known(found, given)
        form = AreaDecisionForm({**given, "version": self.expected})
        self.good(form)
        services.judge_area(
            actor=self.user, page=page, area=found, rows=rows, expected=self.expected,
            decision=form.cleaned_data["decision"], words=form.cleaned_data["words"],
        )  # fmt: skip
        return self.read_desk(review_request)

    def _judged(self, item: DeskItem, given: dict[str, Any]) -> services.JudgementInput:
        sent: dict[str, Any] = next(
            (row for row in given.get("judgements", ()) if row["code"] == item.code), {}
        )
        stored = item.judged
        level = sent.get("level", stored.choice if stored else "")
        finding = sent.get("finding", stored.finding if stored else "")
        form = JudgementForm({f"i-{item.code}-level": level, f"i-{item.code}-finding": finding}, item=item)
        self.good(form)
        return form.given

    def _known(self, area: DeskArea, given: dict[str, Any]) -> None:
        strange = {row["code"] for row in given.get("judgements", ())} - {item.code for item in area.items}
        if strange:
            words = _("This area has no question %(code)s.") % {"code": sorted(strange)[0][:40]}
            raise Refused(words, field="judgements")


class SignReview(AtDesk):
    """Signing a review."""

    access_rule = SIGNED_IN
    proven = ("POST",)
    matched = ("POST",)

    @speaks(DeskShape, takes=SignGiven)
    def post(self, request: Request, review_request: str) -> Response:
        """Sign exactly what was shown: `seen` is the `seen_hash` of the desk."""
        page = desk_page(self.user, review_request)
        if page.review is None or page.declined:
            raise Refused(_("Declare first whether interests conflict."))
        given = self.read(SignGiven)
        form = SignReviewForm({**given, "version": self.expected})
        self.good(form)
        services.sign_review(
            actor=self.user, review=page.review, decision=form.cleaned_data["decision"],
            summary=form.cleaned_data["summary"], seen=form.cleaned_data["seen"], expected=self.expected,
        )  # fmt: skip
        return self.read_desk(review_request)


class DeskFile(AtDesk):
    """A file on the desk."""

    access_rule = SIGNED_IN

    @speaks(bytes)
    def get(self, request: Request, review_request: str, evidence: str) -> HttpResponseBase:
        """Download it; the owner sees that the caller did."""
        return opened(
            services.read_review_file(actor=self.user, review_request=review_request, evidence=evidence)
        )


class Reviewers(Resource):
    """Who reviewed a result of one's own, and who is asked to."""

    access_rule = SIGNED_IN
    kind = "reviews"
    proven = ("POST",)

    @speaks(ReviewersShape)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """Requests and signed reviews, with how far each agrees."""
        return self.row(reviewers_page(self.user, member, assessment), ReviewersShape)

    @speaks(
        MadeSerializer, takes=RequestGiven, status=201,
        sent={"kind": "peer", "reviewer": "mjswyylzojwhc2ldmvqq", "areas": ["*"], "tlp": "TLP:AMBER", "ends_on": "2026-06-30"},
    )  # fmt: skip
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Ask another member; `areas` is a list of codes, or `["*"]` for all."""
        page = reviewers_page(self.user, member, assessment)
        form = self.filled(ReviewRequestForm, RequestGiven, reviewers=page.reviewers, areas=page.areas)
        data = {**form.cleaned_data, "idempotency": self.key}
        made = services.ask_review(actor=self.user, assessment=page.result.assessment, **data)
        return Response({"id": made}, status=201)


class Findings(Resource):
    """One signed review of one's own result."""

    access_rule = SIGNED_IN
    kind = "reviews"

    @speaks(FindingsShape)
    def get(self, request: Request, member: str, assessment: str, peer_review: str) -> Response:
        """The reviewer's levels and findings beside the answers."""
        return self.row(findings_page(self.user, member, assessment, peer_review), FindingsShape)


class ReviewFile(Resource):
    """One signed review of one's own result as a file."""

    access_rule = SIGNED_IN
    kind = "reviews"

    @speaks(OpenApiTypes.OBJECT)
    def get(self, request: Request, member: str, assessment: str, peer_review: str) -> Response:
        """The file that `verify.py` checks without this site (format `belay-review`)."""
        document = review_file(self.user, member, assessment, peer_review)
        name = f'attachment; filename="review-{peer_review}.json"'
        return Response(document, headers={"Content-Disposition": name})


class Reply(Resource):
    """The member's answer to a finding."""

    access_rule = SIGNED_IN
    kind = "reviews"

    @speaks(JudgedShape, takes=ReplyGiven, sent={"text": "The list of June is newer; it is attached now."})
    def put(
        self, request: Request, member: str, assessment: str, peer_review: str, indicator: str
    ) -> Response:
        """Answer it; If-Match names the `version` of what was judged."""
        page = findings_page(self.user, member, assessment, peer_review)
        services.answer_finding(
            actor=self.user, assessment=page.result.assessment, peer_review=peer_review, indicator=indicator,
            text=self.read(ReplyGiven).get("text", ""), expected=self.expected,
        )  # fmt: skip
        page = findings_page(self.user, member, assessment, peer_review)
        found = (item.judged for area in page.areas for item in area.items if item.code == indicator)
        judged = next(one for one in found if one is not None)
        return self.row(judged, JudgedShape, version=judged.version)
