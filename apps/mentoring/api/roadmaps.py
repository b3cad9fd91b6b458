"""Roadmaps of a member that the caller is in: what can be asked, asked for, read, and tried again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, listed, shape
from apps.mentoring import services
from apps.mentoring.choices import Unit
from apps.mentoring.forms.plans import RoadmapForm
from apps.mentoring.selectors import roadmaps
from apps.mentoring.selectors.questions import default_costs, levels_of_set
from apps.mentoring.selectors.roadmap_words import LeftRow, StepRow

LineShape = shape(
    "RoadmapLine", roadmaps.MemberRoadmap, "title state asked_by asked_at assessment", id="public_id"
)
RoadmapShape = shape(
    "Roadmap", roadmaps.RoadmapPage, "title assessment state percent asked_by asked_at unit headline proof refusal hash",
    id="public_id",
    steps=shape("Step", StepRow, "place code name area before to work cost gain cost_so_far score after"),
    left_out=shape("LeftOut", LeftRow, "code name level why"),
)  # fmt: skip


def _cost() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0, max_value=1_000_000_000)


def _three(words: str) -> serializers.ListField:
    return serializers.ListField(child=_cost(), min_length=3, max_length=3, required=False, help_text=words)


class RoadmapGiven(Given):
    """What a roadmap is asked for. Costs that are left out are those that the page begins with."""

    assessment = serializers.CharField(max_length=20, help_text="Its result is planned from.")
    ask = serializers.CharField(max_length=60, help_text="One of `asks` in the options.")
    unit = serializers.ChoiceField(choices=Unit.choices, default=Unit.DAYS)
    currency = serializers.CharField(max_length=12, required=False, help_text="With the unit `money`.")
    budget = serializers.DecimalField(max_digits=14, decimal_places=4, required=False, allow_null=True)
    score = serializers.DecimalField(max_digits=9, decimal_places=2, required=False, allow_null=True)
    practice = _three("What changing practice costs by effort: small, middle, large.")
    evidence = _three("What showing it costs, likewise.")
    own = serializers.DictField(child=_cost(), required=False, help_text="Costs of single questions by code.")


EXAMPLE = {
    "assessment": "onxw2zjanfzxg5lf4aq2", "ask": "within", "unit": "days", "budget": "120",
    "practice": [5, 15, 40], "evidence": [1, 3, 8], "own": {"GOV.1.1": "2.5"},
}  # fmt: skip


class Roadmaps(Resource):
    """The roadmaps of a member."""

    access_rule = SIGNED_IN
    kind = "results"
    paged = True

    @speaks(listed(LineShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first."""
        return self.rows(roadmaps.roadmaps_of(self.user, member), LineShape)

    @speaks(RoadmapShape, takes=RoadmapGiven, status=201, sent=EXAMPLE)
    def post(self, request: Request, member: str) -> Response:
        """Ask for one; it is worked out in the background. Read it until its state is ready, impossible or failed."""
        given = self.read(RoadmapGiven)
        page = roadmaps.ask_page(self.user, member, given["assessment"])
        form = _form(page, given)
        levels = levels_of_set(page.result, form.target_set) if form.target_set else None
        row = services.ask_roadmap(
            actor=self.user, result=page.result, question=form.question(levels), idempotency=self.key
        )
        shown = roadmaps.roadmap_page(self.user, roadmaps.get_roadmap(self.user, member, row.public_id))
        return self.made(shown, RoadmapShape, f"{row.public_id}/")


def _form(page: roadmaps.AskPage, given: Mapping[str, Any]) -> RoadmapForm:
    """The form of the page, filled in. Raises `ValidationError` with the names that were sent."""
    codes = [code for code, _name, _area in page.indicators]
    own = given.get("own", {})
    if strange := sorted(set(own) - set(codes)):
        raise ValidationError({f"own.{strange[0][:40]}": [_("There is no such field.")]})
    data = {name: given.get(name) for name in ("ask", "unit", "currency", "budget", "score")}
    for kind, usual in zip(("practice", "evidence"), default_costs(given["unit"]), strict=True):
        data |= {f"{kind}_{n}": cost for n, cost in enumerate(given.get(kind, usual), start=1)}
    data |= {f"own-{code}": cost for code, cost in own.items()}
    form = RoadmapForm(data, unit=given["unit"], choices=page.choices, codes=codes)
    Resource.good(form)
    return form


class AskSerializer(serializers.Serializer[Any]):
    """Something that can be asked: send the id as `ask`."""

    id = serializers.CharField()
    name = serializers.CharField()


class CostsSerializer(serializers.Serializer[Any]):
    """What a step costs by effort until somebody knows better."""

    practice = serializers.ListField(child=serializers.IntegerField())
    evidence = serializers.ListField(child=serializers.IntegerField())


class RoadmapOptionsSerializer(serializers.Serializer[Any]):
    """What can be asked about a result."""

    asks = AskSerializer(many=True)
    indicators = serializers.ListField(child=serializers.CharField(), help_text="Codes that `own` may name.")
    days = CostsSerializer()
    money = CostsSerializer()


class RoadmapOptions(Resource):
    """What can be asked about a result of the member."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(RoadmapOptionsSerializer)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """List the questions, the codes, and the costs that are taken when none are sent."""
        page = roadmaps.ask_page(self.user, member, assessment)
        costs = {unit: default_costs(unit) for unit in (Unit.DAYS, Unit.MONEY)}
        given: dict[str, Any] = {
            "asks": [{"id": key, "name": words} for key, words in page.choices],
            "indicators": [code for code, _name, _area in page.indicators],
        }
        for unit, (practice, evidence) in costs.items():
            given[str(unit)] = {"practice": practice, "evidence": evidence}
        return Response(RoadmapOptionsSerializer(given).data)


class Roadmap(Resource):
    """One roadmap: what comes first, and why."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(RoadmapShape)
    def get(self, request: Request, member: str, roadmap: str) -> Response:
        """Its steps in their order, what is left out, and the proof that nothing does better."""
        found = roadmaps.get_roadmap(self.user, member, roadmap)
        return self.row(roadmaps.roadmap_page(self.user, found), RoadmapShape)


class RoadmapAgain(Resource):
    """Working out a failed roadmap again."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(RoadmapShape)
    def post(self, request: Request, member: str, roadmap: str) -> Response:
        """409 for one that has not failed."""
        self.read(Given)
        row = roadmaps.get_roadmap(self.user, member, roadmap)

        def act() -> Response:
            services.retry_roadmap(actor=self.user, roadmap=row)
            return self.row(roadmaps.roadmap_page(self.user, row), RoadmapShape)

        return self.once(act)
