"""What both sides wish for: a partner, kinds of members, hours, who pays; and who reads it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.errors import Refused
from apps.mentoring import selectors, services
from apps.mentoring.models import Need, Offer, Proposal
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World


def wished(world: World) -> Proposal:
    """A pair that both sides wish for, invited."""
    world.need(wished=world.cast.mentor_partner.public_id, wished_why="They helped our neighbours.")
    world.offer(likes=[world.cast.agency.sector], likes_why="We come from there.")
    round_ = world.solve(world.round())
    proposal = round_.proposals.get()
    world.decide(proposal, "accept")
    world.publish(round_)
    proposal.refresh_from_db()
    return proposal


def points(proposal: Proposal) -> dict[str, Decimal]:
    return {r["name"]: Decimal(r["contribution"]) for r in proposal.reasons}


def test_wishes_of_both_sides_are_one_factor_that_sums_with_the_others(world: World) -> None:
    proposal = wished(world)
    assert points(proposal)["preference"] == Decimal("1.00")
    assert sum(points(proposal).values()) == proposal.score
    url = reverse("mentoring:board", args=[world.cast.programme.public_id, proposal.round.public_id])
    page = signed_in(world.cast.manager).get(url).content.decode()
    assert "the member wishes for this mentor; the mentor likes to work with this sector" in page


def test_neither_side_reads_what_the_other_wished(world: World) -> None:
    proposal = wished(world)
    for user, member in (
        (world.cast.lead, world.cast.agency),
        (world.cast.mentor, world.cast.mentor_partner),
    ):
        page = selectors.invitation_page(user, member.public_id, proposal.public_id)
        assert Decimal(page.score) == proposal.score - 1
        assert sum(f.points for f in page.factors) == Decimal(page.score)
        url = reverse("mentoring:invitation", args=[member.public_id, proposal.public_id])
        text = signed_in(user).get(url).content.decode()
        assert "wish" not in text and "likes" not in text and "neighbours" not in text


def test_forms_keep_what_is_wished_and_refuse_what_is_not_on_the_list(world: World) -> None:
    client = signed_in(world.cast.lead)
    url = reverse("mentoring:new_need", args=[world.cast.agency.public_id, "GOV.1"])
    given = {
        "programme": world.cast.programme.public_id, "wanted_level": "3", "first_language": "en", "mode": "either",
        "hours_per_month": "8", "pays": ["programme"], "wished": world.cast.mentor_partner.public_id, "wished_why": "They know us.",
    }  # fmt: skip
    for bad in (
        {"wished": "x"},
        {"wished": world.cast.other.public_id},
        {"hours_per_month": "0"},
        {"pays": ["x"]},
    ):
        assert client.post(url, {**given, **bad}).status_code == 422
    assert client.post(url, given).status_code == 302
    need = Need.objects.get()
    assert (need.hours_per_month, need.pays, need.wished) == (8, ["programme"], world.cast.mentor_partner)
    edit = reverse("mentoring:edit_need", args=[world.cast.agency.public_id, need.public_id])
    assert "They know us." in client.get(edit).content.decode()
    assert client.post(edit, {**given, "wished": "", "version": need.version}).status_code == 302
    need.refresh_from_db()
    assert need.wished is None and need.wished_why == ""
    with pytest.raises(Refused, match="mentor partners"):
        world.need(area="GOV.2", wished="nobody")


def test_offers_say_who_pays_and_a_pair_that_nobody_pays_for_is_not_proposed(world: World) -> None:
    client = signed_in(world.cast.mentor)
    url = reverse("mentoring:new_offer", args=[world.cast.mentor_partner.public_id, "GOV.1"])
    given = {
        "programme": world.cast.programme.public_id, "places": "1", "hours_per_month": "4", "languages": ["en"],
        "mode": "either", "pays": "member", "sectors": ["energy"], "likes": ["health"], "likes_why": "",
    }  # fmt: skip
    assert client.post(url, {**given, "pays": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    offer = Offer.objects.get()
    assert (offer.pays, offer.sectors, offer.likes) == ("member", ["energy"], ["health"])
    world.need(pays=["programme"])
    row = selectors.needs_page(world.cast.lead, world.cast.agency.public_id).rows[0]
    assert row.wait and row.wait.changes == ["An offer fits if you or the programme can bear the costs."]
    waiting = selectors.waiting_page(world.cast.manager, world.cast.programme.public_id).rows[0]
    assert not waiting.fits and "who bears the costs" in waiting.options[0]
    Need.objects.update(pays=["member"], hours_per_month=8)
    proposal = services.propose_between(
        actor=world.cast.manager, programme=world.cast.programme, need=Need.objects.get().public_id
    )
    assert points(proposal)["hours"] == Decimal("0.25")
    invitation = reverse("mentoring:invitation", args=[world.cast.agency.public_id, proposal.public_id])
    text = signed_in(world.cast.lead).get(invitation).content.decode()
    assert "The member bears the costs" in text and "8 are wanted" in text
