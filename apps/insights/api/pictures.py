"""Editions of a national picture as data."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.insights import selectors
from apps.insights.selectors.pictures import EditionLine

EditionShape = shape("PictureEditionLine", EditionLine, "number made_at framework content_hash")


class PictureDocument(serializers.Serializer[Any]):
    """An edition as it was made and as its hash covers it; what is withheld says why and has no number."""

    format = serializers.JSONField()
    nation = serializers.CharField()
    edition = serializers.IntegerField()
    framework = serializers.JSONField()
    on = serializers.DateField()
    areas = serializers.ListField(child=serializers.JSONField())
    sectors = serializers.ListField(child=serializers.JSONField())


class PictureEditions(Resource):
    """Editions of the picture of a nation that the caller is in."""

    access_rule = SIGNED_IN
    kind = "results"
    paged = True

    @speaks(listed(EditionShape))
    def get(self, request: Request, nation: str) -> Response:
        """List them, the newest first."""
        return self.rows(selectors.picture_editions(self.user, nation), EditionShape)


class PictureEdition(Resource):
    """One edition."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(PictureDocument)
    def get(self, request: Request, nation: str, number: int) -> Response:
        """Return it, the same as the JSON file of its page. 404 outside the nation."""
        return Response(selectors.get_picture(self.user, nation, number).document)
