"""What the office reads about uplift: only from members that share, compared at the same starting level, in words when little is known."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate, now

from apps.assessments.models import Result
from apps.insights.selectors import programme_uplift
from apps.members.models import Member, Participation
from apps.mentoring.models import Engagement, MatchingRound, Need, Offer, Proposal
from apps.uplift import Missing
from tests.factories import OrganisationFactory, small_version, take_part
from tests.mentoring.world import result_for
from tests.people import Cast

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
START = {"GOV.1": 1, "GOV.2": 1, "RES.1": 3}


class Region:
    """Members that were assessed twice; some were mentored in GOV.1 in between, some asked and waited."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.version = cast, small_version()
        self.round = MatchingRound.objects.create(programme=cast.programme, name="Round 1")
        self.offer = Offer.objects.create(
            member=cast.mentor_partner, programme=cast.programme, area="GOV.1", area_name="Strategy", level=5,
            places=99, made_by=cast.mentor,
        )  # fmt: skip

    def member(self, kind: str, rise: int, shares: bool = True, others: int = 0) -> Member:
        """One member: `kind` is mentored, waiting or neither; GOV.1 rises by `rise`, its other areas by `others`."""
        member: Member = OrganisationFactory()
        take_part(self.cast.programme, member)
        Participation.objects.filter(member=member).update(shares_levels=shares)
        before = result_for(member, self.cast.lead, START, self.version)
        Result.objects.filter(pk=before.pk).update(computed_at=now() - timedelta(days=300))
        levels = {area: level + (rise if area == "GOV.1" else others) for area, level in START.items()}
        result_for(member, self.cast.lead, levels, self.version)
        if kind != "neither":
            need = self.need(member, before)
            if kind == "mentored":
                self.engage(need)
        return member

    def need(self, member: Member, before: Result) -> Need:
        return Need.objects.create(
            member=member, programme=self.cast.programme, result=before, area="GOV.1", area_name="Strategy",
            now_level=1, wanted_level=3, priority=Decimal(1), asked_by=self.cast.lead, asked_at=now() - timedelta(days=290),
        )  # fmt: skip

    def engage(self, need: Need) -> None:
        pair = Proposal.objects.create(round=self.round, need=need, offer=self.offer, score=Decimal(8))
        Engagement.objects.create(
            member=need.member, mentor=self.cast.mentor_partner, programme=self.cast.programme, proposal=pair,
            area="GOV.1", area_name="Strategy", baseline=need.result, starts_on=localdate() - timedelta(days=250),
            ends_on=localdate() - timedelta(days=20),
        )  # fmt: skip


@pytest.fixture
def made(cast: Cast) -> Region:
    return Region(cast)


def test_mentored_areas_are_compared_with_those_that_waited_and_with_the_members_own(made: Region) -> None:
    for _ in range(6):
        made.member("mentored", rise=2)
        made.member("waiting", rise=1)
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert page.twice == 12
    assert page.claimed.value == pytest.approx(2)
    assert page.validated.value == pytest.approx(2)
    assert page.within.value == pytest.approx(2)
    assert page.waiting.value == pytest.approx(1)
    assert (page.waiting.members, page.waiting.areas, page.waiting.compared) == (6, 6, 6)
    assert page.best == ("waiting", page.waiting)


def test_under_five_mentored_members_say_so_and_show_no_figure(made: Region, client: Client) -> None:
    for _ in range(4):
        made.member("mentored", rise=2)
    client.force_login(made.cast.manager, backend=BACKEND)
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert {row.missing for _name, row in page.rows} == {Missing.TOO_FEW_MENTORED}
    text = client.get(f"/p/{made.cast.programme.public_id}/uplift/").content.decode()
    assert "Not enough data: 4 mentored members have two results; five are needed." in text
    assert "Not enough data yet to say what mentoring changed" in text


def test_members_that_do_not_share_change_nothing(made: Region) -> None:
    for _ in range(5):
        made.member("mentored", rise=2)
        made.member("waiting", rise=0)
    first = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    for _ in range(5):
        made.member("mentored", rise=0, shares=False)
    second = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert [row for _name, row in first.rows] == [row for _name, row in second.rows]
    assert second.members == first.members + 5


def test_a_void_result_and_another_edition_do_not_count(made: Region) -> None:
    for _ in range(5):
        made.member("mentored", rise=2)
    voided = made.member("mentored", rise=2)
    newest = Result.objects.filter(member=voided).latest("computed_at")
    Result.objects.filter(pk=newest.pk).update(
        voided_at=now(), voided_by=made.cast.lead, void_reason="Signed too early."
    )
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert page.validated.members == 5
    other = made.member("mentored", rise=2)
    result_for(other, made.cast.lead, START, small_version())
    assert programme_uplift(made.cast.manager, made.cast.programme.public_id).validated.members == 5


def test_work_that_began_after_the_newest_result_explains_nothing(made: Region) -> None:
    for _ in range(5):
        made.member("mentored", rise=2)
    late = made.member("mentored", rise=2)
    Engagement.objects.filter(member=late).update(
        starts_on=localdate() + timedelta(days=1), ends_on=localdate() + timedelta(days=90)
    )
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert (page.twice, page.claimed.members, page.validated.members) == (6, 5, 5)


def test_a_request_made_with_the_newest_result_is_compared_from_the_result_before(made: Region) -> None:
    for _ in range(6):
        made.member("mentored", rise=2)
        waits = made.member("waiting", rise=1)
        newest = Result.objects.filter(member=waits).latest("computed_at")
        Need.objects.filter(member=waits).update(result=newest, asked_at=newest.computed_at)
    page = programme_uplift(made.cast.manager, made.cast.programme.public_id)
    assert page.waiting.value == pytest.approx(1) and page.waiting.compared == 6


def test_an_interval_over_nothing_says_that_the_data_do_not_tell(made: Region, client: Client) -> None:
    for number in range(8):
        made.member("mentored", rise=number % 3)
        made.member("waiting", rise=(number + 1) % 3)
    client.force_login(made.cast.manager, backend=BACKEND)
    text = client.get(f"/p/{made.cast.programme.public_id}/uplift/").content.decode()
    assert "Whether mentoring lifted areas cannot be told yet" in text
    assert "regression to the mean" in text


def test_no_page_names_a_mentor_partner(made: Region, client: Client) -> None:
    for _ in range(6):
        made.member("mentored", rise=2)
        made.member("waiting", rise=1)
    client.force_login(made.cast.manager, backend=BACKEND)
    text = client.get(f"/p/{made.cast.programme.public_id}/uplift/").content.decode()
    assert "Mentored areas rose 1.0 levels more than areas that waited" in text
    assert made.cast.mentor_partner.name not in text


@pytest.mark.parametrize("number", [1, 3])
def test_uplift_asks_the_same_for_one_and_three(
    made: Region, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        made.member("mentored", rise=1)
    programme_uplift(made.cast.manager, made.cast.programme.public_id)  # documents are read once in a process
    with django_assert_num_queries(7):
        programme_uplift(made.cast.manager, made.cast.programme.public_id)


def test_others_find_no_page(made: Region) -> None:
    for person in (made.cast.outsider, made.cast.lead, made.cast.staff):
        with pytest.raises(Http404):
            programme_uplift(person, made.cast.programme.public_id)
