"""The members that the caller belongs to."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.members import selectors
from apps.members.choices import Role

MemberShape = shape("Member", selectors.Workspace, "name role is_mentor", id="public_id")
EXAMPLE = {
    "id": "mfrggzdfmztwq2lknnwg",
    "name": "National CERT of Veldara",
    "role": "lead",
    "is_mentor": False,
}


class Members(Resource):
    """Members that the caller belongs to, with their role there."""

    access_rule = SIGNED_IN
    kind = "members"
    paged = True
    filters = {"role": tuple(Role.values)}

    @speaks(listed(MemberShape), example={"count": 1, "next": None, "previous": None, "results": [EXAMPLE]})
    def get(self, request: Request) -> Response:
        """List them by name."""
        wanted = self.query["role"]
        found = [row for row in selectors.workspaces(self.user) if row.kind == "member"]
        return self.rows([row for row in found if wanted in ("", row.role)], MemberShape)


ProgrammeShape = shape("Programme", selectors.Workspace, "name", id="public_id")


class Programmes(Resource):
    """Programmes whose office the caller belongs to."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True

    @speaks(listed(ProgrammeShape))
    def get(self, request: Request) -> Response:
        """List them by name."""
        return self.rows(
            [row for row in selectors.workspaces(self.user) if row.kind == "programme"], ProgrammeShape
        )
