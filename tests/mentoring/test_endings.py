"""Work that rests, ends early without blame, and is taken up again."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils.timezone import localdate, now

from apps.accounts.models import Notification
from apps.core.errors import Conflict, Refused
from apps.members.models import Grant
from apps.mentoring import selectors, services
from apps.mentoring.models import Engagement, Leaving, MatchingRound, Pause
from apps.mentoring.services import problem
from tests.mentoring.test_flow import signed_in
from tests.mentoring.test_replies import many_invitations
from tests.mentoring.world import World, make_world
from tests.people import make_cast
from tests.together import at_once

SECRET = "We were promised a person who never came."


def left(world: World, engagement: Engagement | None = None) -> Engagement:
    """An engagement that the mentor ended early."""
    row = engagement or world.engagement()
    services.leave_engagement(
        actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=row.public_id, version=row.version,
        reason="trust", words=SECRET,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def pause(world: World, row: Engagement, days: int = 10) -> Engagement:
    return services.pause_engagement(
        actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, version=row.version,
        reason="incident", back_on=localdate() + timedelta(days=days),
    )  # fmt: skip


def test_leaving_frees_the_place_and_ends_what_is_shared(world: World) -> None:
    row = left(world)
    assert row.state == "closed" and row.proposal.need.state == "done"
    assert Grant.objects.get().withdrawn_at is not None
    page = selectors.offers_page(world.cast.mentor, world.cast.mentor_partner.public_id)
    assert page.rows[0].taken == 0


def test_reason_reaches_the_managers_and_nobody_else(world: World) -> None:
    row = left(world)
    cast = world.cast
    office = signed_in(cast.manager).get(reverse("mentoring:endings", args=[cast.programme.public_id]))
    assert SECRET in office.content.decode() and "does not go well" in office.content.decode()
    for person, side in ((cast.lead, cast.agency), (cast.mentor, cast.mentor_partner)):
        for name, args in (("engagement", [row.public_id]), ("engagements", []), ("leave", [row.public_id])):
            page = signed_in(person).get(reverse(f"mentoring:{name}", args=[side.public_id, *args]))
            assert SECRET not in page.content.decode()
            assert "does not go well" not in page.content.decode() or name == "leave"
    page = signed_in(cast.lead).get(
        reverse("mentoring:engagement", args=[cast.agency.public_id, row.public_id])
    )
    assert "counts against nobody" in page.content.decode()
    told = Notification.objects.filter(kind="engagement_left", user=cast.lead).get()
    assert SECRET not in str(told.values) and cast.mentor.full_name not in str(told.values)


def test_early_end_changes_no_score(world: World) -> None:
    engagement = world.engagement()
    services.close_engagement(
        actor=world.cast.lead, member=world.cast.agency, engagement=engagement.public_id,
        version=engagement.version, note="Done.",
    )  # fmt: skip
    world.need()
    plain = scores(world, "Round 2")
    Engagement.objects.filter(pk=engagement.pk).update(state="active")
    engagement.refresh_from_db()
    left(world, engagement)
    assert scores(world, "Round 3") == plain


def scores(world: World, name: str) -> list[tuple[str, str, str]]:
    round_ = MatchingRound.objects.create(programme=world.cast.programme, name=name)
    pairs = problem.draft(round_, at=now()).document["pairs"]
    return [(pair["member"], pair["mentor"], pair["score"]) for pair in pairs]


def test_who_ended_it_takes_it_back_within_a_day(world: World) -> None:
    row = left(world)
    with pytest.raises(Refused):
        services.undo_leaving(actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id)
    url = reverse("mentoring:undo_leave", args=[world.cast.mentor_partner.public_id, row.public_id])
    assert signed_in(world.cast.mentor).post(url).status_code == 302
    row.refresh_from_db()
    assert row.state == "active" and row.proposal.need.state == "matched"
    assert Grant.objects.get().withdrawn_at is None
    assert row.ends_on > localdate()


def test_nothing_is_taken_back_after_a_day(world: World) -> None:
    row = left(world)
    Leaving.objects.update(at=now() - timedelta(hours=25))
    with pytest.raises(Refused, match="within a day"):
        services.undo_leaving(
            actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=row.public_id
        )


def test_place_given_away_meanwhile_is_not_taken_back(world: World) -> None:
    row = left(world)
    offer = row.proposal.offer
    offer.places = 0
    offer.save()
    with pytest.raises(Conflict, match="given to another"):
        services.undo_leaving(
            actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=row.public_id
        )
    row.refresh_from_db()
    assert row.state == "closed" and Grant.objects.get().withdrawn_at is not None


def test_pause_keeps_the_place_and_reminds_both_sides_once(world: World) -> None:
    row = pause(world, world.engagement())
    assert row.state == "paused" and Grant.objects.get().withdrawn_at is None
    assert services.remind_returns() == 0
    Pause.objects.update(back_on=localdate())
    services.remind_returns()
    services.remind_returns()
    told = Notification.objects.filter(kind="engagement_back").values_list("user__full_name", flat=True)
    assert sorted(told) == sorted([world.cast.lead.full_name, world.cast.mentor.full_name])


@pytest.mark.parametrize("days", [0, 400])
def test_pause_needs_a_day_within_half_a_year(world: World, days: int) -> None:
    with pytest.raises(Refused, match="half a year"):
        pause(world, world.engagement(), days)


def test_paused_work_that_ends_and_comes_back_rests_again(world: World) -> None:
    row = left(world, pause(world, world.engagement()))
    assert Pause.objects.get().over_at is not None
    services.undo_leaving(actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=row.public_id)
    row.refresh_from_db()
    assert row.state == "paused" and Pause.objects.get().over_at is None
    services.resume_engagement(
        actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, version=row.version
    )
    assert Pause.objects.get().over_at is not None


def many_left(world: World, count: int) -> list[Engagement]:
    """`count` engagements of one offer that the mentor ended early."""
    rows = many_invitations(world, count)
    rows[0].offer.places = count
    rows[0].offer.save()
    cast, found = world.cast, []
    for row in rows:
        made = services.accept_invitation(
            actor=cast.mentor, member=cast.mentor_partner, public_id=row.public_id
        )
        assert made is not None
        found.append(left(world, made))
    return found


@pytest.mark.parametrize("count", [1, 3])
def test_endings_ask_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    many_left(world, count)
    with django_assert_num_queries(3):
        page = selectors.endings_page(world.cast.manager, world.cast.programme.public_id)
    assert len(page.left) == count


@pytest.mark.django_db(transaction=True)
def test_one_place_is_taken_back_once_by_five_at_the_same_moment() -> None:
    world = make_world(make_cast())
    rows = many_left(world, 5)
    offer = rows[0].proposal.offer
    offer.places = 1
    offer.save()

    def undo(public_id: str) -> None:
        for _attempt in range(400):
            try:
                services.undo_leaving(
                    actor=world.cast.mentor, member=world.cast.mentor_partner, engagement=public_id
                )
            except OperationalError:
                time.sleep(0.02)
            else:
                return

    raised = at_once(*(partial(undo, row.public_id) for row in rows))
    assert [type(fault) for fault in raised] == [Conflict] * 4
    assert Engagement.objects.going_on().count() == 1
