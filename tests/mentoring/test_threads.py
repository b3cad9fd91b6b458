"""The discussion of an engagement: both sides and nobody else, mentions, settled and opened again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.core.models import AuditEntry
from apps.mentoring.models import Engagement, Thread, ThreadWords
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
    with django_assert_num_queries(10):
        threads_page(world.cast.lead, world.cast.agency.public_id, row.public_id)


def said_by_lead(world: World, row: Engagement, text: str = "Shall we ask the port?") -> ThreadWords:
    lead = {"actor": world.cast.lead, "member": world.cast.agency, "engagement": row.public_id}
    return ThreadWords.objects.get(thread__public_id=threads.start_thread(**lead, said=threads.Said(text)))


def own(world: World, row: Engagement, words: ThreadWords, name: str = "mend_words") -> str:
    return url(world, row, name, words.thread.public_id, words.public_id)


def test_own_words_are_changed_and_both_sides_read_what_was_before(world: World, row: Engagement) -> None:
    cast, lead, words = world.cast, signed_in(world.cast.lead), said_by_lead(world, row)
    page = lead.get(own(world, row, words)).content.decode()
    assert "Shall we ask the port?" in page and "for good" in page
    sent = {"text": "Shall we ask the bank, @Sana Aldris?", "version": 1}
    assert lead.post(own(world, row, words), sent).status_code == 302
    assert cast.mentor.notifications.filter(kind="thread_named").count() == 1, "newly named, so told"
    for client, side in ((lead, False), (signed_in(cast.mentor), True)):
        page = client.get(url(world, row, mentor=side)).content.decode()
        assert "ask the bank" in page and "ask the port" in page and "the words before" in page
    stale = lead.post(own(world, row, words), {"text": "Or the mill?", "version": 1})
    assert stale.status_code == 409
    assert "ask the bank" in stale.content.decode() and "Or the mill?" in stale.content.decode()
    assert lead.post(own(world, row, words), {"text": " ", "version": 2}).status_code == 422
    assert AuditEntry.objects.filter(action="thread.mended").count() == 1


def test_withdrawn_words_are_gone_and_that_they_were_there_stays(world: World, row: Engagement) -> None:
    cast, lead, words = world.cast, signed_in(world.cast.lead), said_by_lead(world, row)
    lead.post(own(world, row, words), {"text": "The key is 1234.", "version": 1})
    for _twice in range(2):
        assert lead.post(own(world, row, words, "withdraw_words")).status_code == 302
    for client, side in ((lead, False), (signed_in(cast.mentor), True)):
        page = client.get(url(world, row, mentor=side)).content.decode()
        assert f"Withdrawn by <bdi>{cast.lead}</bdi>" in page
        assert "1234" not in page and "ask the port" not in page
    words.refresh_from_db()
    assert words.text == "" and not words.revisions.exists()
    assert lead.post(own(world, row, words), {"text": "Again", "version": 3}).status_code == 422
    assert "You withdrew these words" in lead.get(own(world, row, words)).content.decode()
    assert AuditEntry.objects.filter(action="thread.withdrawn").count() == 1


def test_words_of_others_and_of_settled_threads_stay_as_they_are(world: World, row: Engagement) -> None:
    cast, words = world.cast, said_by_lead(world, row)
    mentor, where = signed_in(cast.mentor), [words.thread.public_id, words.public_id]
    for name in ("mend_words", "withdraw_words"):
        answer = mentor.post(url(world, row, name, *where, mentor=True), {"text": "x", "version": 1})
        assert answer.status_code == 403
    lead = signed_in(cast.lead)
    lead.post(url(world, row, "settle_thread", words.thread.public_id))
    assert lead.post(own(world, row, words), {"text": "Late", "version": 1}).status_code == 422
    words.refresh_from_db()
    assert words.text == "Shall we ask the port?"
    assert lead.post(own(world, row, words, "withdraw_words")).status_code == 302, (
        "withdrawing is always possible"
    )
