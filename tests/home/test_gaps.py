"""What a member's result asks its people to learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.frameworks.models import Framework, FrameworkVersion
from apps.frameworks.selectors import SHARED
from apps.home import selectors
from apps.resources.models import Resource
from tests.assessments.flow import submitted
from tests.courses.small import small_course
from tests.factories import small_version
from tests.people import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Counter = Callable[[int], Any]


def shared() -> FrameworkVersion:
    """The small framework as the shared one."""
    version = small_version()
    Framework.objects.filter(pk=version.framework_id).update(slug=SHARED)
    return version


def page_of(client: Client, user: Any, cast: Cast, status: int = 200) -> str:
    client.force_login(user, backend=BACKEND)
    response = client.get(f"/o/{cast.agency.public_id}/learning/")
    assert response.status_code == status
    return response.content.decode()


def test_areas_under_target_lead_to_their_courses(client: Client, cast: Cast) -> None:
    assert "No result yet to learn from" in page_of(client, cast.viewer, cast)
    small_course("C1")
    submitted(cast, "1", "1", "1", "1", "1", version=shared())
    page = page_of(client, cast.viewer, cast)
    assert "A course helps with 1 of 3 areas under target" in page
    assert "Doors C1" in page
    assert "No course for this area yet" in page
    page_of(client, cast.other_lead, cast, 404)


def test_catalogue_leads_there_from_the_open_member(client: Client, cast: Cast) -> None:
    small_course("C1")
    page_of(client, cast.viewer, cast)
    assert f"/o/{cast.agency.public_id}/learning/" in client.get("/learn/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_gaps_ask_the_same_for_one_and_three(
    cast: Cast, count: int, django_assert_num_queries: Counter
) -> None:
    submitted(cast, "1", "1", "1", "1", "1", version=shared())
    for n in range(count):
        small_course(f"C{n + 1}")
    with django_assert_num_queries(7):
        page = selectors.gaps_page(cast.viewer, cast.agency.public_id)
    assert len(page.gaps[0].courses) == count


def test_resources_stand_at_each_gap_with_their_language(client: Client, cast: Cast) -> None:
    cast.agency.languages = ["fr"]
    cast.agency.save(update_fields=["languages"])
    submitted(cast, "1", "1", "1", "1", "1", version=shared())
    said = {"kind": "guide", "publisher": "Someone", "summary": "It helps.", "url": "https://example.org/"}
    for slug, more in (
        ("premiers-pas", {"language": "fr", "levels": [1, 3]}),
        ("first-steps", {"levels": [1, 3]}),
        ("for-the-strong", {"levels": [3, 5]}),
        ("fourth", {"levels": [4, 5]}),
    ):
        Resource.objects.create(slug=slug, title=slug, areas=["GOV.1"], **said, **more)
    page = page_of(client, cast.viewer, cast)
    places = [page.index(f"/resources/{slug}/") for slug in ("first-steps", "premiers-pas", "for-the-strong")]
    assert places == sorted(places)
    assert "(Guide, only in <bdi>Français</bdi>)" in page
    assert "/resources/fourth/" not in page, "three at the most"
