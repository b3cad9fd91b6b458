"""The offline workbook: taken away, brought back, looked at, and taken in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments.api.evidence import MadeSerializer, TakesFiles
from apps.assessments.forms.workbook import WorkbookForm
from apps.assessments.selectors.places import assessment_for
from apps.assessments.selectors.workbook import copy_of, workbook_for
from apps.assessments.services import workbook as workbooks
from apps.core.access import SIGNED_IN
from apps.core.api_errors import plain
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of

WorkbookGiven = given_of("GivenWorkbook", WorkbookForm)


class LineSerializer(serializers.Serializer[Any]):
    """One line of what a workbook does: `fate` is clean, conflict, stale, invalid or same."""

    fate = serializers.CharField()
    what = serializers.CharField()
    code = serializers.CharField()
    where = serializers.CharField(help_text="The cell.")
    said = serializers.CharField()
    mine = serializers.SerializerMethodField()
    theirs = serializers.SerializerMethodField()
    ref = serializers.CharField(help_text="Send it in `use` to decide a conflict for the workbook.")

    def get_mine(self, line: Any) -> dict[str, Any]:
        return dict(plain(line.mine))

    def get_theirs(self, line: Any) -> dict[str, Any] | None:
        return plain(line.theirs) if line.theirs else None


class PlanSerializer(serializers.Serializer[Any]):
    """What a workbook does or did, most urgent first."""

    counts = serializers.DictField(child=serializers.IntegerField())
    lines = LineSerializer(many=True)


class Workbook(TakesFiles):
    """The workbook of an assessment."""

    access_rule = SIGNED_IN
    kind = "assessments"
    filters = {"areas": None, "as": ("xlsx", "json")}

    @speaks(bytes)
    def get(self, request: Request, member: str, assessment: str) -> HttpResponse:
        """Take it away: the areas named, as XLSX in the language asked for, or as JSON."""
        copy = copy_of(self.user, member, assessment, areas=self.query["areas"])
        file = workbooks.export_workbook(actor=self.user, copy=copy, kind=self.query["as"] or "xlsx")
        response = HttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
        response["Cache-Control"] = "private, no-store"
        return response

    @speaks(MadeSerializer, takes=WorkbookGiven, status=201)
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Bring it back as `multipart/form-data`: it is read and kept, nothing is changed yet."""
        row = assessment_for(self.user, member, assessment)
        form = self.uploaded(WorkbookForm, WorkbookGiven)
        content = form.content

        def act() -> Response:
            kept = workbooks.keep_workbook(actor=self.user, assessment=row, content=content, name=form.name)
            place = self.request.build_absolute_uri(f"{self.request.path}{kept.public_id}/")
            return Response({"id": kept.public_id}, status=201, headers={"Location": place})

        return self.once(act)


class TakeGiven(Given):
    """Which conflicts are decided for the workbook, by their `ref`; the others wait for a person."""

    use = serializers.ListField(child=serializers.CharField(max_length=200), required=False, max_length=5000)


class WorkbookLook(Resource):
    """A workbook that was brought back."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(PlanSerializer)
    def get(self, request: Request, member: str, assessment: str, workbook: str) -> Response:
        """What it would do now, or what it did."""
        row = workbook_for(self.user, member, assessment, workbook)
        return self.row(workbooks.look_at_workbook(actor=self.user, workbook=row), PlanSerializer)

    @speaks(PlanSerializer, takes=TakeGiven)
    def post(self, request: Request, member: str, assessment: str, workbook: str) -> Response:
        """Take it in. Taken in twice, it is taken in once."""
        row = workbook_for(self.user, member, assessment, workbook)
        ticked = self.read(TakeGiven).get("use", [])
        return self.row(workbooks.take_workbook(actor=self.user, workbook=row, ticked=ticked), PlanSerializer)
