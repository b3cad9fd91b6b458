"""Places that count members in a rolling period: held after the work has closed, and free again when the period is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.models import Notification
from apps.core.errors import Conflict, Refused
from apps.members.policies import site_day
from apps.mentoring import services
from apps.mentoring.models import Engagement, Offer
from apps.mentoring.querysets import months_on
from apps.mentoring.selectors.pairs import free_again, places_taken, supply_of
from apps.mentoring.services.places import tell_periods_over
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

pytestmark = pytest.mark.django_db


def closed(world: World, months: int, *, begun: date | None = None) -> Engagement:
    """Work on the one place of an offer that is over; it began today or on `begun`."""
    row = world.engagement()
    Offer.objects.update(places=1, period_months=months)
    services.close_engagement(
        actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, version=row.version, note="Done."
    )  # fmt: skip
    if begun:
        Engagement.objects.update(starts_on=begun)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("months, held", [(0, 0), (6, 1), (12, 1)])
def test_closed_work_holds_its_place_until_the_period_is_over(world: World, months: int, held: int) -> None:
    closed(world, months)
    offer = Offer.objects.get()
    assert places_taken([offer])[offer.pk] == held
    assert supply_of(world.cast.programme).free[offer.pk] == 1 - held
    Engagement.objects.update(starts_on=months_on(site_day(), -months))
    assert supply_of(world.cast.programme).free[offer.pk] == 1


def test_work_that_ended_early_frees_its_place_at_once(world: World) -> None:
    row = world.engagement()
    Offer.objects.update(places=1, period_months=12)
    services.leave_engagement(
        actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id, version=row.version, reason="time"
    )  # fmt: skip
    offer = Offer.objects.get()
    assert supply_of(world.cast.programme).free[offer.pk] == 1
    services.undo_leaving(actor=world.cast.lead, member=world.cast.agency, engagement=row.public_id)
    assert supply_of(world.cast.programme).free[offer.pk] == 0


def test_board_and_waiting_list_say_when_a_later_start_would_do(world: World) -> None:
    row = closed(world, 6)
    offer = Offer.objects.get()
    day = months_on(row.starts_on, 6)
    assert free_again([offer]) == {offer.pk: day}
    world.need(world.cast.other, world.cast.other_lead)
    client, office = signed_in(world.cast.manager), world.cast.programme.public_id
    said = f"start later: a place is planned to be free on {day.day} {day:%B %Y}"
    assert said in client.get(reverse("mentoring:waiting", args=[office])).content.decode()
    round_ = world.solve(world.round("Round 2"))
    page = client.get(reverse("mentoring:board", args=[office, round_.public_id])).content.decode()
    assert not round_.proposals.exists() and said in page and "in any 6 months" in page


def test_last_acceptance_over_the_period_is_a_conflict(world: World) -> None:
    proposal = world.invited()
    services.accept_invitation(
        actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=proposal.public_id
    )
    other = world.cast.other
    Offer.objects.update(places=2)
    need = world.need(other, world.cast.other_lead)
    second = services.propose_between(
        actor=world.cast.manager, programme=world.cast.programme, need=need.public_id
    )
    for actor, member in ((world.cast.mentor, world.cast.mentor_partner), (world.cast.other_lead, other)):
        made = services.accept_invitation(actor=actor, member=member, public_id=second.public_id)
    assert made is not None
    services.close_engagement(
        actor=world.cast.other_lead,
        member=other,
        engagement=made.public_id,
        version=made.version,
        note="Done.",
    )
    Offer.objects.update(places=1, period_months=12)
    with pytest.raises(Conflict):
        services.accept_invitation(
            actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id
        )


def test_office_hears_once_that_a_period_is_over(world: World) -> None:
    row = closed(world, 6)
    world.need(world.cast.other, world.cast.other_lead)
    Notification.objects.all().delete()
    mail.outbox.clear()
    assert tell_periods_over() == 0
    Engagement.objects.filter(pk=row.pk).update(starts_on=months_on(site_day(), -6) - timedelta(days=1))
    assert tell_periods_over() == tell_periods_over() == 1
    assert Notification.objects.filter(kind="place_free").count() == 1


def test_offer_form_keeps_the_period_and_refuses_what_is_taken_in_words(world: World) -> None:
    row = closed(world, 0)
    offer = Offer.objects.get()
    services.change_offer(
        actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=offer.public_id,
        version=offer.version, period_months=6,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        services.change_offer(
            actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=offer.public_id,
            version=offer.version + 1, places=0,
        )  # fmt: skip
    assert refused.value.field == "places"
    client = signed_in(world.cast.mentor)
    url = reverse("mentoring:edit_offer", args=[world.cast.mentor_partner.public_id, offer.public_id])
    sent = {
        "version": offer.version + 1, "places": 3, "period_months": "12", "hours_per_month": 6, "languages": ["en"],
        "mode": "either", "pays": "mentor",
    }  # fmt: skip
    assert client.post(url, {**sent, "period_months": "7"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    offer.refresh_from_db()
    assert (offer.places, offer.period_months) == (3, 12)
    listed = client.get(reverse("mentoring:offers", args=[world.cast.mentor_partner.public_id]))
    assert "in any 12 months" in listed.content.decode() and row.state == "closed"


@pytest.mark.parametrize(
    "day, months, then",
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -12, date(2025, 1, 15)),
    ],
)
def test_months_keep_to_the_calendar(day: date, months: int, then: date) -> None:
    assert months_on(day, months) == then
