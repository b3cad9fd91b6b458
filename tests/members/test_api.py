"""Certified reviewers by programs, for the office of a programme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from apps.members.models import Certification
from tests.assessments.reviewing import reviewer_of
from tests.core.api import Program
from tests.people import Cast

pytestmark = pytest.mark.django_db
UNTIL = (localdate() + timedelta(90)).isoformat()


def place(cast: Cast) -> str:
    return f"programmes/{cast.programme.public_id}/reviewers/"


def test_the_office_certifies_lists_and_ends(cast: Cast) -> None:
    person, office = reviewer_of(cast), Program(cast.manager)
    sent = {"email": person.email, "ends_on": UNTIL}
    made = office.post(place(cast), sent, 201, key="certified-once")
    assert office.post(place(cast), sent, 201, key="certified-once") == made
    assert made["in_force"] and Certification.objects.count() == 1
    assert [row["email"] for row in office.get(place(cast))["results"]] == [person.email]
    assert office.post(f"{place(cast)}{made['id']}/withdraw/")["in_force"] is False
    office.post(f"{place(cast)}{'a' * 20}/withdraw/", status=404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody@example.org"}, "email"),
        ({"email": "x"}, "email"),
        ({"ends_on": "2001-01-01"}, "ends_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"x": 1}, "x"),
    ],
)
def test_a_certification_that_cannot_be_names_its_field(
    cast: Cast, change: dict[str, Any], field: str
) -> None:
    sent = {"email": reviewer_of(cast).email, "ends_on": UNTIL} | change
    assert Program(cast.manager).post(place(cast), sent, 400)["field"] == field
    assert not Certification.objects.exists()


def test_it_needs_the_office_and_a_fresh_proof(cast: Cast) -> None:
    sent = {"email": reviewer_of(cast).email, "ends_on": UNTIL}
    Program(cast.manager, "rounds:write").post(place(cast), sent, 403)
    for stranger in (cast.lead, cast.other_lead, cast.staff):
        Program(stranger).post(place(cast), sent, 404)
        Program(stranger).get(place(cast), 404)
    assert not Certification.objects.exists()
