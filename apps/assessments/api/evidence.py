"""Evidence: the register of an assessment, adding, changing, replacing, attaching and detaching, and the files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.assessments import services
from apps.assessments.api.answers import AtQuestion
from apps.assessments.forms import EvidenceForm, PieceForm, ReplaceForm
from apps.assessments.selectors.evidence import SHOWN, LinkRow, PieceRow, piece_page, register_page
from apps.assessments.selectors.places import evidence_for, piece_for, place_of_code
from apps.core.access import SIGNED_IN
from apps.core.api_faults import TooLarge
from apps.core.api_reading import StrictJson
from apps.core.api_schema import speaks
from apps.core.downloads import send_file
from apps.core.errors import Stale
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape

REST_OF_THE_FORM = 2 * 1024 * 1024
LinkShape = shape("EvidenceLink", LinkRow, "code area name grade accepted_by")
PieceShape = shape(
    "Evidence", PieceRow, "grade expired old undated", links=LinkShape,
    **{name: serializers.CharField(source=f"row.{name}", read_only=True) for name in ("kind", "title", "shows", "owner", "place", "url", "state", "tlp", "added_by")},
    id=serializers.CharField(source="row.public_id", read_only=True),
    dated=serializers.DateField(source="row.dated", read_only=True, allow_null=True),
    expires_on=serializers.DateField(source="row.expires_on", read_only=True, allow_null=True),
    size=serializers.IntegerField(source="row.size", read_only=True),
    can_be_opened=serializers.BooleanField(source="row.can_be_opened", read_only=True),
    added_at=serializers.DateTimeField(source="row.added_at", read_only=True),
)  # fmt: skip
EvidenceGiven = given_of("GivenEvidence", EvidenceForm)
PieceGiven = given_of("GivenPiece", PieceForm, optional="url")
NewerGiven = given_of("NewerFile", ReplaceForm)


class MadeSerializer(serializers.Serializer[Any]):
    """The id of something new."""

    id = serializers.CharField()


class TakesFiles(Resource):
    """Reads a file with its form; what says itself that it is longer than any file may be is not read at all."""

    kind = "evidence"
    parser_classes = [StrictJson, MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises `TooLarge` before anything of the body is read."""
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if not sent.isdecimal() or int(sent) > settings.EVIDENCE_MAX_BYTES + REST_OF_THE_FORM:
            limit = {"limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
            raise TooLarge(
                _("The file is larger than %(limit)s. It was not taken, and nothing else was changed.")
                % limit
            )
        super().initial(request, *args, **kwargs)

    def uploaded(self, form: Any, given: type[Given]) -> Any:
        """The form filled in with fields and file. Raises `ValidationError`."""
        data = self.read(given)
        file = data.pop("file", None)
        made = form(data, {"file": file} if file is not None else {})
        self.good(made)
        return made


class Evidence(Resource):
    """The evidence of an assessment."""

    access_rule = SIGNED_IN
    kind = "evidence"
    paged = True
    filters = {"show": SHOWN}

    @speaks(listed(PieceShape))
    def get(self, request: Request, member: str, assessment: str) -> Response:
        """List it, the newest first."""
        page = register_page(self.user, member, assessment, shown=self.query["show"])
        return self.rows(page.pieces, PieceShape)


class AddEvidence(TakesFiles):
    """Adding a piece of evidence to a question."""

    access_rule = SIGNED_IN

    @speaks(
        MadeSerializer, takes=EvidenceGiven, status=201, example={"id": "mv3gszdfnzrwkmjsgm2d"},
        sent={"kind": "link", "title": "The decree", "url": "https://gov.example.org/decree", "dated": "2026-05-02"},
    )  # fmt: skip
    def post(self, request: Request, member: str, assessment: str, indicator: str) -> Response:
        """Send JSON for a link or a description, `multipart/form-data` with `file` for a file."""
        place = place_of_code(self.user, member, assessment, indicator)
        form = self.uploaded(EvidenceForm, EvidenceGiven)
        made = services.add_evidence(actor=self.user, place=place, item=form.given, idempotency=self.key)
        at = request.build_absolute_uri(f"/api/v1/members/{member}/assessments/{assessment}/evidence/{made}/")
        return Response({"id": made}, status=201, headers={"Location": at})


def piece_shown(view: Resource, member: str, assessment: str, evidence: str) -> Response:
    """A piece as it stands, with its version."""
    page = piece_page(view.user, member, assessment, evidence)
    return view.row(page.piece, PieceShape, version=page.evidence.version)


class Piece(Resource):
    """One piece of evidence."""

    access_rule = SIGNED_IN
    kind = "evidence"

    @speaks(PieceShape)
    def get(self, request: Request, member: str, assessment: str, evidence: str) -> Response:
        """What it is and what it supports."""
        return piece_shown(self, member, assessment, evidence)

    @speaks(PieceShape, takes=PieceGiven)
    def put(self, request: Request, member: str, assessment: str, evidence: str) -> Response:
        """Mend its words and days; a changed date or address ends acceptance and agreement."""
        page = piece_page(self.user, member, assessment, evidence)
        given = self.read(PieceGiven)
        form = PieceForm(
            {"url": page.evidence.url, **given, "version": self.expected}, kind=page.evidence.kind
        )
        self.good(form)
        services.change_evidence(
            actor=self.user, evidence=page.evidence, expected=self.expected, changes=form.changes
        )
        return piece_shown(self, member, assessment, evidence)


class PieceFile(TakesFiles):
    """The file of a piece."""

    access_rule = SIGNED_IN
    matched = ("POST",)
    keyed = False

    @speaks(bytes)
    def get(self, request: Request, member: str, assessment: str, evidence: str) -> HttpResponseBase:
        """Download it; the reading is on record."""
        _row, piece = piece_for(self.user, member, assessment, evidence)
        return opened(services.read_evidence(actor=self.user, evidence=piece))

    @speaks(PieceShape, takes=NewerGiven)
    def post(self, request: Request, member: str, assessment: str, evidence: str) -> Response:
        """Put a newer file in the place of the old one; acceptance and agreement end."""
        page = piece_page(self.user, member, assessment, evidence)
        form = self.uploaded(ReplaceForm, NewerGiven)
        if page.evidence.version != self.expected:
            raise Stale(_("Someone else saved this while you were writing."))
        services.replace_file(actor=self.user, evidence=page.evidence, item=form.given)
        return piece_shown(self, member, assessment, evidence)


def opened(file: services.Opened) -> HttpResponseBase:
    """A file that somebody may read, to be saved."""
    row = file.evidence
    return send_file(file.parts, title=row.title, content_type=row.content_type, size=row.size)


class AtGiven(Given):
    """The question by its code."""

    indicator = serializers.CharField(max_length=40)


class Attach(Resource):
    """Letting a piece support a further question."""

    access_rule = SIGNED_IN
    kind = "evidence"

    @speaks(takes=AtGiven, sent={"indicator": "GOV.1.2"})
    def post(self, request: Request, member: str, assessment: str, evidence: str) -> Response:
        """Attach it; a second time changes nothing."""
        _row, piece = piece_for(self.user, member, assessment, evidence)
        place = place_of_code(self.user, member, assessment, self.read(AtGiven)["indicator"])

        def act() -> Response:
            services.attach_evidence(actor=self.user, place=place, evidence=piece)
            return self.done(attached=place.indicator.code)

        return self.once(act)


class Detach(AtQuestion):
    """Taking a piece away from a question; away from its last one it is removed."""

    access_rule = SIGNED_IN
    kind = "evidence"

    @speaks(takes=AtGiven, sent={"indicator": "GOV.1.2"})
    def post(self, request: Request, member: str, assessment: str, evidence: str) -> Response:
        """Detach it. A removed piece stays on record, its file is destroyed."""
        place = self.place(member, assessment, self.read(AtGiven)["indicator"])

        def act() -> Response:
            row = evidence_for(self.user, place, evidence)
            removed = services.remove_evidence(actor=self.user, place=place, evidence=row)
            return self.done(detached=place.indicator.code, removed=removed)

        return self.once(act)


class Release(Resource):
    """Letting colleagues open a file that the scanner cannot look into."""

    access_rule = SIGNED_IN
    kind = "evidence"

    @speaks()
    def post(self, request: Request, member: str, assessment: str, evidence: str) -> Response:
        """The lead's decision, shown to every reader."""
        self.read(Given)
        _row, piece = piece_for(self.user, member, assessment, evidence)

        def act() -> Response:
            services.release_evidence(actor=self.user, evidence=piece)
            return self.done(released=True)

        return self.once(act)
