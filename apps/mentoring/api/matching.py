"""Matching rounds for the office of a programme: the board, the pairs, the shortlists, what the solver was given and said."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.mentoring import selectors
from apps.mentoring.api.invitations import FactorShape
from apps.mentoring.choices import Language
from apps.mentoring.selectors import board_rows, certificate, options, shortlists
from apps.mentoring.selectors.board_parts import Recruit

RoundShape = shape(
    "MatchingRound", board_rows.RoundRow, "name state opened_at published_at proposals accepted between", id="public_id"
)  # fmt: skip
CertificateShape = shape(
    "MatchingCertificate", certificate.Certificate,
    "value bound gap proved input_hash solver solver_version method worst_off total best_total solved_at fairness",
)  # fmt: skip
BoardShape = shape(
    "MatchingBoard", board_rows.BoardPage,
    "name state version headline two_stage requests total open accepted decided stale full_mentors reply_by", id="public_id",
    certificate=CertificateShape,
    unmatched=shape(
        "Unmatched", options.UnmatchedRow, "member area_name now_level wanted_level cause options", need="need_id"
    ),
    unready=shape("Unready", board_rows.UnreadyRow, "member area_name missing"),
    capacity=shape("Capacity", board_rows.CapacityRow, "mentor area_name places taken full"),
    recruits=shape("Recruit", Recruit, "who gain"),
)  # fmt: skip
ProposalShape = shape(
    "Proposal", board_rows.ProposalRow,
    "member area area_name now_level wanted_level mentor places taken score why warnings decision pinned reply_state "
    "member_reply mentor_reply reply_by declined_because languages version",
    id="public_id", need="need_id", factors=FactorShape,
)  # fmt: skip
ShortlistShape = shape(
    "Shortlist", shortlists.ListRow, "member area_name now_level wanted_level",
    listed=shape("ShortlistedMentor", shortlists.ListedRow, "mentor score layer why removed version", id="public_id"),
)  # fmt: skip


class MatchingRounds(Resource):
    """The matching rounds of a programme whose office the caller belongs to."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True

    @speaks(listed(RoundShape))
    def get(self, request: Request, programme: str) -> Response:
        """List them, the newest first; `between` are pairs proposed between two rounds."""
        page = selectors.rounds_page(self.user, programme)
        rows = sorted([*page.rows, *page.between], key=lambda row: row.opened_at, reverse=True)
        return self.rows(rows, RoundShape)


class MatchingRound(Resource):
    """One matching round."""

    access_rule = SIGNED_IN
    kind = "rounds"

    @speaks(BoardShape)
    def get(self, request: Request, programme: str, round: str) -> Response:  # noqa: A002 - the keyword of the address
        """Where it stands, who is left over and why, which mentor to recruit next, and the proof of its answer."""
        page = selectors.board_page(self.user, programme, round, {})
        return self.row(page, BoardShape, version=page.version)


class Proposals(Resource):
    """The proposed pairs of a matching round."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True
    filters = {
        "show": ("open", "accepted", "aside"),
        "area": None,
        "language": tuple(Language.values),
    }

    @speaks(listed(ProposalShape))
    def get(self, request: Request, programme: str, round: str) -> Response:  # noqa: A002
        """Open ones first, then the best fit; the points of the factors sum to the score."""
        filters = {name: self.query[name] for name in self.filters}
        return self.rows(selectors.board_page(self.user, programme, round, filters).rows, ProposalShape)


class RoundDocument(Resource):
    """What the solver was given (`problem`) or said (`answer`)."""

    access_rule = SIGNED_IN
    kind = "rounds"

    @speaks(bytes)
    def get(self, request: Request, programme: str, round: str, kept: str) -> HttpResponseBase:  # noqa: A002
        """Canonical JSON with ids only; the SHA-256 of the problem is the input hash of the certificate."""
        text, name = selectors.export_of(self.user, programme, round, kept)
        return HttpResponse(
            text,
            content_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )


class Shortlists(Resource):
    """The shortlists of a matching round in two stages."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True

    @speaks(listed(ShortlistShape))
    def get(self, request: Request, programme: str, round: str) -> Response:  # noqa: A002
        """Up to three mentors for each request, the weakest first. What was said in calls stays on the page of the office."""
        return self.rows(selectors.shortlists_page(self.user, programme, round).rows, ShortlistShape)
