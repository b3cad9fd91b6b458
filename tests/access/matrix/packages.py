"""Packages: everybody with an account plays them, managers and staff keep them; this one is for everybody, so staff's."""

from __future__ import annotations

import io

from apps.courses.services import packages
from tests.access.matrix import courses
from tests.courses.scorm import package
from tests.people import Cast

SIGNED_IN = (302,) + (200,) * 8
KEEPERS = (302, *(403,) * 6, 200, 200)
# The lead is a named author of the course (see the rows of writing).
TAKERS = (302, 403, 403, 403, 200, 403, 403, 200, 200)
# The session is the lead's own.
OWN = (302, 404, 404, 404, 200, 404, 404, 404, 404)

ROWS = [
    ("GET", "courses:packages", SIGNED_IN),
    ("GET", "courses:package_bring", KEEPERS),
    ("POST", "courses:package_bring", (302, *(403,) * 6, 422, 422), {}),
    ("GET", "courses:package", SIGNED_IN),
    ("GET", "courses:package_renew", (302, *(403,) * 7, 200)),
    ("POST", "courses:package_renew", (302, *(403,) * 7, 422), {}),
    ("POST", "courses:package_withdraw", (302, *(403,) * 7, 302)),
    ("GET", "courses:package_play", SIGNED_IN),
    ("POST", "courses:package_begin", SIGNED_IN),
    ("POST", "courses:package_save", OWN, {"launch": "1", "seq": "1", "cmi": "{}"}),
    ("GET", "courses:scorm", TAKERS),
    ("GET", "courses:scorm_file", TAKERS),
]


def prepare(cast: Cast) -> None:
    """A package for everybody, which the lead has opened; the course of the other rows."""
    courses.prepare(cast)
    made = packages.bring_package(
        actor=cast.staff, content=io.BytesIO(package()), name="golf.zip", programme="", title="", summary="", language="en",
        tells_name=False,
    )  # fmt: skip
    session = packages.begin_session(actor=cast.lead, package=made.package.public_id, part=1)
    cast.ids |= {"package": made.package.public_id, "package_part": 1, "package_attempt": session.attempt}
