"""Published frameworks: which there are, and each document whole."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.access import PUBLIC
from apps.frameworks import selectors


class FrameworkRowSerializer(serializers.Serializer[selectors.FrameworkRow]):
    """The newest published version of one framework."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    version = serializers.CharField()
    language = serializers.CharField()
    document_hash = serializers.CharField(help_text="SHA-256 of the document in its RFC 8785 form.")
    published_at = serializers.DateTimeField()


class FrameworkList(APIView):
    """Frameworks that have a published version."""

    access_rule = PUBLIC

    @extend_schema(responses=FrameworkRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the newest published version of each framework."""
        rows: Any = selectors.list_frameworks(request.user)
        return Response(FrameworkRowSerializer(rows, many=True).data)


class FrameworkDetail(APIView):
    """One framework document."""

    access_rule = PUBLIC

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        description="The newest published document, as described by the published JSON Schema of frameworks.",
    )
    def get(self, request: Request, framework: str) -> Response:
        """Return the whole document: tree, scale, descriptors, prerequisites, profiles, crosswalks."""
        return Response(selectors.framework_document(request.user, framework))
