"""The discussion of an engagement: both sides and nobody else, mentions, settled and opened again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.mentoring.models import Engagement, Thread
from apps.mentoring.selectors.threads import threads_page
from apps.mentoring.services import threads
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World


@pytest.fixture
def row(world: World) -> Engagement:
    return world.engagement()


def url(world: World, row: Engagement, name: str = "threads", *more: str, mentor: bool = False) -> str:
    member = world.cast.mentor_partner if mentor else world.cast.agency
    return reverse(f"mentoring:{name}", args=[member.public_id, row.public_id, *more])


def test_thread_is_opened_answered_and_settled_by_both_sides(world: World, row: Engagement) -> None:
    cast, lead, mentor = world.cast, signed_in(world.cast.lead), signed_in(world.cast.mentor)
    sent = {"text": "Shall we ask the port?\n@Sana Aldris", "key": "once"}
    for _twice in range(2):
        assert lead.post(url(world, row), sent).status_code == 302
    thread = Thread.objects.get()
    assert cast.mentor.notifications.filter(kind="thread_named").count() == 1
    assert (
        mentor.post(
            url(world, row, "write_in_thread", thread.public_id, mentor=True), {"text": "Yes."}
        ).status_code
        == 302
    )
    assert cast.lead.notifications.filter(kind="thread_answered").count() == 1
    page = mentor.get(url(world, row, mentor=True)).content.decode()
    assert "Shall we ask the port?" in page and "One thread is open" in page
    lead.post(url(world, row, "settle_thread", thread.public_id))
    answer = mentor.post(url(world, row, "write_in_thread", thread.public_id, mentor=True), {"text": "And?"})
    assert (
        answer.status_code == 422
        and "Open it again" in answer.content.decode()
        and "And?" in answer.content.decode()
    )
    lead.post(url(world, row, "settle_thread", thread.public_id), {"again": "1"})
    assert (
        mentor.post(
            url(world, row, "write_in_thread", thread.public_id, mentor=True), {"text": "And?"}
        ).status_code
        == 302
    )


def test_words_are_needed_and_strangers_cannot_be_told(world: World, row: Engagement) -> None:
    lead = signed_in(world.cast.lead)
    for sent in ({"text": " "}, {"text": "Hello", "mentions": world.cast.other_lead.public_id}):
        assert lead.post(url(world, row), sent).status_code == 422
    assert not Thread.objects.exists()


def test_discussion_is_for_the_two_sides_only(world: World, row: Engagement) -> None:
    for person in (world.cast.manager, world.cast.staff, world.cast.other_lead):
        assert signed_in(person).get(url(world, row)).status_code == 404
    assert signed_in(world.cast.viewer).post(url(world, row), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_discussion_asks_the_same_number_of_questions(
    world: World, row: Engagement, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        threads.start_thread(
            actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id,
            said=threads.Said(f"Thread {n}", [world.cast.mentor.public_id]),
        )  # fmt: skip
    with django_assert_num_queries(9):
        threads_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
