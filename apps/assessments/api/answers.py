"""Answers: all of an assessment, one with its question, saving it, its history, and what a reviewer says of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.choices import RemarkKind
from apps.assessments.forms import AnswerForm
from apps.assessments.selectors.all_answers import AnswerRow, answer_rows
from apps.assessments.selectors.places import Place, assessment_for, place_of_code
from apps.assessments.selectors.question import Answer, LevelCard, QuestionPage, history_page, question_page
from apps.assessments.selectors.review import area_review_page
from apps.core.access import SIGNED_IN
from apps.core.api_errors import plain
from apps.core.api_schema import speaks
from apps.core.errors import Conflict
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape

RowShape = shape(
    "AnswerRow",
    AnswerRow,
    "code area name key reason why version who at evidence agreed asked change carried",
    answer="choice",
)
AnswerShape = shape("Answer", Answer, "reason why who at version", answer="choice")
LevelShape = shape("Level", LevelCard, "level title text")
QuestionShape = shape(
    "Question", QuestionPage, "code name key target grade supports agreed_by may_not_apply can_answer closed",
    area="area_code", question=serializers.CharField(source="help.question", read_only=True), levels=LevelShape,
    saved=AnswerShape, draft=AnswerShape,
)  # fmt: skip
AnswerGiven = given_of("GivenAnswer", AnswerForm)
EXAMPLE = {
    "answer": "3",
    "reason": "",
    "why": "The decree of May names the body.",
    "who": "Tomas Ekwe",
    "version": 2,
}
SENT = {"answer": "3", "why": "The decree of May names the body."}


class Answers(Resource):
    """Every question of an assessment with its answer."""

    access_rule = SIGNED_IN
    kind = "assessments"
    paged = True
    filters = {"area": None}

    @speaks(listed(RowShape))
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """List them in the order of the framework."""
        return self.rows(answer_rows(self.user, member, assessment, area=self.query["area"]), RowShape)


class AtQuestion(Resource):
    """Something at one question, which is named by its code."""

    kind = "assessments"

    def place(self, member: str, assessment: str, indicator: str) -> Place:
        """The question. Raises Http404."""
        return place_of_code(self.user, member, assessment, indicator)

    def both(self, fault: Conflict) -> dict[str, Any]:
        """Both answers, in the shape in which they are read and sent."""
        stored, sent = fault.current, fault.proposed
        if not hasattr(stored, "answered_by"):
            return super().both(fault)
        choice = str(stored.level) if stored.kind == "level" else stored.kind
        now = {"answer": choice, "reason": stored.reason, "why": stored.why, "version": stored.version}
        now |= {"who": str(stored.answered_by), "at": plain(stored.answered_at)}
        mine = {"answer": sent.choice, "reason": sent.reason, "why": sent.why} if sent else None
        return {"current": now, "proposed": mine}


class AnswerDetail(AtQuestion):
    """One question with its levels, its answer and the caller's own draft."""

    access_rule = SIGNED_IN

    @speaks(QuestionShape)
    def get(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """The ETag is the version of the answer; "0" while there is none."""
        place = self.place(member, assessment, indicator)
        page = question_page(self.user, member, assessment, place.area.code, indicator)
        return self.row(page, QuestionShape, version=page.saved.version if page.saved else 0)

    @speaks(AnswerShape, takes=AnswerGiven, example=EXAMPLE, sent=SENT)
    def put(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Save the answer: `answer` is the number of a level, `unknown`, or `not_applicable` with a `reason`.

        When a colleague saved first, nothing is lost: 412 shows both, and what was sent stays as the caller's draft.
        """
        place = self.place(member, assessment, indicator)
        form = self.filled(AnswerForm, AnswerGiven)
        services.save_answer(actor=self.user, place=place, answer=form.given, expected=self.expected)
        newest = history_page(self.user, member, assessment, place.area.code, indicator).versions[0]
        return self.row(newest, AnswerShape, version=newest.version)


class AnswerHistory(AtQuestion):
    """Every answer that was ever saved to a question."""

    access_rule = SIGNED_IN
    paged = True

    @speaks(listed(AnswerShape))
    def get(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """List them, the newest first."""
        place = self.place(member, assessment, indicator)
        page = history_page(self.user, member, assessment, place.area.code, indicator)
        return self.rows(page.versions, AnswerShape)


class SettleGiven(Given):
    """Which of two answers counts: the stored one, the caller's draft, or what the reviewer decides."""

    use = serializers.ChoiceField(("theirs", "mine", "reviewer"))


class Settle(AtQuestion):
    """Deciding between the stored answer and one's own draft."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(takes=SettleGiven, sent={"use": "theirs"})
    def post(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Decide; If-Match names the stored answer that was looked at."""
        place, use = self.place(member, assessment, indicator), self.read(SettleGiven)["use"]
        done = services.settle_answers(actor=self.user, place=place, use=use, seen=self.expected)
        return self.done(done=done)


class AgreeGiven(Given):
    """Ids of the pieces of evidence that are accepted with the answer."""

    accepted = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=100
    )


class Agree(AtQuestion):
    """A reviewer's agreement to an answer."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(takes=AgreeGiven)
    def post(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Agree to the version that If-Match names."""
        place, given = self.place(member, assessment, indicator), self.read(AgreeGiven)
        accepted = given.get("accepted", [])
        row = services.agree_answer(actor=self.user, place=place, expected=self.expected, accepted=accepted)
        return self.done(agreed_at=row.agreed_at)


class RivalSerializer(serializers.Serializer[Any]):
    """A second answer that a reviewer was asked to weigh."""

    draft = serializers.IntegerField()
    mine = AnswerShape(source="mine.answer")
    theirs = AnswerShape(source="theirs.answer")


class RivalsSerializer(serializers.Serializer[Any]):
    """The second answers to a question."""

    rivals = RivalSerializer(many=True)


class ChooseGiven(Given):
    """The second answer that shall count."""

    draft = serializers.IntegerField(min_value=1, max_value=2**62)


class Choose(AtQuestion):
    """Deciding between two answers, as the reviewer was asked to."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(RivalsSerializer)
    def get(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """The answers beside the stored one; none when nobody asked for a decision."""
        place = self.place(member, assessment, indicator)
        page = area_review_page(self.user, member, assessment, place.area.code)
        found = [rival for item in page.items if item.code == indicator for rival in item.rivals]
        version = next((item.answer.version for item in page.items if item.code == indicator), 0)
        return self.row({"rivals": found}, RivalsSerializer, version=version)

    @speaks(takes=ChooseGiven)
    def post(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Let the second answer count; If-Match names the stored one that was looked at."""
        place, draft = self.place(member, assessment, indicator), self.read(ChooseGiven)["draft"]

        def act() -> Response:
            row = services.choose_answer(actor=self.user, place=place, expected=self.expected, draft=draft)
            return self.done(version=row.version)

        return self.once(act)


class AskGiven(Given):
    """What the reviewer asks, or with the kind `change` what has to change."""

    kind = serializers.ChoiceField(RemarkKind.values, required=False, default=RemarkKind.QUESTION)
    text = serializers.CharField(max_length=2000, trim_whitespace=False)


class AskBack(AtQuestion):
    """A reviewer's question about an answer, or a request to change it."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(takes=AskGiven, sent={"text": "Which minutes show it?"})
    def post(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Ask about the version that If-Match names."""
        place, given = self.place(member, assessment, indicator), self.read(AskGiven)

        def act() -> Response:
            row = services.ask_back(actor=self.user, place=place, expected=self.expected, **given)
            return self.done(asked=row.public_id)

        return self.once(act)


class ConfirmGiven(Given):
    """Codes of questions whose carried answers are still true."""

    codes = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=500)


class Confirm(Resource):
    """Confirming answers that were carried over."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(takes=ConfirmGiven, sent={"codes": ["GOV.1.1", "GOV.1.2"]})
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Say which are still true; those that were answered meanwhile are left alone."""
        row, codes = assessment_for(self.user, member, assessment), self.read(ConfirmGiven)["codes"]
        return self.once(
            lambda: self.done(
                confirmed=services.confirm_answers(actor=self.user, assessment=row, codes=codes)
            )
        )
