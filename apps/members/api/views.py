"""The members that the caller belongs to, its programmes, and who may verify results for them."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.members import selectors, services
from apps.members.choices import Role
from apps.members.forms import CertifyForm

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


CertifiedShape = shape(
    "CertifiedReviewer",
    selectors.CertifiedRow,
    "name email given_by given_at ends_on in_force",
    id="public_id",
)
CertifyGiven = given_of("GivenCertification", CertifyForm)


class Certified(Resource):
    """Who may verify results for a programme, for its office."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True
    proven = ("POST",)

    @speaks(listed(CertifiedShape))
    def get(self, request: Request, programme: str) -> Response:
        """List them, in force or not."""
        return self.rows(selectors.certified_page(self.user, programme).rows, CertifiedShape)

    @speaks(
        CertifiedShape,
        takes=CertifyGiven,
        status=201,
        sent={"email": "reva@example.org", "ends_on": "2027-06-30"},
    )
    def post(self, request: Request, programme: str) -> Response:
        """Certify a reviewer or lead of a member of the programme; a new day replaces an older one."""
        row = selectors.get_programme(self.user, programme)
        data = self.filled(CertifyForm, CertifyGiven).cleaned_data

        def act() -> Response:
            made = services.certify_reviewer(actor=self.user, programme=row, **data)
            rows = selectors.certified_page(self.user, programme).rows
            shown = next(one for one in rows if one.public_id == made.public_id)
            return self.made(shown, CertifiedShape, f"{made.public_id}/")

        return self.once(act)


class EndCertification(Resource):
    """Ending a certification."""

    access_rule = SIGNED_IN
    kind = "rounds"

    @speaks(CertifiedShape)
    def post(self, request: Request, programme: str, certification: str) -> Response:
        """It signs no more; what was signed under it keeps standing."""
        self.read(Given)
        row = selectors.get_programme(self.user, programme)

        def act() -> Response:
            services.withdraw_certification(actor=self.user, programme=row, public_id=certification)
            rows = selectors.certified_page(self.user, programme).rows
            return self.row(next(one for one in rows if one.public_id == certification), CertifiedShape)

        return self.once(act)
