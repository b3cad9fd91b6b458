"""Two colleagues at one form at the same time: both texts are shown whole, and nothing is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.mentoring import services
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import READY, World

pytestmark = pytest.mark.django_db


def test_request_changed_by_a_colleague_shows_every_point_that_differs(world: World) -> None:
    need = world.need()
    cast = world.cast
    services.change_need(
        actor=cast.lead, member=cast.agency, public_id=need.public_id, version=need.version, hours_per_month=10,
        languages=["fr", "en"], pays=["programme"], readiness={**READY, "staff_time": False},
    )  # fmt: skip
    sent = {
        "version": need.version, "wanted_level": 3, "note": "Please help.", "first_language": "en", "mode": "visit",
        "hours_per_month": "", "pays": ["member", "programme"], **READY,
    }  # fmt: skip
    url = reverse("mentoring:edit_need", args=[cast.agency.public_id, need.public_id])
    client = signed_in(cast.lead)
    answer = client.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for theirs, mine in (
        ("Français", "English"), ("Remote or visit", "Visit"), ("10", "–"), ("No", "Yes"), ("The programme", "We and The programme"),
    ):  # fmt: skip
        assert f'<span dir="auto">{theirs}</span>' in page and f'<mark dir="auto">{mine}</mark>' in page
    need.refresh_from_db()
    assert client.post(url, {**sent, "version": need.version}).status_code == 302
    need.refresh_from_db()
    assert (need.mode, need.hours_per_month, need.languages) == ("visit", 0, ["en"])


def test_offer_changed_by_a_colleague_shows_every_point_that_differs(world: World) -> None:
    offer = world.offer()
    cast = world.cast
    services.change_offer(
        actor=cast.mentor, member=cast.mentor_partner, public_id=offer.public_id, version=offer.version,
        pays="programme", period_months=12, track_record="Ran three teams.",
    )  # fmt: skip
    sent = {
        "version": offer.version, "places": 2, "hours_per_month": 6, "languages": ["en"], "mode": "either",
        "pays": "mentor", "period_months": "0", "track_record": "",
    }  # fmt: skip
    url = reverse("mentoring:edit_offer", args=[cast.mentor_partner.public_id, offer.public_id])
    answer = signed_in(cast.mentor).post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for theirs, mine in (("The programme", "We do"), ("Ran three teams.", "–")):
        assert f'<span dir="auto">{theirs}</span>' in page and f'<mark dir="auto">{mine}</mark>' in page
    assert "New members in any 12 months" in page


def test_fewer_places_than_are_taken_are_told_at_the_field(world: World) -> None:
    row = world.engagement()
    offer = row.proposal.offer
    need = world.need(world.cast.other, world.cast.other_lead)
    second = services.propose_between(
        actor=world.cast.manager, programme=world.cast.programme, need=need.public_id
    )
    for actor, member in (
        (world.cast.mentor, world.cast.mentor_partner),
        (world.cast.other_lead, world.cast.other),
    ):
        services.accept_invitation(actor=actor, member=member, public_id=second.public_id)
    url = reverse("mentoring:edit_offer", args=[world.cast.mentor_partner.public_id, offer.public_id])
    sent = {
        "version": offer.version, "places": 1, "hours_per_month": 6, "languages": ["en"], "mode": "either",
        "pays": "mentor", "period_months": "0", "track_record": "Words that must not be lost.",
    }  # fmt: skip
    answer = signed_in(world.cast.mentor).post(url, sent)
    assert answer.status_code == 422 and "cannot have fewer places" in answer.content.decode()
    assert "Words that must not be lost." in answer.content.decode()


@pytest.mark.parametrize(
    "offered, agreed", [("mentor", "own"), ("member", "member"), ("programme", "programme")]
)
def test_agreement_starts_with_who_pays_in_the_offer(world: World, offered: str, agreed: str) -> None:
    world.offer(pays=offered)
    world.need()
    round_ = world.solve(world.round())
    proposal = round_.proposals.get()
    world.decide(proposal, "accept")
    world.publish(round_)
    services.accept_invitation(actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id)
    made = services.accept_invitation(
        actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=proposal.public_id
    )
    assert made is not None and made.agreements.get().terms["who_pays"] == agreed
