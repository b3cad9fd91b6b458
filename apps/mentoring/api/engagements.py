"""Engagements for their two sides: goals, sessions, tasks; and for the office of the programme titles and counts."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.members.selectors import get_member
from apps.mentoring import selectors
from apps.mentoring.selectors import engagements, meetings, todo

LineShape = shape(
    "EngagementLine", engagements.EngagementRow,
    "member mentor area_name state starts_on ends_on held planned goals reached last_on", id="public_id",
)  # fmt: skip
GoalShape = shape(
    "Goal", engagements.GoalRow, "indicator name from_level to_level state version", id="public_id"
)
SessionShape = shape(
    "Session", engagements.SessionRow, "held_on hours present notes next_steps next_on written_by version", id="public_id"
)  # fmt: skip
EngagementShape = shape(
    "Engagement", engagements.Workspace,
    "learner mentor for_mentor area area_name purpose state starts_on ends_on closing_note reached planned hours next_on "
    "agreed shares shared_until can_write version",
    id="public_id", goals=GoalShape,
)  # fmt: skip
TaskShape = shape(
    "Task", todo.TaskRow, "text owner owner_id mine due_on late done_at done_by version", id="public_id"
)
MilestoneShape = shape("Milestone", todo.MilestoneRow, "title due_on done_at done_by late", id="public_id")
HandoverShape = shape("Handover", todo.HandoverRow, "title slug kind note by at", id="public_id")
WorkShape = shape(
    "EngagementWork", todo.WorkPage, "reached can_write",
    milestones=MilestoneShape, tasks=TaskShape, finished=TaskShape, handed=HandoverShape,
)  # fmt: skip
MeetingShape = shape(
    "PlannedSession", meetings.MeetingRow, "starts_at minutes place agenda over version", id="public_id"
)


class Engagements(Resource):
    """The engagements of a member that the caller belongs to, as learner or as mentor."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True

    @speaks(listed(LineShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first."""
        return self.rows(engagements.engagements_of(self.user, get_member(self.user, member)), LineShape)


class Engagement(Resource):
    """One engagement."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(EngagementShape)
    def get(self, request: Request, member: str, engagement: str) -> Response:
        """What was agreed, the goals, and what is shared until when."""
        page = selectors.workspace(self.user, member, engagement)
        return self.row(page, EngagementShape, version=page.version)


class EngagementSessions(Resource):
    """The notes of the sessions that were held."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True

    @speaks(listed(SessionShape))
    def get(self, request: Request, member: str, engagement: str) -> Response:
        """List them, the newest first. Both sides read them, nobody else."""
        return self.rows(selectors.workspace(self.user, member, engagement).sessions, SessionShape)


class PlannedSessions(Resource):
    """The sessions that are planned ahead."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True

    @speaks(listed(MeetingShape))
    def get(self, request: Request, member: str, engagement: str) -> Response:
        """List them, the next one first."""
        return self.rows(meetings.meetings_page(self.user, member, engagement).rows, MeetingShape)


class EngagementWork(Resource):
    """The work between sessions."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(WorkShape)
    def get(self, request: Request, member: str, engagement: str) -> Response:
        """Milestones of the agreement, open tasks, the last finished ones, resources handed over."""
        return self.row(todo.work_page(self.user, member, engagement), WorkShape)


class ProgrammeEngagements(Resource):
    """The engagements of a programme, for its office."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True

    @speaks(listed(LineShape))
    def get(self, request: Request, programme: str) -> Response:
        """Titles and counts, never notes."""
        return self.rows(selectors.programme_engagements(self.user, programme).rows, LineShape)
