"""Invitations of a member, answered by it, and the calls of a round in two stages: one side reads and writes its own only."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.members.selectors import get_member
from apps.mentoring import selectors, services
from apps.mentoring.forms import DeclineForm
from apps.mentoring.forms.shortlists import CallForm
from apps.mentoring.selectors import calls, invitations
from apps.mentoring.selectors.words import FactorRow

STATES = ("open", "answered", "declined", "withdrawn", "over", "full", "started")
FactorShape = shape("Factor", FactorRow, "label text points")
LineShape = shape(
    "InvitationLine", invitations.InvitationRow, "other area_name reply_by state engagement", id="public_id"
)
InvitationShape = shape(
    "Invitation", invitations.InvitationPage,
    "for_mentor learner mentor area area_name now_level wanted_level note indicators why score hours_per_month "
    "hours_wanted pays mode_label languages reply_by state engagement can_reply refusal",
    id="public_id", factors=FactorShape,
)  # fmt: skip
CallShape = shape(
    "Call", calls.CallRow,
    "programme other area_name for_mentor now_level wanted_level note why score held_on stars words is_open can_note",
    id="public_id",
)  # fmt: skip
DeclineGiven = given_of("GivenRefusal", DeclineForm)
CallGiven = given_of("GivenCall", CallForm)


class Invitations(Resource):
    """The invitations of a member that the caller belongs to, as learner or as mentor."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True
    filters = {"state": STATES}

    @speaks(listed(LineShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first; `state` *open* waits for an answer of this member."""
        rows = invitations.invitations_of(self.user, get_member(self.user, member))
        return self.rows([r for r in rows if self.query["state"] in ("", r.state)], LineShape)


class OneInvitation(Resource):
    """Something about one invitation."""

    kind = "mentoring"

    def shown(self, member: str, proposal: str) -> Response:
        """The invitation as this side sees it."""
        return self.row(selectors.invitation_page(self.user, member, proposal), InvitationShape)


class Invitation(OneInvitation):
    """One invitation."""

    access_rule = SIGNED_IN

    @speaks(InvitationShape)
    def get(self, request: Request, member: str, proposal: str) -> Response:
        """Who, what, why this pair, and until when to answer."""
        return self.shown(member, proposal)


class AcceptInvitation(OneInvitation):
    """Saying yes."""

    access_rule = SIGNED_IN
    proven = ("POST",)

    @speaks(InvitationShape)
    def post(self, request: Request, member: str, proposal: str) -> Response:
        """The second yes starts the engagement; 409 when the time is over or the last place has gone."""
        self.read(Given)
        own = get_member(self.user, member)
        selectors.invitation_page(self.user, member, proposal)

        def act() -> Response:
            services.accept_invitation(actor=self.user, member=own, public_id=proposal)
            return self.shown(member, proposal)

        return self.once(act)


class DeclineInvitation(OneInvitation):
    """Saying no."""

    access_rule = SIGNED_IN

    @speaks(InvitationShape, takes=DeclineGiven, sent={"reason": "no_time"})
    def post(self, request: Request, member: str, proposal: str) -> Response:
        """With a reason; the request waits for the next round. 409 when the time is over."""
        own = get_member(self.user, member)
        selectors.invitation_page(self.user, member, proposal)
        reason = self.filled(DeclineForm, DeclineGiven).cleaned_data["reason"]

        def act() -> Response:
            services.decline_invitation(actor=self.user, member=own, public_id=proposal, reason=reason)
            return self.shown(member, proposal)

        return self.once(act)


class Calls(Resource):
    """The shortlists that a member is on; its leads and mentors read them, with their own notes and nobody else's."""

    access_rule = SIGNED_IN
    kind = "mentoring"
    paged = True

    @speaks(listed(CallShape))
    def get(self, request: Request, member: str) -> Response:
        """Whom to call, and what this side noted."""
        return self.rows(selectors.calls_page(self.user, member).rows, CallShape)


class Call(Resource):
    """One call of a shortlist."""

    access_rule = SIGNED_IN
    kind = "mentoring"

    @speaks(CallShape)
    def get(self, request: Request, member: str, shortlisted: str) -> Response:
        """Whom to call, and what this side noted."""
        _own, row, _initial = selectors.call_page(self.user, member, shortlisted)
        return self.row(row, CallShape)

    @speaks(
        CallShape, takes=CallGiven, sent={"held_on": "2027-02-03", "stars": "4", "words": "They know ports."}
    )
    def post(self, request: Request, member: str, shortlisted: str) -> Response:
        """Note that it was held, in confidence: the managers read the words, the other side never. Again replaces."""
        own, _row, _initial = selectors.call_page(self.user, member, shortlisted)
        form = self.filled(CallForm, CallGiven)

        def act() -> Response:
            services.note_call(actor=self.user, member=own, public_id=shortlisted, **form.cleaned_data)
            _own, row, _initial = selectors.call_page(self.user, member, shortlisted)
            return self.row(row, CallShape)

        return self.once(act)
