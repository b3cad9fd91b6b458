"""What is owed around the end of the work waits on the overview of whoever owes it, and of nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.mentoring.models import ClosingReview, Engagement, Feedback, FollowUp
from apps.mentoring.selectors import waiting_for
from tests.mentoring.test_endings import left
from tests.mentoring.test_reviews import answer, closed, confirm, write
from tests.mentoring.world import World
from tests.people import Cast

pytestmark = pytest.mark.django_db
ENDS = ("Say how", "Write the closing", "Confirm the closing", "Say what is left")


def owed(user: User) -> list[str]:
    return [row.text for row in waiting_for(user) if row.text.startswith(ENDS)]


def ending_in(row: Engagement, days: int, *, starts_ago: int = 300) -> Engagement:
    day = localdate()
    Engagement.objects.filter(pk=row.pk).update(
        starts_on=day - timedelta(days=starts_ago), ends_on=day + timedelta(days=days)
    )
    row.refresh_from_db()
    return row


def test_feedback_is_asked_at_the_middle_and_near_the_end_until_it_is_given(world: World) -> None:
    row = world.engagement()
    assert owed(world.cast.lead) == []
    ending_in(row, 100)
    assert owed(world.cast.lead) == owed(world.cast.mentor) == ["Say how the work on Direction goes"]
    said = {"engagement": row, "ratings": {}, "side": "member", "by": world.cast.lead}
    Feedback.objects.create(moment="middle", **said)
    assert owed(world.cast.lead) == [] and len(owed(world.cast.mentor)) == 1
    ending_in(row, 10)
    both = ["Say how the work on Direction went", "Write the closing review on Direction"]
    assert owed(world.cast.lead) == owed(world.cast.mentor) == both
    Feedback.objects.create(moment="end", **said)
    assert owed(world.cast.lead) == both[1:]
    for person in (world.cast.viewer, world.cast.respondent, world.cast.manager, world.cast.other_lead):
        assert owed(person) == []


def test_the_review_waits_for_the_side_that_has_not_confirmed(world: World) -> None:
    row = ending_in(world.engagement(), 5)
    review = write(world, row)
    assert "Confirm the closing review on Direction" in owed(world.cast.lead)
    assert not any("review" in text for text in owed(world.cast.mentor))
    confirm(world, row, review.version)
    assert not any("review" in text for text in owed(world.cast.lead))


def test_a_follow_up_waits_for_the_member_from_a_month_before_until_it_answers(world: World) -> None:
    row = closed(world, 150)
    ClosingReview.objects.filter(engagement=row).delete()
    assert owed(world.cast.lead) == []
    closed_on = localdate() - timedelta(days=170)
    Engagement.objects.filter(pk=row.pk).update(ends_on=closed_on)
    assert owed(world.cast.lead) == ["Say what is left of the work on Direction, 6 months after its end"]
    assert owed(world.cast.mentor) == []
    answer(world, row)
    assert owed(world.cast.lead) == [] and FollowUp.objects.count() == 1
    Engagement.objects.filter(pk=row.pk).update(ends_on=localdate() - timedelta(days=731))
    assert owed(world.cast.lead) == []


def test_work_that_ended_early_asks_for_no_review_and_no_follow_up(world: World) -> None:
    row = world.engagement()
    left(world, row)
    assert not any("review" in text for text in owed(world.cast.lead))
    Engagement.objects.filter(pk=row.pk).update(ends_on=localdate() - timedelta(days=200))
    assert owed(world.cast.lead) == owed(world.cast.mentor) == []


def test_what_is_owed_is_one_question_more(world: World, cast: Cast, django_assert_num_queries: Any) -> None:
    from apps.mentoring.selectors.due import due_after_work

    ending_in(world.engagement(), 5)
    with django_assert_num_queries(1):
        assert len(due_after_work({cast.agency.pk}, set())) == 2
    with django_assert_num_queries(1):
        assert due_after_work({cast.other.pk}, set()) == []
