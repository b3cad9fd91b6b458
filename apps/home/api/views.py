"""What a member shares, given, narrowed and withdrawn, and its record of acts."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import selectors as assessments
from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.home import selectors
from apps.home.forms import GrantForm, NarrowForm
from apps.members import selectors as members
from apps.members import services

GrantShape = shape(
    "Grant", members.GrantRow, "reader kind purpose areas with_evidence tlp given_at ends_on in_force readings version",
    id="public_id",
)  # fmt: skip
ReadingShape = shape("Reading", members.ReadingRow, "who what at reader")
ActShape = shape("Act", members.ActRow, "seq at who action about hash")
GrantGiven = given_of("GivenGrant", GrantForm)
EXAMPLE = {
    "reader": "member:mjswyylzojwhc2ldmvqq", "purpose": "Mentoring on incident response", "areas": ["RES.1"],
    "with_evidence": False, "tlp": "TLP:AMBER+STRICT", "ends_on": "2026-12-31",
}  # fmt: skip


class NarrowGiven(Given):
    """What stays shared: areas among those of now (`["*"]`: all of them), evidence or not, and an end that is not later."""

    areas = serializers.ListField(child=serializers.CharField(max_length=40), max_length=500)
    with_evidence = serializers.BooleanField()
    ends_on = serializers.DateField()


class Grants(Resource):
    """The agreements of a member to share."""

    access_rule = SIGNED_IN
    kind = "grants"
    paged = True
    proven = ("POST",)

    @speaks(listed(GrantShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, in force or not; `readings` counts how often each was read."""
        return self.rows(members.sharing_page(self.user, member).grants, GrantShape)

    @speaks(GrantShape, takes=GrantGiven, status=201, sent=EXAMPLE)
    def post(self, request: Request, member: str) -> Response:
        """Share the newest result; `reader` is `member:<id>` or `programme:<id>`, `areas` may be `["*"]`."""
        row = members.get_member(self.user, member)
        readers = members.possible_readers(self.user, row)
        areas = selectors.area_choices(assessments.areas_to_share(self.user, row))
        data = self.filled(GrantForm, GrantGiven, readers=readers, areas=areas).cleaned_data

        def act() -> Response:
            made = services.give_grant(actor=self.user, member=row, **data)
            return self.made(grant_row(self.user, member, made.public_id), GrantShape, f"{made.public_id}/")

        return self.once(act)


def grant_row(user: Any, member: str, grant: str) -> members.GrantRow:
    """One agreement of a member that the user is in, also one that has ended. Raises Http404."""
    rows = members.sharing_page(user, member).grants
    for row in rows:
        if row.public_id == grant:
            return row
    raise Http404


class GrantDetail(Resource):
    """One agreement to share."""

    access_rule = SIGNED_IN
    kind = "grants"

    @speaks(GrantShape)
    def get(self, request: Request, member: str, grant: str) -> Response:
        """What it says, with its version."""
        return self._shown(member, grant)

    @speaks(
        GrantShape,
        takes=NarrowGiven,
        sent={"areas": ["RES.1"], "with_evidence": False, "ends_on": "2026-11-30"},
    )
    def put(self, request: Request, member: str, grant: str) -> Response:
        """Let it show less from the next request on; it never shows more."""
        page, given = members.narrow_page(self.user, member, grant), self.read(NarrowGiven)
        names = assessments.areas_to_narrow(self.user, page.grant)
        if given["areas"] == ["*"]:
            given["areas"] = list(names)
        form = NarrowForm({**given, "version": 1}, grant=page.grant, areas=selectors.area_choices(names))
        self.good(form)
        # What the form of an agreement without evidence does not ask is refused by the service, not left out in silence.
        values = form.values | {"with_evidence": given["with_evidence"], "version": self.expected}
        services.narrow_grant(actor=self.user, member=page.member, public_id=grant, **values)
        return self._shown(member, grant)

    def _shown(self, member: str, grant: str) -> Response:
        row = grant_row(self.user, member, grant)
        return self.row(row, GrantShape, version=row.version)


class WithdrawGrant(Resource):
    """Ending an agreement now."""

    access_rule = SIGNED_IN
    kind = "grants"

    @speaks(GrantShape)
    def post(self, request: Request, member: str, grant: str) -> Response:
        """The next request of a reader finds nothing."""
        self.read(Given)
        owner = members.get_member(self.user, member)

        def act() -> Response:
            services.withdraw_grant(actor=self.user, member=owner, public_id=grant)
            return self.row(grant_row(self.user, member, grant), GrantShape)

        return self.once(act)


class Readings(Resource):
    """Who read what is shared."""

    access_rule = SIGNED_IN
    kind = "grants"
    paged = True
    filters = {"person": None, "area": None}

    @speaks(listed(ReadingShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first; `person` is an id, `area` a code that an agreement covers."""
        found = members.readings_part(
            self.user, member, start=self.query.offset, many=self.query.limit, person=self.query["person"],
            area=self.query["area"],
        )  # fmt: skip
        return self.part(found.rows, found.count, ReadingShape)


class RecordSerializer(serializers.Serializer[Any]):
    """One page of the record, the newest acts first."""

    length = serializers.IntegerField(help_text="How many acts there are.")
    head = serializers.CharField(help_text="The hash of the last one.")
    pages = serializers.IntegerField(source="page.paginator.num_pages")
    rows = ActShape(many=True)


class Record(Resource):
    """The record of acts of a member."""

    access_rule = SIGNED_IN
    kind = "members"
    filters = {"page": None}

    @speaks(RecordSerializer)
    def get(self, request: Request, member: str) -> Response:
        """List fifty acts a page, each with its hash."""
        return self.row(members.record_page(self.user, member, self.query["page"]), RecordSerializer)


class RecordFile(Resource):
    """The whole record, for checking it elsewhere."""

    access_rule = SIGNED_IN
    kind = "members"
    only_reads = True
    proven = ("POST",)

    @speaks(OpenApiTypes.OBJECT)
    def post(self, request: Request, member: str) -> Response:
        """Take it (format `belay-record`); that it was taken is on record."""
        self.read(Given)
        row = members.get_member(self.user, member)
        return Response(services.export_record(actor=self.user, member=row))
