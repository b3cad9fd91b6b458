"""A conflict of interest that a side has stated keeps a pair apart; other refusals are told before they are repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from apps.core.errors import Refused
from apps.mentoring import services
from apps.mentoring.models import Proposal
from apps.mentoring.selectors.board import board_page
from apps.mentoring.selectors.pairs import CONFLICT_COUNTS
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

pytestmark = pytest.mark.django_db


def declined(world: World, reason: str) -> Proposal:
    proposal = world.invited()
    services.decline_invitation(
        actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=proposal.public_id, reason=reason
    )
    return proposal


def test_stated_conflict_keeps_the_pair_apart_in_every_area_and_is_said(world: World) -> None:
    proposal = declined(world, "conflict")
    world.need(area="GOV.2")
    world.offer(area="GOV.2")
    round_ = world.solve(world.round("Round 2"))
    assert not round_.proposals.exists() and round_.problem is not None and round_.problem["pairs"] == []
    client, office = signed_in(world.cast.manager), world.cast.programme.public_id
    page = client.get(reverse("mentoring:board", args=[office, round_.public_id])).content.decode()
    assert page.count("are kept apart by a conflict of interest.") == 2
    waiting = client.get(reverse("mentoring:waiting", args=[office])).content.decode()
    assert "Invite both" not in waiting
    with pytest.raises(Refused, match="does not meet the conditions"):
        services.propose_between(
            actor=world.cast.manager, programme=world.cast.programme, need=proposal.need.public_id,
            offer=proposal.offer.public_id,
        )  # fmt: skip


def test_stated_conflict_is_over_after_two_years(world: World) -> None:
    declined(world, "conflict")
    Proposal.objects.update(invited_on=F("invited_on") - CONFLICT_COUNTS - timedelta(days=1))
    assert world.solve(world.round("Round 2")).proposals.exists()


def test_conflict_stated_after_a_pair_was_accepted_stops_its_invitation(world: World) -> None:
    first = world.invited()
    world.need(area="GOV.2")
    world.offer(area="GOV.2")
    second_round = world.round("Round 2")
    second = world.solve(second_round).proposals.get(need__area="GOV.2")
    world.decide(second, "accept")
    services.decline_invitation(
        actor=world.cast.lead, member=world.cast.agency, public_id=first.public_id, reason="conflict"
    )
    with pytest.raises(Refused, match="no longer meets every condition"):
        world.publish(second_round)


def test_another_refusal_may_be_proposed_again_with_a_warning(world: World) -> None:
    declined(world, "wrong_fit")
    round_ = world.solve(world.round("Round 2"))
    page = board_page(world.cast.manager, world.cast.programme.public_id, round_.public_id, {})
    (row,) = page.rows
    assert row.warnings == ["Declined before: Our experience does not fit"]
