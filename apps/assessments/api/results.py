"""What follows from results: the signed file and its check, comparison, trend, other levels, targets, what others share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import selectors, services
from apps.assessments.api.evidence import opened
from apps.assessments.selectors import what_if as trying
from apps.assessments.selectors.oscal import oscal_file
from apps.assessments.selectors.places import member_for
from apps.assessments.selectors.side_by_side import side_by_side
from apps.assessments.selectors.targets import TargetRow, target_set_for, targets_page
from apps.assessments.selectors.trend import trend_page
from apps.core.access import PUBLIC, SIGNED_IN
from apps.core.api_errors import plain
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, listed, shape
from apps.members.selectors import SharedRow, shared_with

TargetShape = shape(
    "Target", TargetRow, "name framework levels saved_by saved_at version assessment", id="public_id"
)
SharedShape = shape("Shared", SharedRow, "name areas tlp ends_on", id="public_id")
CheckShape = shape("CheckedResult", selectors.CheckedResult, "code state signed_on statement_hash")
SEEN = (
    "title", "on", "trust_label", "tlp", "purposes", "ends_on", "framework", "areas", "evidence", "with_evidence",
    "method", "method_version", "input_hash",
)  # fmt: skip
SIDES = ("then", "now", "tlp", "title", "note", "overall", "dimensions", "areas", "indicators", "choices")


class ResultFile(Resource):
    """A result with everything that makes it, signed by the site."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(OpenApiTypes.OBJECT)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """The file that `verify.py` checks without this site (format `belay-result`)."""
        name = f'attachment; filename="result-{assessment}.json"'
        document = selectors.result_file(self.user, member, assessment)
        return Response(document, headers={"Content-Disposition": name})


class ResultOscal(Resource):
    """A result for tools that read OSCAL."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(OpenApiTypes.OBJECT)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """OSCAL 1.1 assessment-results: an observation and a finding for each indicator; no text that people wrote."""
        name = f'attachment; filename="result-{assessment}.oscal.json"'
        return Response(oscal_file(self.user, member, assessment), headers={"Content-Disposition": name})


class CheckCode(Resource):
    """The verification code of a signed result."""

    access_rule = PUBLIC

    @speaks(CheckShape, example={"code": "MFRGG-ZDFMZ-TWQ2L-KNNWG", "state": "in_force", "signed_on": "2026-05-30", "statement_hash": "9f2c…"})  # fmt: skip
    def get(self, request: Request, result_code: str) -> Response:
        """What everybody may know of it: its state, the day, and the hash of what was signed. 404 for any other code."""
        found = selectors.check_result(request.user, result_code[:60])
        if found is None:
            raise Http404
        return self.row(found, CheckShape)


class Compare(Resource):
    """Two results of a member beside each other."""

    access_rule = SIGNED_IN
    kind = "results"
    filters = {"one": None, "other": None}

    @speaks(OpenApiTypes.OBJECT)
    def get(self, request: Request, member: str) -> Response:
        """`one` and `other` name assessments; without them, the newest and the one before."""
        page = side_by_side(self.user, member, one=self.query["one"], other=self.query["other"])
        return Response({name: plain(getattr(page, name)) for name in SIDES})


class Trend(Resource):
    """All results of a member over time."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(OpenApiTypes.OBJECT)
    def get(self, request: Request, member: str) -> Response:
        """A series for each framework and part."""
        page = trend_page(self.user, member)
        return Response({"results": page.results, "tlp": page.tlp, "trends": plain(page.trends)})


class LevelsGiven(Given):
    """Levels to try, by code."""

    levels = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=99))


class WhatIf(Resource):
    """Other levels on a result."""

    access_rule = SIGNED_IN
    kind = "results"
    only_reads = True

    @speaks(OpenApiTypes.OBJECT, takes=LevelsGiven, sent={"levels": {"GOV.1.1": 4}})
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """What score, level and lists would be; stores nothing, so it needs no key."""
        result = trying.result_to_try(self.user, member, assessment)
        return Response(plain(trying.what_if(self.user, result, self._levels(result)).then))

    def _levels(self, result: Any) -> dict[str, int]:
        return allowed_levels(result, self.read(LevelsGiven)["levels"])


def allowed_levels(result: Any, levels: dict[str, int]) -> dict[str, int]:
    """The levels, each of which the result can be tried with. Raises `ValidationError` naming the code."""
    allowed = trying.choices_in(result)
    for code, level in levels.items():
        if level not in allowed.get(code, ()):
            said = _("%(code)s cannot be tried at level %(level)d.") % {"code": code[:40], "level": level}
            raise serializers.ValidationError({"levels": [said]})
    return levels


class TargetGiven(LevelsGiven):
    """A target to keep: its name, and the levels that were tried."""

    name = serializers.CharField(max_length=80)


class Targets(Resource):
    """The saved targets of a member."""

    access_rule = SIGNED_IN
    kind = "results"
    paged = True

    @speaks(listed(TargetShape))
    def get(self, request: Request, member: str) -> Response:
        """List them."""
        return self.rows(targets_page(self.user, member).rows, TargetShape)


class SaveTarget(Resource):
    """Keeping levels that were tried on a result as a target."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(TargetShape, takes=TargetGiven, status=201, sent={"name": "Next year", "levels": {"GOV.1.1": 4}})
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Save them under a name; the next assessment can begin with it."""
        result, given = trying.result_to_try(self.user, member, assessment), self.read(TargetGiven)
        row = services.save_targets(
            actor=self.user, result=result, levels=allowed_levels(result, given["levels"]), name=given["name"],
            idempotency=self.key,
        )  # fmt: skip
        rows = targets_page(self.user, member).rows
        return self.made(next(one for one in rows if one.public_id == row.public_id), TargetShape, "")


class DropTarget(Resource):
    """Deleting a saved target."""

    access_rule = SIGNED_IN
    kind = "results"
    matched = ("POST",)

    @speaks()
    def post(self, request: Request, member: str, target_set: str) -> Response:
        """Delete the version that If-Match names; assessments that began with it keep their levels."""
        self.read(Given)
        row = member_for(self.user, member)

        def act() -> Response:
            target_set_for(self.user, row, target_set)
            services.drop_targets(actor=self.user, member=row, target_set=target_set, expected=self.expected)
            return self.done(dropped=target_set)

        return self.once(act)


class Shared(Resource):
    """What others share with the caller now."""

    access_rule = SIGNED_IN
    kind = "grants"
    paged = True

    @speaks(listed(SharedShape))
    def get(self, request: Request) -> Response:
        """List the members, with areas, label and last day."""
        return self.rows(shared_with(self.user), SharedShape)


class SharedResult(Resource):
    """The newest result of another member, as far as it is shared."""

    access_rule = SIGNED_IN
    kind = "grants"

    @speaks(OpenApiTypes.OBJECT)
    def get(self, request: Request, member: str) -> Response:
        """Read it; the owner sees that the caller did."""
        page = services.read_shared_result(actor=self.user, member=member)
        return Response({name: plain(getattr(page, name)) for name in SEEN})


class SharedFile(Resource):
    """A file of evidence that is shared."""

    access_rule = SIGNED_IN
    kind = "grants"

    @speaks(bytes)
    def get(self, request: Request, member: str, evidence: str) -> HttpResponseBase:
        """Download it; the owner sees that the caller did."""
        return opened(services.read_shared_file(actor=self.user, member=member, evidence=evidence))
