"""Action plans of a member that the caller is in: started, closed, taken away, and their actions worked on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.downloads import send_file
from apps.core.filecheck.kinds import CSV, XLSX
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.core.workbooks import write_csv, write_workbook
from apps.mentoring import services
from apps.mentoring.forms.plans import ActionForm, MoveForm, StartPlanForm
from apps.mentoring.selectors import actions, plans, roadmaps

LineShape = shape(
    "PlanLine", plans.PlanLine, "name starts_on ends_on closed done total late percent", id="public_id"
)
ActionShape = shape(
    "Action", plans.ActionRow,
    "place code name area before to work cost gain after owner owner_id starts_on due_on late state reason version",
    id="public_id",
)  # fmt: skip
PlanShape = shape(
    "ActionPlan", plans.PlanPage, "name unit roadmap starts_on ends_on closed version done total late spent cost", id="public_id",
    actions=ActionShape(many=True, source="rows", read_only=True),
)  # fmt: skip
ChangeShape = shape("ActionChange", actions.ChangeRow, "by at changes note")
DetailShape = shape(
    "ActionDetail", actions.ActionPage, "intent level_text",
    action=ActionShape(source="row", read_only=True), history=ChangeShape,
)  # fmt: skip
StartGiven = given_of(
    "GivenPlan",
    StartPlanForm,
    roadmap=serializers.CharField(max_length=20, help_text="Id of a roadmap that is ready."),
)
ActionGiven = given_of("GivenAction", ActionForm, optional="state starts_on due_on")
MoveGiven = given_of("GivenMove", MoveForm)


class Plans(Resource):
    """The action plans of a member."""

    access_rule = SIGNED_IN
    kind = "results"
    paged = True

    @speaks(listed(LineShape))
    def get(self, request: Request, member: str) -> Response:
        """List them with how much is done and late."""
        return self.rows(plans.plans_page(self.user, member).rows, LineShape)

    @speaks(
        PlanShape, takes=StartGiven, status=201,
        sent={"roadmap": "ojxwczdnmfyho2dfnzsq", "name": "Year one", "starts_on": "2027-01-04", "ends_on": "2027-12-17"},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Make the steps of a roadmap into actions."""
        given = self.read(StartGiven)
        row = roadmaps.get_roadmap(self.user, member, given.pop("roadmap"))
        form = StartPlanForm(given)
        self.good(form)
        values = form.cleaned_data | {"idempotency": self.key}
        plan = services.start_plan(actor=self.user, roadmap=row, **values)
        page = plans.plan_page(self.user, plans.get_plan(self.user, member, plan.public_id))
        return self.made(page, PlanShape, f"{plan.public_id}/")


class OnePlan(Resource):
    """Something about one plan."""

    kind = "results"

    def shown(self, member: str, action_plan: str) -> Response:
        """The plan as it stands, with its version."""
        page = plans.plan_page(self.user, plans.get_plan(self.user, member, action_plan))
        return self.row(page, PlanShape, version=page.version)

    def turn(self, member: str, action_plan: str, *, closed: bool) -> Response:
        """Close it or open it again, once, and show it."""
        self.read(Given)
        row = plans.get_plan(self.user, member, action_plan)

        def act() -> Response:
            services.close_plan(actor=self.user, plan=row, expected=self.expected, closed=closed)
            return self.shown(member, action_plan)

        return self.once(act)

    def table(self, member: str, action_plan: str) -> tuple[str, list[list[Any]]]:
        """(name of the file, rows with their heading)."""
        page = plans.plan_page(self.user, plans.get_plan(self.user, member, action_plan))
        return f"plan-{page.public_id}", plans.plan_table(page)


class Plan(OnePlan):
    """One action plan."""

    access_rule = SIGNED_IN

    @speaks(PlanShape)
    def get(self, request: Request, member: str, action_plan: str) -> Response:
        """Its actions with owners, dates and progress."""
        return self.shown(member, action_plan)


class ClosePlan(OnePlan):
    """Closing a plan."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(PlanShape)
    def post(self, request: Request, member: str, action_plan: str) -> Response:
        """From now on it asks nobody for anything."""
        return self.turn(member, action_plan, closed=True)


class ReopenPlan(OnePlan):
    """Opening a closed plan again."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(PlanShape)
    def post(self, request: Request, member: str, action_plan: str) -> Response:
        """Its actions can be changed again."""
        return self.turn(member, action_plan, closed=False)


class PlanCsv(OnePlan):
    """A plan as CSV."""

    access_rule = SIGNED_IN

    @speaks(bytes)
    def get(self, request: Request, member: str, action_plan: str) -> HttpResponseBase:
        """One line an action."""
        name, rows = self.table(member, action_plan)
        content = ("\ufeff" + write_csv(rows)).encode()
        return send_file([content], title=name, content_type=CSV, size=len(content))


class PlanWorkbook(OnePlan):
    """A plan as a workbook."""

    access_rule = SIGNED_IN

    @speaks(bytes)
    def get(self, request: Request, member: str, action_plan: str) -> HttpResponseBase:
        """The same table as XLSX."""
        name, rows = self.table(member, action_plan)
        content = write_workbook({_("Actions"): rows})
        return send_file([content], title=name, content_type=XLSX, size=len(content))


class OneAction(Resource):
    """Something about one action of a plan."""

    kind = "results"

    def found(self, member: str, action_plan: str, action: str) -> Any:
        """The row, for its service. Raises Http404."""
        return actions.get_action(self.user, plans.get_plan(self.user, member, action_plan), action)

    def shown(self, member: str, action_plan: str, action: str) -> Response:
        """The action as it stands, with its version."""
        page = actions.action_page(self.user, self.found(member, action_plan, action))
        return self.row(page, DetailShape, version=page.row.version)


class Action(OneAction):
    """One action of a plan."""

    access_rule = SIGNED_IN

    @speaks(DetailShape)
    def get(self, request: Request, member: str, action_plan: str, action: str) -> Response:
        """What it leads to, who does it until when, and its history."""
        return self.shown(member, action_plan, action)

    @speaks(
        DetailShape, takes=ActionGiven,
        sent={"state": "doing", "owner": "nfxgk43ujfxgk43ujfxg", "due_on": "2027-03-01", "note": "Begun."},
    )  # fmt: skip
    def put(self, request: Request, member: str, action_plan: str, action: str) -> Response:
        """Change what is named; the rest stays. `owner` is the id of a colleague, or empty for nobody."""
        given = self.read(ActionGiven)
        row = self.found(member, action_plan, action)
        page = actions.action_page(self.user, row)
        stored = {name: getattr(row, name) for name in ("state", "reason", "starts_on", "due_on")}
        form = ActionForm(stored | given, people=page.people, can_run=True)
        self.good(form)
        changes = {name: form.cleaned_data[name] for name in given if name != "note"}
        if "owner" in changes:
            changes["owner"] = actions.colleague(self.user, page.plan, changes["owner"])
        services.change_action(
            actor=self.user, action=row, expected=self.expected, note=form.cleaned_data["note"], **changes
        )
        return self.shown(member, action_plan, action)


class MoveAction(OneAction):
    """Starting an action, or marking it as done."""

    access_rule = SIGNED_IN
    matched = ("POST",)

    @speaks(DetailShape, takes=MoveGiven, sent={"state": "done"})
    def post(self, request: Request, member: str, action_plan: str, action: str) -> Response:
        """`state` is doing or done."""
        row, given = self.found(member, action_plan, action), self.read(MoveGiven)
        form = MoveForm({**given, "version": max(1, self.expected)})
        self.good(form)
        services.change_action(
            actor=self.user,
            action=row,
            expected=self.expected,
            state=form.cleaned_data["state"],
            idempotency=self.key,
        )
        return self.shown(member, action_plan, action)
