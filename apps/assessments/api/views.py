"""Results of a member that the caller is in: which there are, and each document as it was stored."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import selectors
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed
from apps.members.selectors import get_member


class ResultRowSerializer(serializers.Serializer[Any]):
    """One stored result."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField(source="assessment.title")
    on = serializers.DateField(help_text="The day of scoring.")
    method = serializers.CharField()
    method_version = serializers.IntegerField()
    input_hash = serializers.CharField(help_text="SHA-256 of the canonical inputs.")
    tlp = serializers.CharField()
    computed_at = serializers.DateTimeField()


class MemberResults(Resource):
    """Results of one member, newest first."""

    access_rule = SIGNED_IN
    paged = True
    kind = "results"

    @speaks(listed(ResultRowSerializer))
    def get(self, request: Request, member: str) -> Response:
        """List the results of a member that the caller is in."""
        return self.rows(selectors.results_of(self.user, get_member(self.user, member)), ResultRowSerializer)


class ResultAnswers(Resource):
    """The answers behind one result."""

    access_rule = SIGNED_IN
    kind = "results"

    @extend_schema(
        responses=OpenApiTypes.OBJECT, description="The answers file that `manage.py score` takes."
    )
    def get(self, request: Request, result: str) -> Response:
        """Return the exact answers that were scored, so that anyone who holds them can count again."""
        found = selectors.get_result(self.user, result)
        name = f'attachment; filename="answers-{found.public_id}.json"'
        return Response(found.inputs, headers={"Content-Disposition": name})


class ResultDocument(Resource):
    """One result."""

    access_rule = SIGNED_IN
    kind = "results"

    @extend_schema(responses=OpenApiTypes.OBJECT, description="The score document as it was stored.")
    def get(self, request: Request, result: str) -> Response:
        """Return the document exactly as it was stored on submission."""
        return Response(selectors.get_result(self.user, result).document)
