"""Who gets what from the pages about members."""

from datetime import timedelta

from django.utils.timezone import localdate, now

from apps.members.models import Certification, Grant, Invitation, Membership
from apps.members.selectors import hash_token
from tests.people import Cast


def prepare(cast: Cast) -> None:
    """An open invitation, a membership to change, a grant."""
    token = "a-token-of-the-matrix"
    invitation = Invitation.objects.create(
        member=cast.agency, email="new@example.org", role="viewer", token_hash=hash_token(token), invited_by=cast.lead,
        expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    grant = Grant.objects.create(
        member=cast.agency,
        to_programme=cast.programme,
        purpose="x",
        given_by=cast.lead,
        ends_on=localdate() + timedelta(days=9),
    )
    certification = Certification.objects.create(
        programme=cast.programme,
        user=cast.lead,
        given_by=cast.manager,
        ends_on=localdate() + timedelta(days=9),
    )
    viewer = Membership.objects.get(member=cast.agency, user=cast.viewer)
    cast.ids |= {
        "token": token,
        "invitation": invitation.public_id,
        "membership": viewer.public_id,
        "grant": grant.public_id,
        "certification": certification.public_id,
    }


#                               anon outs view resp lead othr ment mana staf
SIGNED = (302, 200, 200, 200, 200, 200, 200, 200, 200)
INSIDE = (302, 404, 200, 200, 200, 404, 404, 404, 404)
LEADS = (302, 404, 403, 403, 302, 404, 404, 404, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
ROWS = [
    ("GET", "api-certified", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("POST", "api-certified", (401, *(403,) * 8)),
    ("POST", "api-certification-end", (401, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("GET", "api-programmes", (401, 200, 200, 200, 200, 200, 200, 200, 200)),
    ("GET", "api-members", (401, 200, 200, 200, 200, 200, 200, 200, 200)),
    ("GET", "members:new", SIGNED),
    ("POST", "members:new", (302, 422, 422, 422, 422, 422, 422, 422, 422)),
    ("GET", "members:team", INSIDE),
    ("POST", "members:invite", LEADS, {"email": "third@example.org", "role": "viewer"}),
    ("POST", "members:withdraw_invitation", LEADS),
    ("POST", "members:role", LEADS, {"role": "respondent", "version": 1}),
    ("POST", "members:remove", (302, 404, 302, 403, 302, 404, 404, 404, 404)),
    ("POST", "members:withdraw_grant", LEADS),
    ("GET", "members:certified", OFFICE),
    ("POST", "members:certified", (302, 404, 404, 404, 404, 404, 404, 422, 404)),
    ("POST", "members:withdraw_certification", (302, 404, 404, 404, 404, 404, 404, 302, 404)),
    ("POST", "members:join", LEADS, {"shares_levels": "on"}),
    ("POST", "members:picture", LEADS, {"counts": "on"}),
    ("POST", "members:leave", LEADS),
    ("GET", "members:participants", (302, 404, 404, 404, 404, 404, 404, 200, 404)),
    ("GET", "members:invitation", (200,) * 9),
    ("POST", "members:accept", (302, 400, 400, 400, 400, 400, 400, 400, 400)),
]
