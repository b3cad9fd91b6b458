"""Whole pages with lists ask the database the same number of times for one row and for three."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.services import notify
from apps.courses.services import enrol
from apps.mentoring import services as mentoring
from apps.mentoring.models import MatchingRound
from tests.assessments.flow import begin, submitted
from tests.courses.small import small_course
from tests.factories import OrganisationFactory, share, small_version, take_part
from tests.mentoring.world import make_world
from tests.people import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AREAS = ("GOV.1", "GOV.2", "RES.1")


def results(cast: Cast, count: int) -> None:
    """Submitted assessments of the agency, one under way, courses begun."""
    version = small_version()
    for n in range(count):
        submitted(cast, "1", "2", title=f"Assessment {n}", version=version)
        small_course(f"C{n + 1}")
        enrol(actor=cast.lead, course=f"c{n + 1}-doors")
    begin(cast.lead, cast.agency, title="Running", version=version)


def compared(cast: Cast, count: int) -> None:
    """The same with a result before them: what rose and fell asks once for the edition that both are on."""
    results(cast, count + 1)


def grants(cast: Cast, count: int) -> None:
    """Grants of the agency, programmes' members that could be given more."""
    small_version()
    for n in range(count):
        share(cast.agency, cast.lead, cast.mentor_partner, areas=list(AREAS), purpose=f"Help {n}")
        take_part(cast.programme, OrganisationFactory())


def news(cast: Cast, count: int) -> None:
    for n in range(count):
        notify(
            actor=cast.manager,
            user=cast.lead,
            kind="invited",
            key=f"k{n}",
            url="/help/",
            who="Ines",
            member="Body",
        )


def requests(cast: Cast, count: int) -> None:
    """Requests and offers in the programme, private wishes of the agency, matching rounds."""
    world = make_world(cast)
    for n in range(count):
        world.need(area=AREAS[n])
        other, _user = world.another(f"Body {n}", {"GOV.1": 1})
        mentoring.exclude_member(actor=cast.lead, member=cast.agency, other=other.public_id)
    for n in range(count):
        world.offer(area=AREAS[n], track_record="We did it.", places=3)
    for n in range(count - 1):
        MatchingRound.objects.create(programme=cast.programme, name=f"Round {n}", state="closed")
    world.solve(world.round("Last"))


def engagements(cast: Cast, count: int) -> None:
    """Engagements of the mentor partner with so many members."""
    world = make_world(cast)
    world.offer(places=5)
    people = {}
    for n in range(count):
        member, user = world.another(f"Body {n}", {"GOV.1": 0})
        world.need(member, user)
        people[member] = user
    round_ = world.solve(world.round())
    for proposal in round_.proposals.all():
        world.decide(proposal, "accept")
    world.publish(round_)
    for proposal in round_.proposals.all():
        member = proposal.need.member
        for user, side in ((people[member], member), (cast.mentor, cast.mentor_partner)):
            mentoring.accept_invitation(actor=user, member=side, public_id=proposal.public_id)


PAGES = [
    ("lead", "/o/{agency}/", results, 91),
    ("lead", "/o/{agency}/results/", results, 8),
    ("lead", "/o/{agency}/assessments/", results, 19),
    ("manager", "/p/{programme}/", compared, 45),
    ("lead", "/api/v1/members/{agency}/results/", results, 5),
    ("lead", "/api/v1/courses/", results, 7),
    ("lead", "/o/{agency}/sharing/", grants, 17),
    ("lead", "/me/notifications/", news, 7),
    ("lead", "/o/{agency}/requests/", requests, 18),
    ("lead", "/o/{agency}/private/", requests, 10),
    ("mentor", "/o/{partner}/offers/", requests, 15),
    ("manager", "/p/{programme}/matching/", requests, 14),
    ("manager", "/p/{programme}/", requests, 45),
    ("mentor", "/o/{partner}/engagements/", engagements, 11),
    ("mentor", "/o/{partner}/", engagements, 52),
    ("manager", "/p/{programme}/engagements/", engagements, 8),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("person", "path", "fill", "queries"), PAGES, ids=[f"{p[1]} {p[2].__name__}" for p in PAGES]
)
def test_page_with_a_list_costs_the_same(
    cast: Cast, person: str, path: str, fill: Callable[[Cast, int], None], queries: int, count: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    fill(cast, count)
    url = path.format(
        agency=cast.agency.public_id,
        partner=cast.mentor_partner.public_id,
        programme=cast.programme.public_id,
    )
    client = Client()
    client.force_login(cast.people[person], backend=BACKEND)
    assert client.get(url).status_code == 200  # enters the workspace; reads the framework once
    with django_assert_num_queries(queries):
        client.get(url)
