"""The closing review, confirmed by both sides, and follow-up half a year and a year later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from apps.accounts.models import Notification
from apps.core.errors import Refused
from apps.members.models import Grant
from apps.mentoring.models import Action, ClosingReview, Engagement, FollowUp
from apps.mentoring.selectors import follow_ups as after
from apps.mentoring.selectors import reviews as selectors
from apps.mentoring.services import follow_ups, reviews
from tests.access.matrix.mentoring import add_plan
from tests.mentoring.test_endings import left
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World, result_for


def write(world: World, row: Engagement, *, version: int = 0, **words: str) -> ClosingReview:
    """The mentor writes: the first goal reached, the others in part."""
    goals = list(row.goals.values_list("public_id", flat=True))
    said = {goal: ("reached" if n == 0 else "partly", "") for n, goal in enumerate(goals)}
    return reviews.write_review(
        actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=row.public_id, version=version,
        goals=said, **({"changed": "A strategy stands.", "remains": "", "recommendations": ""} | words),
    )  # fmt: skip


def confirm(world: World, row: Engagement, version: int) -> ClosingReview:
    return reviews.confirm_review(
        actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, version=version
    )


def closed(world: World, days: int) -> Engagement:
    """An engagement that both sides closed some days ago."""
    row = world.engagement()
    confirm(world, row, write(world, row).version)
    ends = localdate() - timedelta(days=days)
    Engagement.objects.filter(pk=row.pk).update(ends_on=ends, starts_on=ends - timedelta(days=90))
    row.refresh_from_db()
    return row


def answer(world: World, row: Engagement, **more: Any) -> FollowUp:
    given = {
        "version": 0,
        "still": "partly",
        "level": 3,
        "helps": "A budget line",
        "missing": "People",
    } | more
    return follow_ups.answer_follow_up(
        actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, months=6, **given
    )


def test_confirmation_of_both_sides_sets_the_goals_and_closes(world: World) -> None:
    row = world.engagement()
    review = write(world, row)
    assert not review.is_confirmed
    assert Notification.objects.filter(kind="review_waits", user=world.cast.lead).count() == 1
    assert confirm(world, row, review.version).is_confirmed
    row.refresh_from_db()
    assert (row.state, row.closing_note) == ("closed", "A strategy stands.")
    assert list(row.goals.values_list("state", flat=True)) == ["reached", "open"]
    assert Grant.objects.get().withdrawn_at is not None
    with pytest.raises(Refused):
        write(world, row, version=review.version + 1)


def test_a_change_asks_the_other_side_again(world: World) -> None:
    row, cast = world.engagement(), world.cast
    review = write(world, row)
    client = signed_in(cast.lead)
    args = [cast.agency.public_id, row.public_id]
    sent = {f"result-{g.public_id}": "not" for g in row.goals.all()} | {"changed": "Little."}
    stale = client.post(reverse("mentoring:write_review", args=args), sent)
    assert stale.status_code == 409 and "A strategy stands." in stale.content.decode()
    done = client.post(reverse("mentoring:write_review", args=args), sent | {"version": review.version})
    assert done.status_code == 302
    review.refresh_from_db()
    assert review.mentor_at is None and review.member_at is not None
    page = client.get(reverse("mentoring:review", args=args)).content.decode()
    assert "waits for one side" in page and "Not reached" in page


def test_level_now_comes_from_a_newer_result_only(world: World) -> None:
    row = world.engagement()
    assert {goal.now for goal in selectors.goal_rows(row, None)} == {None}
    result_for(world.cast.agency, world.cast.lead, {"GOV.1": 3, "GOV.2": 2, "RES.1": 0}, world.version)
    write(world, row)
    page = selectors.review_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
    assert [(goal.then, goal.now) for goal in page.goals] == [(1, 3), (1, 3)]


def test_open_goals_go_into_an_open_plan_once(world: World) -> None:
    add_plan(world.cast)
    row = world.engagement()
    confirm(world, row, write(world, row).version)
    plan = world.cast.ids["action_plan"]
    Action.objects.filter(plan__public_id=plan, indicator="GOV.1.2").delete()
    url = reverse("mentoring:take_up_goals", args=[world.cast.agency.public_id, row.public_id])
    client, before = signed_in(world.cast.lead), Action.objects.count()
    for _time in range(2):
        assert client.post(url, {"plan": plan}, follow=True).status_code == 200
    assert Action.objects.count() == before + 1
    added = Action.objects.order_by("place").last()
    assert added is not None and (added.indicator, added.from_level, added.to_level) == ("GOV.1.2", 1, 2)


def test_follow_up_is_asked_after_half_a_year_and_reminded_twice(world: World) -> None:
    row = closed(world, 200)
    for _time in range(2):
        follow_ups.remind_follow_ups()
    told = Notification.objects.filter(kind="follow_up_due", user=world.cast.lead)
    assert told.count() == 1
    answer(world, row)
    assert follow_ups.remind_follow_ups() == 0
    page = after.programme_follow_ups(world.cast.manager, world.cast.programme.public_id)
    assert (page.answered, page.due) == (1, 1)
    assert [asked.asked.state for asked in page.rows] == ["answered", "later"]


def test_follow_up_before_its_time_and_after_an_early_end_is_not_found(world: World) -> None:
    row = closed(world, 20)
    with pytest.raises(Http404):
        answer(world, row)
    Engagement.objects.filter(pk=row.pk).update(state="active")
    row.refresh_from_db()
    left(world, row)
    Engagement.objects.filter(pk=row.pk).update(ends_on=localdate() - timedelta(days=200))
    with pytest.raises(Http404):
        answer(world, row)
    assert follow_ups.remind_follow_ups() == 0


def test_member_answers_and_mentor_comments_in_the_browser(world: World) -> None:
    row, cast = closed(world, 200), world.cast
    url = reverse("mentoring:follow_up", args=[cast.agency.public_id, row.public_id, "6"])
    lead, mentor = signed_in(cast.lead), signed_in(cast.mentor)
    assert lead.post(url, {"still": "perhaps"}).status_code == 422
    assert lead.post(url, {"still": "yes", "level": "", "helps": "Habit"}).status_code == 302
    assert lead.post(url, {"still": "no"}).status_code == 409
    other = reverse("mentoring:follow_up", args=[cast.mentor_partner.public_id, row.public_id, "6"])
    assert mentor.get(other).status_code == 200
    assert mentor.post(other, {"version": "1", "comment": "Well kept."}).status_code == 302
    found = FollowUp.objects.get()
    assert (found.still, found.level, found.comment) == ("yes", None, "Well kept.")
    page = lead.get(reverse("mentoring:follow_ups", args=[cast.agency.public_id, row.public_id]))
    assert "Well kept." in page.content.decode()


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_after_keeps_to_the_calendar(day: date, months: int, then: date) -> None:
    assert after.months_after(day, months) == then


@pytest.mark.parametrize("count", [1, 3])
def test_follow_ups_ask_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    from tests.mentoring.test_endings import many_left

    rows = many_left(world, count)
    for row in rows:
        row.leavings.all().delete()
        FollowUp.objects.create(engagement=row, months=6, still="yes", by=world.cast.lead)
    with django_assert_num_queries(3):
        page = after.programme_follow_ups(world.cast.manager, world.cast.programme.public_id)
    assert len(page.rows) == 2 * count
