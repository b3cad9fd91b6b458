"""Who gets what from the library: everybody everything that is CLEAR; members and offices the rest, each their own."""

from __future__ import annotations

from typing import Any

from apps.resources import services
from apps.resources.models import Resource
from tests.people import Cast

# anonymous, outsider, viewer, respondent, lead, other_lead, mentor, manager, staff
EVERYBODY = (200,) * 9
OWN = (302, 404, 200, 200, 200, 404, 404, 404, 404)
WRITER = (302, 404, 403, 200, 200, 404, 404, 404, 404)
WRITER_422 = (302, 404, 403, 422, 422, 404, 404, 404, 404)
WRITER_DONE = (302, 404, 403, 302, 302, 404, 404, 404, 404)
OWN_422 = (302, 404, 422, 422, 422, 404, 404, 404, 404)
# The office of the programme, and administrators.
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 200)
OFFICE_DONE = (302, 404, 404, 404, 404, 404, 404, 302, 302)


def offer(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Duty list", "kind": "template", "publisher": "National CERT of Veldara", "text": "## Who is on duty",
        "summary": "A list of who is on duty. It fits on a page.", "language": "en", "areas": ["GOV.1"], "low": 0,
        "high": 2, "why": "We use it every week.", "tlp": "TLP:GREEN", **fields,
    }  # fmt: skip


def proposed(cast: Cast) -> dict[str, Any]:
    return offer(programme=cast.programme.public_id)


ROWS = [
    ("GET", "resources:list", EVERYBODY),
    ("GET", "resources:resource", EVERYBODY),
    ("POST", "resources:resource", (405,) * 9),
    ("GET", "resources:markdown", EVERYBODY),
    ("GET", "resources:queue", (302, 403, 403, 403, 200, 200, 403, 200, 200)),
    ("GET", "resources:decide", OFFICE),
    ("POST", "resources:decide", OFFICE_DONE, {"act": "decline", "note": "We have one.", "version": 1}),
    ("GET", "resources:curate", (302, 404, 404, 404, 404, 404, 404, 404, 200)),
    ("POST", "resources:curate", (302, 404, 404, 404, 404, 404, 404, 404, 302), {"act": "keep", "version": 1}),
    ("GET", "resources:ours", OWN),
    ("GET", "resources:propose", WRITER),
    ("POST", "resources:propose", WRITER_DONE, proposed),
    ("POST", "resources:propose", WRITER_422),
    ("GET", "resources:contribution", OWN),
    ("POST", "resources:contribution", (302, 404, 403, 302, 302, 404, 404, 404, 404), lambda cast: offer(version=1)),
    ("POST", "resources:withdraw", WRITER_DONE, {"version": 1}),
    ("GET", "resources:use", WRITER),
    ("POST", "resources:use", WRITER_DONE, {"used_on": "2026-03-02", "stars": 4, "area": "GOV.1", "words": "Good."}),
    ("POST", "resources:use", WRITER_422),
    ("POST", "resources:take_back_use", WRITER_DONE),
    ("GET", "resources:report", OWN),
    ("POST", "resources:report", (302, 404, 302, 302, 302, 404, 404, 404, 404), {"kind": "dead", "words": "Gone."}),
    ("POST", "resources:report", OWN_422),
    ("GET", "api-resources", EVERYBODY),
    ("GET", "api-resource", EVERYBODY),
]  # fmt: skip


def prepare(cast: Cast) -> None:
    """One template, open to everybody, and a proposal of the agency that waits for the office."""
    if "resource" in cast.ids:
        return
    row = Resource.objects.create(
        slug="incident-plan", title="Incident plan", kind="template", publisher="Belay", summary="A page to fill in.",
        text="## Who decides\n\nName the person.", areas=["GOV.1"], levels=[0, 3],
    )  # fmt: skip
    made = services.send_contribution(
        actor=cast.lead, member=cast.agency, programme=cast.programme.public_id, title="Call tree", kind="guide",
        publisher="National CERT of Veldara", url="https://cert.example.org/tree", text="", summary="Whom to call first.",
        when="", language="en", areas=["GOV.1"], levels=[0, 2], why="It saved an hour.", tlp="TLP:GREEN",
    )  # fmt: skip
    cast.ids.update(resource=row.slug, contribution=made.public_id)
