"""The workspace in the shell stays open on pages whose address names none."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import join
from tests.people import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def entered(cast: Cast, person: str) -> Client:
    client = Client()
    client.force_login(cast.people[person], backend=BACKEND)
    return client


def workspace(client: Client, path: str) -> str:
    """The name that the workspace switch shows on a page."""
    page = client.get(path).content.decode()
    found = re.search(r'<bdi class="clip">(.*?)</bdi>', page)
    assert found, path
    return found[1]


@pytest.mark.parametrize("path", ["/framework/", "/learn/", "/me/account/", "/me/notifications/", "/help/"])
def test_pages_without_a_member_keep_the_workspace_last_visited(cast: Cast, path: str) -> None:
    join(cast.other, cast.lead, "viewer")
    client = entered(cast, "lead")
    assert workspace(client, path) == "My learning"
    for member in (cast.agency, cast.other):
        workspace(client, f"/o/{member.public_id}/")
        assert workspace(client, path) == member.name


def test_my_learning_leaves_the_workspace(cast: Cast) -> None:
    client = entered(cast, "lead")
    workspace(client, f"/o/{cast.agency.public_id}/")
    assert workspace(client, "/me/learning/") == cast.agency.name
    assert 'href="/me/learning/?workspace=learning"' in client.get("/help/").content.decode()
    assert workspace(client, "/me/learning/?workspace=learning") == "My learning"
    assert workspace(client, "/learn/") == "My learning"


def test_pages_of_an_offer_belong_to_the_mentor_partner(cast: Cast) -> None:
    from tests.factories import small_version

    small_version()
    client = entered(cast, "mentor")
    path = f"/o/{cast.mentor_partner.public_id}/offers/new/GOV.1/"
    assert workspace(client, path) == cast.mentor_partner.name


def test_a_workspace_that_one_left_is_forgotten(cast: Cast) -> None:
    client = entered(cast, "viewer")
    workspace(client, f"/o/{cast.agency.public_id}/")
    cast.viewer.memberships.all().delete()
    assert workspace(client, "/help/") == "My learning"
    assert client.get(f"/o/{cast.agency.public_id}/").status_code == 404


def test_the_office_keeps_its_workspace_on_personal_pages(cast: Cast) -> None:
    client = entered(cast, "manager")
    workspace(client, f"/p/{cast.programme.public_id}/members/")
    assert workspace(client, "/me/notifications/") == cast.programme.name


def test_my_list_is_one_step_away_from_every_page_for_people_of_a_member(cast: Cast) -> None:
    for person, offered in (("lead", True), ("viewer", True), ("manager", False), ("outsider", False)):
        client = entered(cast, person)
        for path in ("/help/", "/learn/", "/me/account/"):
            page = client.get(path).content.decode()
            assert (f'href="{reverse("assessments:mine")}"' in page) is offered, (person, path)


def test_pages_of_a_national_picture_belong_to_the_nation(cast: Cast) -> None:
    join(cast.nation, cast.lead, "lead")
    client = entered(cast, "lead")
    assert workspace(client, f"/o/{cast.nation.public_id}/picture/") == cast.nation.name
