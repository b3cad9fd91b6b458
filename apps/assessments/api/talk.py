"""The discussion of a question, what waits for a person, and rounds that ask their member."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.api.answers import AtQuestion
from apps.assessments.api.evidence import MadeSerializer
from apps.assessments.forms import DeclineForm, MendForm, TalkForm
from apps.assessments.selectors import pages
from apps.assessments.selectors.mine import MyArea, MyEvidence, MyList, MyQuestion, my_list
from apps.assessments.selectors.places import Place, asked_round_for
from apps.assessments.selectors.talk import CommentRow, TalkRow, comment_for, talk_for, talk_page
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape

CommentShape = shape("Comment", CommentRow, "who at text to version earlier can_mend", id="public_id")
TalkShape = shape(
    "Talk", TalkRow, "who at asked for_me due_on late answered settled settled_by hidden", id="public_id",
    comments=CommentShape,
)  # fmt: skip
TalkGiven = given_of("GivenTalk", TalkForm)
ReplyGiven = given_of("GivenComment", TalkForm, without="key asked due_on")
MendGiven = given_of("GivenWords", MendForm)
DeclineGiven = given_of("GivenReason", DeclineForm)


class TalksSerializer(serializers.Serializer[Any]):
    """One page of the discussion of a question; threads that are not settled come first."""

    unsettled = serializers.IntegerField()
    pages = serializers.IntegerField(source="pages.paginator.num_pages")
    threads = TalkShape(many=True)


class AtTalk(AtQuestion):
    """Something in the discussion of a question."""

    def filled_talk(self, place: Place, given: type[Given]) -> TalkForm:
        """The words with the colleagues that may be named. Raises `ValidationError`."""
        where = place.url_args
        page = talk_page(self.user, **where)
        return self.filled(TalkForm, given, colleagues=page.colleagues)


class Talks(AtTalk):
    """The discussion of a question."""

    access_rule = SIGNED_IN
    filters = {"page": None, "whole": None}

    @speaks(TalksSerializer)
    def get(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Threads with their newest comments; `whole` names a thread to show from its beginning."""
        where = self.place(member, assessment, indicator).url_args
        page = talk_page(self.user, **where, page=self.query["page"][:9], whole=self.query["whole"][:40])
        return self.row(page, TalksSerializer)

    @speaks(
        MadeSerializer, takes=TalkGiven, status=201, sent={"text": "Where is the list of critical services?"}
    )
    def post(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Open a thread; with `asked` it is a question to a colleague."""
        place = self.place(member, assessment, indicator)
        form = self.filled_talk(place, TalkGiven)
        made = services.start_talk(
            actor=self.user, place=place, words=form.words, asked=form.cleaned_data["asked"],
            due_on=form.cleaned_data["due_on"], idempotency=self.key,
        )  # fmt: skip
        return Response({"id": made}, status=201)


class Comments(AtTalk):
    """Writing in a thread."""

    access_rule = SIGNED_IN

    @speaks(MadeSerializer, takes=ReplyGiven, status=201, sent={"text": "In the annex."})
    def post(self, request: Request, member: str, assessment: str, indicator: str, talk: str) -> Response:
        """Add a comment."""
        place = self.place(member, assessment, indicator)
        row, form = talk_for(place, talk), self.filled_talk(place, ReplyGiven)
        made = services.add_comment(
            actor=self.user, place=place, talk=row, words=form.words, idempotency=self.key
        )
        return Response({"id": made}, status=201)


class Comment(AtTalk):
    """One's own comment."""

    access_rule = SIGNED_IN

    @speaks(takes=MendGiven, sent={"text": "In the annex of 2026."})
    def put(
        self, request: Request, member: str, assessment: str, indicator: str, talk: str, comment: str
    ) -> Response:
        """Change one's own words within fifteen minutes; the earlier ones stay to be read."""
        place = self.place(member, assessment, indicator)
        row, text = comment_for(place, talk, comment), self.read(MendGiven)["text"]
        changed = services.mend_comment(
            actor=self.user, place=place, comment=row, text=text, expected=self.expected
        )
        return Response(
            {"text": changed.text, "version": changed.version}, headers={"ETag": f'"{changed.version}"'}
        )


class SettledGiven(Given):
    """Whether the thread is settled."""

    settled = serializers.BooleanField()


class SettleTalk(AtTalk):
    """Settling a thread, or opening it again."""

    access_rule = SIGNED_IN

    @speaks(takes=SettledGiven, sent={"settled": True})
    def post(self, request: Request, member: str, assessment: str, indicator: str, talk: str) -> Response:
        """Doing it twice is doing it once."""
        place, settled = self.place(member, assessment, indicator), self.read(SettledGiven)["settled"]
        row = talk_for(place, talk)

        def act() -> Response:
            services.settle_talk(actor=self.user, place=place, talk=row, settled=settled)
            return self.done(settled=settled)

        return self.once(act)


MineShape = shape(
    "MyList", MyList, "left total", areas=shape("MyArea", MyArea, "member title code name left total review_on url"),
    asked=(asked := shape("MyQuestion", MyQuestion, "member who code name text due_on late url change")), remarks=asked, conflicts=asked,
    evidence=shape("MyEvidence", MyEvidence, "member title codes expires_on over url"),
)  # fmt: skip


class Mine(Resource):
    """What waits for the caller in the assessments of all their members."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(MineShape)
    def get(self, request: Request) -> Response:
        """Answers to decide between, areas to answer, questions of colleagues, remarks of reviewers, evidence that expires."""
        return self.row(my_list(self.user), MineShape)


OfferShape = shape("AskedRound", pages.RoundOffer, "name programme closes_on declined", id="public_id")


class AskedRounds(Resource):
    """Rounds that ask a member and that it has not begun."""

    access_rule = SIGNED_IN
    kind = "assessments"
    paged = True

    @speaks(listed(OfferShape))
    def get(self, request: Request, member: str) -> Response:
        """List them; open an assessment with the id to begin."""
        return self.rows(pages.list_page(self.user, member).offers, OfferShape)


class Decline(Resource):
    """Saying that a member does not take part in a round."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(takes=DeclineGiven, sent={"reason": "Our team is being set up."})
    def post(self, request: Request, member: str, assessment_round: str) -> Response:
        """Say why; the office reads it."""
        row, asked = asked_round_for(self.user, member, assessment_round)
        reason = self.filled(DeclineForm, DeclineGiven).cleaned_data["reason"]

        def act() -> Response:
            services.decline_round(actor=self.user, member=row, row=asked, reason=reason)
            return self.done(declined=True)

        return self.once(act)


class Rejoin(Resource):
    """Taking part after all."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks()
    def post(self, request: Request, member: str, assessment_round: str) -> Response:
        """Take back that the member declined."""
        self.read(Given)
        row, asked = asked_round_for(self.user, member, assessment_round)

        def act() -> Response:
            services.rejoin_round(actor=self.user, member=row, row=asked)
            return self.done(declined=False)

        return self.once(act)
