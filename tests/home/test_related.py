"""Answer once: what one result says about outside systems, to whoever may read it and no further."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.frameworks.services import load_framework
from apps.members.models import GrantReading
from tests.assessments.flow import submitted
from tests.factories import share
from tests.frameworks.documents import as_text, small_document
from tests.people import Cast, make_cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CROSSWALK = {"GOV.1.1": ["A-1"], "GOV.1.2": ["A-1", "A-2"], "GOV.2.1": ["B-1"], "RES.1.1": ["C-1"]}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def place(cast: Cast) -> str:
    """The address of the page for a result: GOV.1.1 at 2, GOV.1.2 at 1, GOV.2.1 unknown, the rest unanswered."""
    document = small_document()
    for row in document["indicators"]:
        if row["id"] in CROSSWALK:
            row["crosswalk"] = {"XY": CROSSWALK[row["id"]]}
    document["crosswalks"] = [{"id": "XY", "name": "The XY model", "items": {"A-1": "First", "D-1": "Last"}}]
    document["profiles"][0]["targets"] = {"default": 1}
    version = load_framework(actor=None, text=as_text(document))
    assessment = submitted(cast, "2", "1", "unknown", version=version)
    return f"/o/{cast.agency.public_id}/assessments/{assessment.public_id}/related/"


def page_for(client: Client, user: Any, address: str, status: int = 200) -> str:
    client.force_login(user, backend=BACKEND)
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_page_counts_what_the_answers_are_related_to(client: Client, cast: Cast, place: str) -> None:
    page = page_for(client, cast.lead, f"{place}XY/")
    assert "of 4 related items of <bdi>The XY model</bdi>" in page
    assert "Related, not equivalent" in page
    assert "First" in page
    assert "D-1" not in page
    assert page.count("GOV.1.2") == 4
    assert "The XY model" in page_for(client, cast.viewer, place)
    page_for(client, cast.lead, f"{place}NONE/", 404)


def test_result_page_leads_there(client: Client, cast: Cast, place: str) -> None:
    assessment = place.split("/")[4]
    page = page_for(client, cast.lead, f"/o/{cast.agency.public_id}/results/{assessment}/")
    assert f'href="{place}"' in page


def test_strangers_find_nothing(client: Client, cast: Cast, place: str) -> None:
    for user in (cast.outsider, cast.other_lead, cast.manager, cast.staff, cast.mentor):
        page_for(client, user, f"{place}XY/", 404)


def test_grant_shows_its_areas_only_and_the_reading_is_on_record(
    client: Client, cast: Cast, place: str
) -> None:
    share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"])
    page = page_for(client, cast.mentor, f"{place}XY/")
    assert "of 2 related items of <bdi>The XY model</bdi>" in page
    assert "GOV.2.1" not in page
    assert "B-1" not in page
    assert GrantReading.objects.filter(user=cast.mentor).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_however_much_is_related(
    client: Client, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    document = small_document()
    for row in document["indicators"][:count]:
        row["crosswalk"] = {f"S{n}": ["1", "2"] for n in range(count)}
    version = load_framework(actor=None, text=as_text(document))
    assessment = submitted(cast, "2", version=version)
    address = f"/o/{cast.agency.public_id}/assessments/{assessment.public_id}/related/"
    page_for(client, cast.lead, address)
    with django_assert_num_queries(9):
        client.get(address)
