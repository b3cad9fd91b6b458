"""Who gets what from cohorts: those who hold them, their trainers, and each learner's own page."""

from __future__ import annotations

from typing import Any

from tests.access.matrix import courses
from tests.courses.groups import bring, invite, make_cohort
from tests.people import Cast

# The manager holds the cohort, the mentor trains it, the respondent learns in it, the outsider is invited.
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
RUN = (302, 404, 404, 403, 404, 404, 200, 200, 404)
RUN_ACT = (302, 404, 404, 403, 404, 404, 302, 302, 404)
LIST = {"text": "a@example.org"}

ROWS = [
    ("GET", "courses:cohorts", courses.SIGNED_IN),
    ("GET", "courses:programme_cohorts", OFFICE),
    ("POST", "courses:programme_cohorts", (302, 404, 404, 404, 404, 404, 404, 422, 404)),
    ("GET", "courses:member_cohorts", (302, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("POST", "courses:member_cohorts", (302, 404, 403, 403, 422, 404, 404, 404, 404)),
    ("GET", "courses:cohort", (302, 404, 404, 200, 404, 404, 200, 200, 404)),
    ("GET", "courses:cohort_edit", (302, 404, 404, 403, 404, 404, 403, 200, 404)),
    ("POST", "courses:cohort_edit", (302, 404, 404, 403, 404, 404, 403, 422, 404)),
    ("GET", "courses:cohort_invite", RUN),
    ("POST", "courses:cohort_invite", RUN, LIST),
    ("POST", "courses:cohort_nudge", RUN_ACT),
    ("POST", "courses:cohort_leave", (302, 404, 404, 302, 404, 404, 302, 404, 404)),
    ("POST", "courses:cohort_remove", (302, 404, 404, 403, 404, 404, 403, 302, 404)),
    ("POST", "courses:cohort_uninvite", RUN_ACT),
    ("GET", "courses:cohort_invitation", courses.EVERYBODY),
    # To whoever was not invited the refusal is said with 400.
    ("POST", "courses:cohort_join", (302, 302, 400, 400, 400, 400, 400, 400, 400)),
    ("GET", "courses:gradebook", RUN),
    ("GET", "courses:gradebook_file", RUN),
    ("GET", "courses:cohort_report", RUN),
    ("GET", "courses:cohort_report_file", RUN),
    ("GET", "courses:opinion", courses.SIGNED_IN),
    ("POST", "courses:opinion", courses.GO_ON, {"useful": "yes", "clear": "partly", "text": "Shorter."}),
]


def prepare(cast: Cast) -> None:
    """A cohort of the programme with a trainer, a learner, and one more who is invited."""
    if "cohort" in cast.ids:
        return
    courses.prepare(cast)
    cast.ids |= cohort_ids(cast, cast.ids["course"])


def cohort_ids(cast: Cast, course: str) -> dict[str, Any]:
    cohort = make_cohort(cast.manager, course, programme=cast.programme)
    bring(cohort, cast.manager, cast.mentor, "trainer")
    learner = bring(cohort, cast.manager, cast.respondent)
    invite(cohort, cast.manager, cast.outsider.email)
    return {
        "ending": "csv", "cohort": cohort.public_id, "cohort_person": learner.public_id,
        "cohort_invitation": cohort.invitations.get(email=cast.outsider.email).public_id,
    }  # fmt: skip
