"""Every list costs the same number of queries with one row and with three."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from apps.assessments import selectors, services
from apps.assessments.models import Assessment, Comment, Response, Round, Talk
from apps.assessments.selectors import home, mine, pages, people_page, question, review, rounds, sharing, talk
from tests.assessments.flow import CODES, answer, at, begin, submitted
from tests.factories import OrganisationFactory, join, share, small_version, take_part
from tests.people import Cast


def filled(cast: Cast, count: int) -> Assessment:
    """An assessment with `count` answers, each with evidence, a remark and a person."""
    row = begin(cast.lead, cast.agency)
    areas = {code.rpartition(".")[0] for code in CODES[:count]}
    givings = [
        services.Giving(area, cast.respondent.public_id, cast.lead.public_id, 0) for area in sorted(areas)
    ]
    services.give_areas(actor=cast.lead, assessment=row, givings=givings)
    for code in CODES[:count]:
        answer(cast.respondent, row, code, "3", "Why.")
        place = at(cast.lead, row, code)
        item = services.EvidenceInput("link", title="t", url="https://example.org")
        services.add_evidence(actor=cast.respondent, place=place, item=item)
        services.ask_back(actor=cast.lead, place=place, expected=1, text="Which?")
    return row


@pytest.mark.parametrize("count", [1, 3, 5])
def test_pages_of_one_assessment_cost_the_same(
    cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    row = filled(cast, count)
    who, where = cast.respondent, (cast.agency.public_id, row.public_id)
    review.review_page(who, *where)
    with django_assert_num_queries(11):
        pages.tasks_page(who, *where)
    with django_assert_num_queries(10):
        pages.area_page(who, *where, "GOV.1")
    with django_assert_num_queries(10):
        people_page.people_page(who, *where)
    with django_assert_num_queries(14):
        question.question_page(who, *where, "GOV.1", "GOV.1.1")
    with django_assert_num_queries(10):
        review.area_review_page(who, *where, "GOV.1")
    with django_assert_num_queries(10):
        review.review_page(who, *where)


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(("code", "expected"), [("GOV.1.1", 1), ("RES.1.2", 0)])
def test_a_save_costs_few_queries_whatever_else_is_answered(
    cast: Cast, django_assert_num_queries: Any, count: int, code: str, expected: int
) -> None:
    """Session, person, last seen; the place; begin, key, what stands there, answer, history, three for the record, end;
    the next question. Without row locks what stands there is one read, with them two."""
    row = begin(cast.lead, cast.agency)
    for other in CODES[:count]:
        answer(cast.respondent, row, other, "3", "Why.")
    client = Client()
    client.force_login(cast.respondent, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/me/account/")
    where = (cast.agency.public_id, row.public_id, code.rpartition(".")[0], code)
    data = {"answer": "2", "why": "Other words.", "version": str(expected), "idempotency": "k"}
    locks = connection.features.has_select_for_update
    with django_assert_num_queries(15 if locks else 14):
        said = client.post(reverse("assessments:question", args=where), data)
    assert said.status_code == 302
    assert Response.objects.get(indicator__code=code).version == expected + 1


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same(cast: Cast, django_assert_num_queries: Any, count: int) -> None:
    version = small_version()
    for n in range(count):
        submitted(cast, "1", "2", title=f"Old {n}", version=version)
        row = begin(cast.lead, cast.agency, title=f"New {n}", version=version)
        answer(cast.respondent, row, "GOV.1.1", "2")
        agency = OrganisationFactory()
        join(agency, cast.lead, "lead")
        begin(cast.lead, agency, version=version)
    with django_assert_num_queries(13):
        pages.list_page(cast.lead, cast.agency.public_id)
    with django_assert_num_queries(16):
        home.waiting_for(cast.lead)
    with django_assert_num_queries(1):
        selectors.results_of(cast.lead, cast.agency)


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_page_costs_the_same(cast: Cast, django_assert_num_queries: Any, count: int) -> None:
    version, today = small_version(), localdate()
    for n in range(count):
        Round.objects.create(
            programme=cast.programme,
            version=version,
            name=f"R{n}",
            opens_on=today,
            closes_on=today + timedelta(n),
        )
        take_part(cast.programme, OrganisationFactory())
    with django_assert_num_queries(7):
        rounds.rounds_page(cast.manager, cast.programme.public_id)
    one = Round.objects.latest("pk")
    with django_assert_num_queries(6):
        rounds.round_page(cast.manager, cast.programme.public_id, one.public_id)
    with django_assert_num_queries(3):
        rounds.round_choices(cast.manager, cast.programme.public_id)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_results_cost_the_same(cast: Cast, django_assert_num_queries: Any, count: int) -> None:
    version = small_version()
    submitted(cast, *["1"] * count, title="2024", version=version)
    row = submitted(cast, *["2"] * count, title="2026", version=version)
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True)
    selectors.result_page(cast.lead, cast.agency, row.public_id)
    with django_assert_num_queries(7):
        selectors.result_page(cast.lead, cast.agency, row.public_id)
    with django_assert_num_queries(10):
        sharing.shared_result(cast.mentor, cast.agency)
    with django_assert_num_queries(13):
        selectors.overview(cast.lead, cast.agency)


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_a_discussion_costs_the_same(cast: Cast, django_assert_num_queries: Any, count: int) -> None:
    row = begin(cast.lead, cast.agency)
    place = at(cast.lead, row, "GOV.1.1")
    words = services.Words("Which list?", [cast.respondent.public_id])
    threads = [
        services.start_talk(actor=cast.lead, place=place, words=words, asked=cast.respondent.public_id)
        for _n in range(min(count, 3))
    ]
    first = Talk.objects.get(public_id=threads[0])
    Comment.objects.bulk_create(
        Comment(member=cast.agency, talk=first, by=cast.lead, text=f"Comment {n}") for n in range(count)
    )
    where = (cast.agency.public_id, row.public_id, "GOV.1", "GOV.1.1")
    with django_assert_num_queries(9):
        page = talk.talk_page(cast.lead, *where)
    assert sum(len(t.comments) for t in page.threads) <= 32 + len(threads)
    question.question_page(cast.respondent, *where)
    with django_assert_num_queries(13):
        question.question_page(cast.respondent, *where)
    with django_assert_num_queries(11):
        mine.my_list(cast.respondent)
    with django_assert_num_queries(12):
        home.waiting_for(cast.respondent)
