"""Everything the site holds of a member, for programs of its leads: ask, follow, take, delete."""

from __future__ import annotations

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.downloads import send_file
from apps.core.resource import Resource
from apps.core.shapes import Given, listed, shape
from apps.reports.selectors import exports as rows
from apps.reports.services import exports as services

ExportShape = shape(
    "MemberExport", rows.ExportRow,
    "state percent stage_text asked_by asked_at ready_at expires_at size files left_out sha256 error", id="public_id",
)  # fmt: skip
GoneExportShape = shape("DeletedExport", rows.GoneExport, "export")


class Exports(Resource):
    """Archives of a whole member, for its leads."""

    access_rule = SIGNED_IN
    kind = "results"
    paged = True
    proven = ("POST",)

    @speaks(listed(ExportShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first."""
        return self.rows(rows.exports_page(self.user, member).rows, ExportShape)

    @speaks(ExportShape, status=201)
    def post(self, request: Request, member: str) -> Response:
        """Ask for one; read it until its state is ready. 409 while another is being made."""
        self.read(Given)
        made = services.ask_export_once(actor=self.user, member=member, key=self.key)
        place = request.build_absolute_uri(f"/api/v1/exports/{made}/")
        shown = ExportShape(rows.export_of(self.user, made)).data
        return Response(shown, status=201, headers={"Location": place})


class OneExport(Resource):
    """One archive."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(ExportShape)
    def get(self, request: Request, member_export: str) -> Response:
        """How far it is, and until when it is kept."""
        return self.row(rows.export_of(self.user, member_export), ExportShape)


class ExportFile(Resource):
    """The archive itself."""

    access_rule = SIGNED_IN
    kind = "results"
    proven = ("GET",)

    @speaks(bytes)
    def get(self, request: Request, member_export: str) -> HttpResponseBase:
        """The ZIP with `manifest.json`, each taking on record; 409 before it is ready and after its time."""
        opened = services.open_export(actor=self.user, export=member_export)
        return send_file(
            opened.parts,
            title=opened.name,
            content_type="application/zip",
            size=opened.size,
            sha256=opened.sha256,
        )


class DeleteExport(Resource):
    """The end of an archive."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(GoneExportShape)
    def post(self, request: Request, member_export: str) -> Response:
        """Delete it with its file; one that is being made is stopped."""
        self.read(Given)

        def act() -> Response:
            services.delete_export(actor=self.user, export=member_export)
            return self.row(rows.GoneExport(member_export), GoneExportShape)

        return self.once(act)
