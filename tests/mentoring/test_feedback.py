"""What each side says about the work, in confidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from apps.core.errors import Conflict, Refused
from apps.mentoring.models import Engagement, Feedback
from apps.mentoring.selectors import feedback as selectors
from apps.mentoring.services import feedback as services
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

FIVES = dict.fromkeys(selectors.QUESTIONS, 5)
HELPED, CHANGE = "The shared checklist.", "Shorter calls would do."


def at_half(world: World) -> Engagement:
    """An engagement whose middle was yesterday."""
    row = world.engagement()
    row.starts_on, row.ends_on = localdate() - timedelta(days=91), localdate() + timedelta(days=89)
    row.save()
    return row


def give(world: World, row: Engagement, *, version: int = 0, **more: Any) -> Feedback:
    words: dict[str, Any] = {
        "helped": HELPED, "change": CHANGE, "shares_ratings": False, "shares_helped": True, "shares_change": False,
    }  # fmt: skip
    return services.give_feedback(
        actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=row.public_id, moment="middle",
        version=version, ratings=FIVES, **(words | more),
    )  # fmt: skip


def test_other_side_reads_only_what_is_shared_and_managers_read_all(world: World) -> None:
    row, cast = at_half(world), world.cast
    give(world, row)
    page = signed_in(cast.lead).get(
        reverse("mentoring:feedback", args=[cast.agency.public_id, row.public_id])
    )
    text = page.content.decode()
    assert HELPED in text and CHANGE not in text and "5 of 5" not in text
    office = signed_in(cast.manager).get(
        reverse("mentoring:programme_feedback", args=[cast.programme.public_id])
    )
    text = office.content.decode()
    assert HELPED in text and CHANGE in text and "5 of 5" in text and "from five answers on" in text


def test_feedback_is_given_in_the_browser_and_changed_by_who_saw_it(world: World) -> None:
    row, cast = at_half(world), world.cast
    url = reverse("mentoring:give_feedback", args=[cast.agency.public_id, row.public_id, "middle"])
    client = signed_in(cast.lead)
    assert client.post(url, {"goals": "6"}).status_code == 422
    sent = dict.fromkeys(selectors.QUESTIONS, "4") | {"helped": "Patience", "shares_ratings": "on"}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent | {"helped": "Late"}).status_code == 409
    assert client.post(url, sent | {"helped": "Patience and time", "version": "1"}).status_code == 302
    assert Feedback.objects.get().helped == "Patience and time"


def test_nothing_is_asked_before_the_middle(world: World) -> None:
    row = world.engagement()
    with pytest.raises(Refused):
        give(world, row)
    side = world.cast.mentor_partner.public_id
    page = signed_in(world.cast.mentor).get(reverse("mentoring:feedback", args=[side, row.public_id]))
    assert "Nothing is asked yet" in page.content.decode()


def test_a_colleague_who_was_first_is_a_conflict(world: World) -> None:
    row = at_half(world)
    give(world, row)
    with pytest.raises(Conflict):
        give(world, row)


def test_means_need_five_answers(world: World) -> None:
    rows = [Feedback(ratings=FIVES) for _n in range(4)]
    assert selectors.means_of(rows) == []
    rows.append(Feedback(ratings=dict.fromkeys(selectors.QUESTIONS, 1)))
    assert [(mean, n) for _text, mean, n in selectors.means_of(rows)] == [(4.2, 5)] * 5


@pytest.mark.parametrize("count", [1, 3])
def test_overview_asks_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    row = at_half(world)
    kinds = [("middle", "member"), ("middle", "mentor"), ("end", "member")][:count]
    for moment, side in kinds:
        Feedback.objects.create(engagement=row, moment=moment, side=side, ratings=FIVES, by=world.cast.lead)
    with django_assert_num_queries(2):
        page = selectors.feedback_overview(world.cast.manager, world.cast.programme.public_id)
    assert len(page.rows) == count
