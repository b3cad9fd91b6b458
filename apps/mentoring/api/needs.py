"""Requests for help of a member and offers of a mentor partner: read, made, changed, withdrawn by their own people."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.mentoring import selectors, services
from apps.mentoring.choices import NeedState, OfferState
from apps.mentoring.forms import NeedForm, OfferForm
from apps.mentoring.selectors import wishes
from apps.mentoring.selectors.needs import Suggestion, partners_of
from apps.mentoring.selectors.offers import Strength

NeedShape = shape(
    "Need", wishes.NeedGiven,
    "programme area area_name now_level wanted_level state note languages mode hours_per_month pays wished wished_why "
    "sponsor counterpart staff_time legal_basis asked_at can_change version",
    id="public_id",
)  # fmt: skip
OfferShape = shape(
    "Offer", wishes.OfferGiven,
    "programme area area_name level state track_record places taken hours_per_month languages mode pays sectors likes "
    "likes_why made_at can_change version",
    id="public_id",
)  # fmt: skip
ChoiceShape = shape("MentoringChoice", wishes.Choice, "name", id="public_id")
NeedChoicesShape = shape(
    "NeedChoices", wishes.NeedChoices, "", areas=shape("AskableArea", Suggestion, "area name level wanted"),
    programmes=ChoiceShape(many=True, read_only=True), partners=ChoiceShape(many=True, read_only=True),
)  # fmt: skip
OfferChoicesShape = shape(
    "OfferChoices", wishes.OfferChoices, "", areas=shape("OfferableArea", Strength, "area name level needs_record"),
    programmes=ChoiceShape(many=True, read_only=True),
)  # fmt: skip
AREA = serializers.CharField(max_length=20, help_text="Code of an area of the latest result.")
LEVEL = serializers.IntegerField(min_value=0, max_value=5, help_text="The level wanted.")
CHANGED = "version idempotency key programme"
NeedGiven = given_of("GivenNeed", NeedForm, area=AREA, wanted_level=LEVEL)
NeedChange = given_of(
    "GivenNeedChange", NeedForm, without=CHANGED, optional="first_language mode",
    wanted_level=serializers.IntegerField(min_value=0, max_value=5, required=False),
)  # fmt: skip
OfferGiven = given_of("GivenOffer", OfferForm, area=AREA)
OfferChange = given_of(
    "GivenOfferChange", OfferForm, without=CHANGED, optional="places hours_per_month languages mode pays"
)


class NeedOptions(Resource):
    """What a member can ask for."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(NeedChoicesShape)
    def get(self, request: Request, member: str) -> Response:
        """Areas of the latest result, the programmes that can be asked, the partners that can be wished for."""
        return self.row(wishes.need_choices(self.user, member), NeedChoicesShape)


class Needs(Resource):
    """The requests of a member."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True
    filters = {"state": tuple(NeedState.values), "area": None}

    @speaks(listed(NeedShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first."""
        _member, rows = wishes.needs_given(self.user, member)
        state, area = self.query["state"], self.query["area"]
        return self.rows([r for r in rows if state in ("", r.state) and area in ("", r.area)], NeedShape)

    @speaks(
        NeedShape, takes=NeedGiven, status=201,
        sent={"programme": "ojxwczdnmfyho2dfnzsq", "area": "RES.1", "wanted_level": 3, "note": "We build a national team.",
              "first_language": "ar", "other_languages": ["en"], "mode": "either", "staff_time": True, "legal_basis": True},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Ask a programme for help in one area; its office is told."""
        given = self.read(NeedGiven)
        area = given.pop("area")
        draft = selectors.new_need(self.user, member, area)
        form = NeedForm(
            given, programmes=draft.programmes, now_level=draft.suggestion.level, partners=draft.partners
        )
        self.good(form)
        made = services.send_need(
            actor=self.user, member=draft.member, programme=form.cleaned_data.get("programme", ""), area=area,
            idempotency=self.key, **form.wishes(),
        )  # fmt: skip
        _member, row = wishes.need_given(self.user, member, made.public_id)
        return self.made(row, NeedShape, f"{row.public_id}/")


class Need(Resource):
    """One request."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(NeedShape)
    def get(self, request: Request, member: str, need: str) -> Response:
        """What is asked, and where it stands."""
        _member, row = wishes.need_given(self.user, member, need)
        return self.row(row, NeedShape, version=row.version)

    @speaks(NeedShape, takes=NeedChange, sent={"note": "Two of us can travel.", "mode": "visit"})
    def put(self, request: Request, member: str, need: str) -> Response:
        """Change what is named while it waits; the rest stays."""
        given = self.read(NeedChange)
        own, row = wishes.need_given(self.user, member, need)
        form = NeedForm(
            row.initial() | given, programmes=(), now_level=row.now_level, partners=partners_of(own)
        )
        self.good(form)
        services.change_need(
            actor=self.user, member=own, public_id=need, version=self.expected, **form.wishes()
        )
        _own, changed = wishes.need_given(self.user, member, need)
        return self.row(changed, NeedShape, version=changed.version)


class WithdrawNeed(Resource):
    """Taking a request back."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    matched = ("POST",)

    @speaks(NeedShape)
    def post(self, request: Request, member: str, need: str) -> Response:
        """Possible until somebody was invited for it."""
        self.read(Given)
        own, _row = wishes.need_given(self.user, member, need)

        def act() -> Response:
            services.withdraw_need(actor=self.user, member=own, public_id=need, version=self.expected)
            _own, row = wishes.need_given(self.user, member, need)
            return self.row(row, NeedShape, version=row.version)

        return self.once(act)


class OfferOptions(Resource):
    """What a mentor partner can offer."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(OfferChoicesShape)
    def get(self, request: Request, member: str) -> Response:
        """Areas that are strong enough, and the programmes."""
        return self.row(wishes.offer_choices(self.user, member), OfferChoicesShape)


class Offers(Resource):
    """The offers of a mentor partner."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True
    filters = {"state": tuple(OfferState.values), "area": None}

    @speaks(listed(OfferShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, open ones first."""
        _member, rows = wishes.offers_given(self.user, member)
        state, area = self.query["state"], self.query["area"]
        return self.rows([r for r in rows if state in ("", r.state) and area in ("", r.area)], OfferShape)

    @speaks(
        OfferShape, takes=OfferGiven, status=201,
        sent={"programme": "ojxwczdnmfyho2dfnzsq", "area": "RES.1", "places": 2, "hours_per_month": 8, "languages": ["en", "fr"],
              "mode": "remote", "pays": "mentor", "track_record": "We run the national team since 2019."},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Offer help in one area that the latest result shows to be strong."""
        given = self.read(OfferGiven)
        area = given.pop("area")
        draft = selectors.new_offer(self.user, member, area)
        form = OfferForm(given, programmes=draft.programmes)
        self.good(form)
        made = services.make_offer(
            actor=self.user, member=draft.member, programme=form.cleaned_data.get("programme", ""), area=area,
            idempotency=self.key, **form.terms(),
        )  # fmt: skip
        _member, row = wishes.offer_given(self.user, member, made.public_id)
        return self.made(row, OfferShape, f"{row.public_id}/")


class Offer(Resource):
    """One offer."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(OfferShape)
    def get(self, request: Request, member: str, offer: str) -> Response:
        """Its terms, and how many places are taken."""
        _member, row = wishes.offer_given(self.user, member, offer)
        return self.row(row, OfferShape, version=row.version)

    @speaks(OfferShape, takes=OfferChange, sent={"places": 3})
    def put(self, request: Request, member: str, offer: str) -> Response:
        """Change what is named; the rest stays, and so does work that goes on."""
        given = self.read(OfferChange)
        own, row = wishes.offer_given(self.user, member, offer)
        form = OfferForm(row.initial() | given, programmes=())
        self.good(form)
        services.change_offer(
            actor=self.user, member=own, public_id=offer, version=self.expected, **form.terms()
        )
        _own, changed = wishes.offer_given(self.user, member, offer)
        return self.row(changed, OfferShape, version=changed.version)


class WithdrawOffer(Resource):
    """Taking an offer back."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    matched = ("POST",)

    @speaks(OfferShape)
    def post(self, request: Request, member: str, offer: str) -> Response:
        """Work that goes on is not touched."""
        self.read(Given)
        own, _row = wishes.offer_given(self.user, member, offer)

        def act() -> Response:
            services.withdraw_offer(actor=self.user, member=own, public_id=offer, version=self.expected)
            _own, row = wishes.offer_given(self.user, member, offer)
            return self.row(row, OfferShape, version=row.version)

        return self.once(act)
