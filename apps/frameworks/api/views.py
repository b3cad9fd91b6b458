"""Published frameworks: which there are, each document whole in any version, search, and crosswalks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import PUBLIC
from apps.core.resource import Resource
from apps.frameworks import selectors


class FrameworkRowSerializer(serializers.Serializer[selectors.FrameworkRow]):
    """A published version of one framework."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    version = serializers.CharField()
    language = serializers.CharField()
    document_hash = serializers.CharField(help_text="SHA-256 of the document in its RFC 8785 form.")
    published_at = serializers.DateTimeField()


class FrameworkList(Resource):
    """Frameworks of which the reader may see a published version."""

    access_rule = PUBLIC

    @extend_schema(responses=FrameworkRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the newest published version of each framework."""
        rows: Any = selectors.list_frameworks(request.user)
        return Response(FrameworkRowSerializer(rows, many=True).data)


class FrameworkDetail(Resource):
    """One framework document, the newest."""

    access_rule = PUBLIC

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        description="The newest published document, as described by the published JSON Schema of frameworks.",
    )
    def get(self, request: Request, framework: str) -> Response:
        """Return the whole document: tree, scale, descriptors, prerequisites, profiles, crosswalks."""
        return Response(selectors.framework_document(request.user, framework))


class FrameworkVersions(Resource):
    """The published versions of one framework."""

    access_rule = PUBLIC

    @extend_schema(responses=FrameworkRowSerializer(many=True), description="The newest first.")
    def get(self, request: Request, framework: str) -> Response:
        """List the versions; 404 when there is none to see."""
        rows: Any = selectors.list_versions(request.user, framework)
        if not rows:
            raise NotFound(_("No version of this framework is published."))
        return Response(FrameworkRowSerializer(rows, many=True).data)


class FrameworkVersionDetail(Resource):
    """One framework document in one version, which never changes."""

    access_rule = PUBLIC

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        description="The document of this version, as described by the published JSON Schema of frameworks.",
    )
    def get(self, request: Request, framework: str, version: str) -> Response:
        """Return the whole document of a version that is addressed by its number."""
        return Response(selectors.framework_document(request.user, framework, version))


class FoundSerializer(serializers.Serializer[dict[str, Any]]):
    """An indicator that a search found, and the place that matched best."""

    code = serializers.CharField()
    name = serializers.CharField()
    area = serializers.CharField(help_text="Code of its area.")
    scope = serializers.ChoiceField(("national", "organisational", "both"))
    key = serializers.BooleanField()
    where = serializers.CharField(
        help_text="name, word, question, intent, level, evidence, look_for or mistake."
    )
    snippet = serializers.CharField(help_text="Plain text.")
    language = serializers.CharField(help_text="Of the snippet.")


class FoundPageSerializer(serializers.Serializer[dict[str, Any]]):
    """What a search gives, the best first; at most 50 are listed."""

    query = serializers.CharField()
    version = serializers.CharField()
    total = serializers.IntegerField()
    results = FoundSerializer(many=True)
    near = serializers.ListField(
        child=serializers.CharField(), help_text="Spellings that would find something."
    )


class FrameworkSearch(Resource):
    """Search in one framework."""

    access_rule = PUBLIC
    filters = {"q": None, "version": None}

    @extend_schema(
        responses=FoundPageSerializer,
        description="Words that must all occur; case and accents make no difference. Texts are in the language that is asked for, where they exist.",
    )
    def get(self, request: Request, framework: str) -> Response:
        """Find indicators by names, questions, levels, evidence and words."""
        query, number = self.query["q"], self.query["version"]
        found = selectors.search_framework(request.user, query, slug=framework, number=number)
        hits = sorted((hit for group in found.groups for hit in group.hits), key=lambda hit: -hit.worth)
        rows = [
            {
                "code": hit.entry.code,
                "name": hit.entry.name,
                "area": hit.entry.area,
                "scope": hit.entry.scope,
                "key": hit.entry.key,
                "where": hit.where,
                "snippet": "".join(piece.text for piece in hit.snippet),
                "language": hit.lang,
            }
            for hit in hits
        ]
        given = {
            "query": found.query,
            "version": found.edition.version,
            "total": found.total,
            "results": rows,
            "near": found.near,
        }
        return Response(FoundPageSerializer(given).data)


class RelatedItemSerializer(serializers.Serializer[dict[str, Any]]):
    """An item of the other system with the codes of related indicators; without codes nothing here covers it."""

    id = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    indicators = serializers.ListField(child=serializers.CharField())


class CrosswalkSerializer(serializers.Serializer[dict[str, Any]]):
    """Another system beside this framework. Related, not equivalent: a level here is no score there."""

    system = serializers.CharField()
    name = serializers.CharField()
    system_version = serializers.CharField(allow_blank=True)
    version = serializers.CharField(help_text="Of this framework.")
    relation = serializers.ChoiceField(("related",))
    items = RelatedItemSerializer(many=True)


class FrameworkCrosswalk(Resource):
    """One framework beside another system."""

    access_rule = PUBLIC
    filters = {"version": None}

    @extend_schema(
        responses=CrosswalkSerializer,
        description="Related, not equivalent: an indicator here and an item there look at the same subject.",
    )
    def get(self, request: Request, framework: str, system: str) -> Response:
        """List the items of the other system with the related indicators."""
        number = self.query["version"]
        page = selectors.system_page(request.user, system, slug=framework, number=number)
        listed = [item for group in page.groups for item in group.items]
        given = {
            "system": page.system.id,
            "name": page.system.name,
            "system_version": page.system.version,
            "version": page.edition.version,
            "relation": "related",
            "items": [
                {"id": item.id, "title": item.title, "indicators": [entry.code for entry in item.entries]}
                for item in (*listed, *page.uncovered)
            ],
        }
        return Response(given)
