"""Published courses as data."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import PUBLIC
from apps.core.resource import Resource
from apps.courses import selectors


class CourseSerializer(serializers.Serializer[Any]):
    """A published course, in the reader's language where there is one."""

    code = serializers.CharField()
    slug = serializers.SlugField()
    version = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47 tag of the text.")
    title = serializers.CharField()
    summary = serializers.CharField()
    hours = serializers.DecimalField(
        max_digits=4, decimal_places=1, help_text="With tests and the work at the office."
    )
    minutes = serializers.IntegerField(help_text="Reading and checks of all lessons.")
    lessons = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Bytes of all lessons as sent over the line.")
    areas = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of areas that the course helps to raise."
    )


class CourseList(Resource):
    """The catalogue."""

    access_rule = PUBLIC

    @extend_schema(responses=CourseSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List every published course."""
        return Response(CourseSerializer(selectors.list_courses(request.user), many=True).data)
