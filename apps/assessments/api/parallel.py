"""Parallel copies: making one, what merging it back would do, merging, and taking a merge back."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.selectors.places import assessment_for
from apps.assessments.services.parallel import MergePage, PlanLine, merge_for, merge_page
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, shape

LineShape = shape("MergeLine", PlanLine, "code name here there")


class MergeSerializer(serializers.Serializer[Any]):
    """What merging would do; send `seen` to do exactly that."""

    others = serializers.SerializerMethodField(help_text="Title of each other open copy by its id.")
    take = LineShape(many=True)
    clash = LineShape(many=True)
    seen = serializers.SerializerMethodField()
    undo = serializers.CharField(help_text="Id of the merge that can be taken back.")
    merged_into = serializers.CharField()

    def get_others(self, page: MergePage) -> dict[str, str]:
        return dict(page.others)

    def get_seen(self, page: MergePage) -> str:
        return page.plan.seen if page.plan else ""


class CopyGiven(Given):
    """The title of the copy."""

    title = serializers.CharField(max_length=80)


class MergeGiven(Given):
    """The copy to merge into this one, and the hash of what was shown."""

    copy = serializers.CharField(max_length=20)
    seen = serializers.CharField(max_length=64)


class UndoGiven(Given):
    """The merge to take back."""

    merge = serializers.CharField(max_length=20)


class Branch(Resource):
    """Making a parallel copy."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(takes=CopyGiven, sent={"title": "2026, ministry"})
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Copy it to work on apart."""
        row, title = assessment_for(self.user, member, assessment), self.read(CopyGiven)["title"]

        def act() -> Response:
            copy = services.branch_assessment(actor=self.user, assessment=row, title=title)
            return self.done(id=copy.public_id, title=copy.title)

        return self.once(act)


class Merge(Resource):
    """Merging another open copy into this one."""

    access_rule = SIGNED_IN
    kind = "assessments"
    filters = {"copy": None}

    @speaks(MergeSerializer)
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """Which copies there are, and what merging the one that is named would do."""
        return self.row(merge_page(self.user, member, assessment, source=self.query["copy"]), MergeSerializer)

    @speaks(takes=MergeGiven)
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Do exactly what was shown: 409 when somebody answered meanwhile."""
        given = self.read(MergeGiven)
        page = merge_page(self.user, member, assessment, source=given["copy"])
        plan, seen = page.plan, given["seen"]
        if plan is None:
            raise Http404

        def act() -> Response:
            done = services.merge_assessments(
                actor=self.user, source=plan.source, into=page.assessment, seen=seen
            )
            return self.done(merge=done.merge.public_id, taken=done.taken, clashes=done.clashes)

        return self.once(act)


class UndoMerge(Resource):
    """Taking a merge back."""

    access_rule = SIGNED_IN
    kind = "assessments"

    @speaks(takes=UndoGiven)
    def post(self, request: Request, member: str, assessment: str) -> Response:
        """Both copies are open again, as they were."""
        found = merge_for(self.user, member, assessment, self.read(UndoGiven)["merge"])

        def act() -> Response:
            source = services.undo_merge(actor=self.user, merge=found)
            return self.done(reopened=source.public_id)

        return self.once(act)
