"""Who gets what from exercises: the lead facilitates, the respondent plays, the reader observes."""

from __future__ import annotations

from typing import Any

from tests.exercises.world import running
from tests.people import Cast

# anonymous, outsider, viewer, respondent, lead, other_lead, mentor, manager, staff
SIGNED = (302, 200, 200, 200, 200, 200, 200, 200, 200)
OWN = (302, 404, 200, 200, 200, 404, 404, 404, 404)
OWN_DONE = (302, 404, 302, 302, 302, 404, 404, 404, 404)
LEAD = (302, 404, 403, 403, 200, 404, 404, 404, 404)
LEAD_422 = (302, 404, 403, 403, 422, 404, 404, 404, 404)
LEAD_DONE = (302, 404, 403, 403, 302, 404, 404, 404, 404)


def prepare(cast: Cast) -> None:
    """A run that is being played."""
    run = running(cast)
    cast.ids.update(kit=run.kit.slug, exercise=run.public_id)


def cast_data(cast: Cast) -> dict[str, Any]:
    return {"person": cast.respondent.public_id, "roles": ["IT", "COM"]}


ROWS = [
    ("GET", "exercises:library", SIGNED),
    ("GET", "exercises:kit", SIGNED),
    ("GET", "exercises:handout", SIGNED),
    ("GET", "exercises:runs", OWN),
    ("GET", "exercises:new", LEAD),
    ("POST", "exercises:new", LEAD_422),
    ("GET", "exercises:run", OWN),
    ("GET", "exercises:change", LEAD),
    ("POST", "exercises:change", LEAD_422),
    ("POST", "exercises:cancel", LEAD_DONE, {"reason": "Too many are ill."}),
    ("GET", "exercises:people", LEAD),
    ("POST", "exercises:people", LEAD_422),
    ("POST", "exercises:people", LEAD_DONE, cast_data),
    ("POST", "exercises:reply", OWN_DONE, {"comes": "yes"}),
]
