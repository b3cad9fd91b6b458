"""Roadmaps and action plans of a member that the caller is in, to be read."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.mentoring.selectors import plans, roadmaps
from apps.mentoring.selectors.roadmap_words import LeftRow, StepRow

LineShape = shape(
    "PlanLine", plans.PlanLine, "name starts_on ends_on closed done total late percent", id="public_id"
)
ActionShape = shape(
    "Action", plans.ActionRow, "place code name area before to work cost gain after owner starts_on due_on late state reason version",
    id="public_id",
)  # fmt: skip
PlanShape = shape(
    "ActionPlan", plans.PlanPage, "name unit roadmap starts_on ends_on closed version done total late spent cost", id="public_id",
    actions=ActionShape(many=True, source="rows", read_only=True),
)  # fmt: skip
RoadmapShape = shape(
    "Roadmap", roadmaps.RoadmapPage, "title assessment state asked_by asked_at unit headline proof refusal hash", id="public_id",
    steps=shape("Step", StepRow, "place code name area before to work cost gain cost_so_far score after"),
    left_out=shape("LeftOut", LeftRow, "code name level why"),
)  # fmt: skip


class Plans(Resource):
    """The action plans of a member."""

    access_rule = SIGNED_IN
    kind = "results"
    paged = True

    @speaks(listed(LineShape))
    def get(self, request: Request, member: str) -> Response:
        """List them with how much is done and late."""
        return self.rows(plans.plans_page(self.user, member).rows, LineShape)


class Plan(Resource):
    """One action plan."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(PlanShape)
    def get(self, request: Request, member: str, action_plan: str) -> Response:
        """Its actions with owners, dates and progress."""
        page = plans.plan_page(self.user, plans.get_plan(self.user, member, action_plan))
        return self.row(page, PlanShape, version=page.version)


class Roadmap(Resource):
    """One roadmap: what comes first, and why."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(RoadmapShape)
    def get(self, request: Request, member: str, roadmap: str) -> Response:
        """Its steps in their order, what is left out, and the proof that nothing does better."""
        found = roadmaps.get_roadmap(self.user, member, roadmap)
        return self.row(roadmaps.roadmap_page(self.user, found), RoadmapShape)
