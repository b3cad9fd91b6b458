"""Who read what: every reading is counted and can be found, however many there are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import User
from apps.members.models import Grant, GrantReading
from tests.core.api import Program
from tests.factories import share
from tests.people import Cast

pytestmark = pytest.mark.django_db


def read(grant: Grant, who: User, times: int, what: str = "Result") -> None:
    GrantReading.objects.bulk_create(
        GrantReading(grant=grant, user=who, what=f"{what} {n}", at=now() - timedelta(minutes=n)) for n in range(times)
    )  # fmt: skip


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A hundred and twenty readings by a mentor of one area, three by the office of everything."""
    mentored = share(cast.agency, cast.lead, cast.mentor_partner, areas=["RES.1"])
    read(mentored, cast.mentor, 120, "Paper")
    office = Grant.objects.create(
        member=cast.agency, to_programme=cast.programme, purpose="Overview", areas=["GOV.1", "GOV.2"],
        given_by=cast.lead, ends_on=mentored.ends_on,
    )  # fmt: skip
    read(office, cast.manager, 3, "Overview")
    return cast


def page(cast: Cast, query: str = "") -> str:
    client = Client()
    client.force_login(cast.viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("home:readings", args=[cast.agency.public_id])
    return client.get(f"{url}{query}").content.decode()


def test_the_page_says_the_true_number_and_the_last_page_holds_the_oldest(busy: Cast) -> None:
    assert "123 readings of what you share" in page(busy)
    last = page(busy, "?page=3")
    assert "Paper 119" in last and "Paper 1<" not in last and len(re.findall("<tr>", last)) == 24


def test_readings_of_one_person_or_one_area_are_found(busy: Cast) -> None:
    office = page(busy, f"?person={busy.manager.public_id}")
    assert "3 readings, newest first" in office and "Paper" not in office
    area = page(busy, "?area=RES.1&page=2")
    assert "120 readings, newest first" in area and "Overview 0" not in area
    assert "?area=RES.1&amp;page=3" in area


@pytest.mark.parametrize(
    "query", ["?person=nobody", "?area=XX", "?page=x", "?page=-1", "?person=%00&area=%00"]
)
def test_what_is_not_there_is_an_empty_list_or_the_nearest_page(busy: Cast, query: str) -> None:
    assert "123 readings of what you share" in page(busy, query)


def test_nobody_has_read_anything(cast: Cast) -> None:
    assert "Nobody has read anything under an agreement" in page(cast)


def test_sharing_shows_the_newest_and_leads_to_all(busy: Cast) -> None:
    client = Client()
    client.force_login(busy.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get(reverse("home:sharing", args=[busy.agency.public_id])).content.decode()
    assert "See all 123 readings" in shown and shown.count("<li><bdi>") == 10


def test_a_program_gets_every_reading_with_the_true_count(busy: Cast) -> None:
    at, viewer = f"members/{busy.agency.public_id}/readings/", Program(busy.viewer)
    first = viewer.get(f"{at}?limit=100")
    assert first["count"] == 123 and first["next"].endswith("limit=100&offset=100")
    rest = viewer.get(f"{at}?limit=100&offset=100")
    assert len(rest["results"]) == 23 and rest["next"] is None
    whats = [row["what"] for row in first["results"] + rest["results"]]
    assert len(set(whats)) == 123
    assert viewer.get(f"{at}?person={busy.manager.public_id}")["count"] == 3
    assert viewer.get(f"{at}?area=GOV.2")["count"] == 3 and viewer.get(f"{at}?area=ZZ")["count"] == 0
    assert viewer.get(f"{at}?who=x", 400)["code"] == "malformed"
    Program(busy.mentor).get(at, 404)


@pytest.mark.parametrize("many", [1, 3])
def test_one_reading_asks_as_many_queries_as_three(
    cast: Cast, many: int, django_assert_num_queries: Any
) -> None:
    from apps.members.selectors import readings_page

    read(share(cast.agency, cast.lead, cast.mentor_partner), cast.mentor, many)
    with django_assert_num_queries(7):
        readings_page(cast.viewer, cast.agency.public_id)
