"""Releases of the peer benchmark as data."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import PUBLIC
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.insights import selectors
from apps.insights.selectors.benchmark import ReleaseLine

ReleaseShape = shape("BenchmarkReleaseLine", ReleaseLine, "number cut_off tlp", demonstration="is_demo")


class SignedRelease(serializers.Serializer[Any]):
    """The signed file: the release, the statement about it, and the signature."""

    format = serializers.CharField()
    version = serializers.IntegerField()
    release = serializers.JSONField()
    statement = serializers.JSONField()
    proof = serializers.JSONField()


class BenchmarkReleases(Resource):
    """Releases that the caller may see; without a token, those cleared for the public."""

    access_rule = PUBLIC
    kind = "results"
    paged = True

    @speaks(listed(ReleaseShape))
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        return self.rows(selectors.releases_page(self.user).rows, ReleaseShape)


class SignedBenchmarkRelease(Resource):
    """One release."""

    access_rule = PUBLIC
    kind = "results"

    @speaks(SignedRelease)
    def get(self, request: Request, release: int) -> Response:
        """Return it with its signature, as the file for download. 404 for one that the caller may not see."""
        return Response(selectors.release_file(selectors.get_release(self.user, release)))
