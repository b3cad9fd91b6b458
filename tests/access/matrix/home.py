"""Who gets what from home, account and help pages."""

import io
from datetime import timedelta

from django.utils.timezone import localdate

from apps.accounts.services import make_token
from apps.courses.models import WorkOffer
from apps.courses.services import save_artefact, work_files
from tests.access.matrix import courses
from tests.people import Cast

EVERYBODY = (200,) * 9
SIGNED = (302, *(200,) * 8)
INSIDE = (302, 404, 200, 200, 200, 404, 404, 404, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
API = (401, 404, 200, 200, 200, 404, 404, 404, 404)
API_LEADS = (401, 404, 403, 403, 200, 404, 404, 404, 404)
# The lead and the respondent have a file beside a piece of work.
WITH_A_FILE = (302, 404, 404, 200, 200, 404, 404, 404, 404)
# Without a token that was made just now.
UNPROVEN = (401, *(403,) * 8)


def prepare(cast: Cast) -> None:
    """Someone of the demonstration to become, and a token of the lead."""
    cast.viewer.is_demo = True
    cast.viewer.save(update_fields=["is_demo"])
    cast.ids["person"] = cast.viewer.public_id
    token, _secret = make_token(
        actor=cast.lead, name="Export", scopes=["members:read"], expires_on=localdate() + timedelta(9)
    )
    cast.ids["token_id"] = token.public_id
    courses.prepare(cast)
    work = save_artefact(
        actor=cast.lead, course=cast.ids["course"], title="Card", text="Whom to call.", expected=0
    )
    offer = WorkOffer.objects.create(
        artefact=work,
        member=cast.agency,
        assessment=cast.ids["assessment"],
        area="GOV.1",
        indicator="GOV.1.1",
        file=work_files.add_work_file(
            actor=cast.lead, course=cast.ids["course"], upload=io.BytesIO(b"Words."), name="card.txt"
        ),
    )
    cast.ids["work_offer"] = offer.public_id


ROWS = [
    ("GET", "home:start", (200, *(302,) * 8)),
    ("GET", "home:home", (302,) * 9),
    ("GET", "home:tour", EVERYBODY),
    ("GET", "home:member", INSIDE),
    ("GET", "home:results", INSIDE),
    ("GET", "home:result", INSIDE),
    ("GET", "home:related", INSIDE),
    ("GET", "home:related_system", INSIDE),
    ("GET", "home:gaps", INSIDE),
    # The lead and the respondent wrote a piece of work; others are led to where it is written.
    ("GET", "home:offer", (302, 302, 302, 200, 200, 302, 302, 302, 302)),
    # No assessment on the shared framework runs here, so there is no question to choose.
    ("POST", "home:offer", (302, 302, 302, 422, 422, 302, 302, 302, 302), {"place": "none"}),
    ("GET", "home:offers", INSIDE),
    ("GET", "home:offer_file", INSIDE),
    ("GET", "courses:work_file", WITH_A_FILE),
    ("POST", "courses:work_file", (302, *(422,) * 8)),
    ("POST", "courses:work_file_remove", (302, 404, 404, 302, 302, 404, 404, 404, 404)),
    ("POST", "courses:work_show", (302, 404, 404, 302, 302, 404, 404, 404, 404), {"shown": "yes"}),
    ("POST", "home:decide_offer", (302, 404, 403, 302, 302, 404, 404, 404, 404), {"act": "decline"}),
    ("GET", "home:sharing", INSIDE),
    ("POST", "home:sharing", (302, 404, 422, 422, 422, 404, 404, 404, 404)),
    ("GET", "home:readings", INSIDE),
    ("GET", "home:narrow_grant", INSIDE),
    (
        "POST",
        "home:narrow_grant",
        (302, 404, 403, 403, 302, 404, 404, 404, 404),
        {"areas": ["GOV.1"], "ends_on": localdate().isoformat(), "version": "1"},
    ),
    ("GET", "home:record", INSIDE),
    ("GET", "home:record_file", (302, *(405,) * 8)),
    ("POST", "home:record_file", (302, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("GET", "home:result_file", INSIDE),
    ("GET", "home:result_oscal", INSIDE),
    ("GET", "home:result_table", INSIDE),
    ("GET", "home:check_result", EVERYBODY),
    ("GET", "home:checking_script", EVERYBODY),
    ("GET", "home:programme", OFFICE),
    ("GET", "home:notifications", SIGNED),
    ("POST", "home:read_notifications", (302,) * 9),
    ("GET", "home:account", SIGNED),
    ("POST", "home:account", (302, *(422,) * 8), {"full_name": ""}),
    ("GET", "home:tokens", SIGNED),
    ("POST", "home:tokens", (302, *(422,) * 8), {"name": ""}),
    ("POST", "home:revoke_token", (302, 404, 404, 404, 302, 404, 404, 404, 404)),
    ("GET", "api-grants", API),
    ("POST", "api-grants", UNPROVEN, {"purpose": "x"}),
    ("GET", "api-grant", API),
    (
        "PUT",
        "api-grant",
        API_LEADS,
        {"areas": ["*"], "with_evidence": False, "ends_on": localdate().isoformat()},
    ),
    ("POST", "api-grant-withdraw", API_LEADS),
    ("GET", "api-readings", API),
    ("GET", "api-record", API),
    ("POST", "api-record-file", UNPROVEN),
    ("GET", "home:help", EVERYBODY),
    ("GET", "home:accessibility", EVERYBODY),
    ("GET", "home:privacy", EVERYBODY),
    # Last: it makes the client somebody else.
    ("POST", "home:enter", (302,) * 9),
]
