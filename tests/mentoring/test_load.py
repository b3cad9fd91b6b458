"""A mentor's load never passes what was offered: places over random sequences of acts, hours with a warning."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.core.errors import Conflict, Refused
from apps.members.models import Member
from apps.mentoring import services
from apps.mentoring.models import Engagement, Need, Offer, Proposal
from apps.mentoring.selectors.board import board_page
from apps.mentoring.selectors.hours import hours_by_offer, hours_page
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

pytestmark = pytest.mark.django_db
STEPS = 30


class Life:
    """One offer and three members that act on it in any order; what is refused changes nothing."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.offer = world.offer(places=2)
        self.leads: dict[int, tuple[Member, User]] = {}
        for n in range(3):
            member, lead = world.another(f"Body {n}", {"GOV.1": 0})
            self.leads[member.pk] = (member, lead)
            world.need(member, lead)
        for _invitation in range(2):
            self.invite()
        row = Proposal.objects.latest("pk")
        ours, lead = self.leads[row.need.member_id]
        for actor, member in ((world.cast.mentor, world.cast.mentor_partner), (lead, ours)):
            services.accept_invitation(actor=actor, member=member, public_id=row.public_id)

    def act(self) -> None:
        acts: list[Callable[[], object]] = [
            self.ask, self.invite, self.invite, self.accept, self.accept, self.accept, self.accept, self.decline,
            self.leave, self.undo, self.close, self.places, self.hold,
        ]  # fmt: skip
        with suppress(Refused, Conflict):
            self.dice.choice(acts)()

    def ask(self) -> None:
        member, lead = self.dice.choice(list(self.leads.values()))
        self.world.need(member, lead)

    def invite(self) -> None:
        if need := self._one(Need.objects.filter(state="sent")):
            services.propose_between(
                actor=self.world.cast.manager, programme=self.world.cast.programme, need=need.public_id,
                offer=self.offer.public_id,
            )  # fmt: skip

    def accept(self) -> None:
        if row := self._one(Proposal.objects.all()):
            actor, member = self._side(row.need.member)
            services.accept_invitation(actor=actor, member=member, public_id=row.public_id)

    def decline(self) -> None:
        if row := self._one(Proposal.objects.all()):
            actor, member = self._side(row.need.member)
            services.decline_invitation(actor=actor, member=member, public_id=row.public_id, reason="no_time")

    def leave(self) -> None:
        if row := self._one(Engagement.objects.going_on()):
            actor, member = self._side(row.member)
            services.leave_engagement(
                actor=actor, member=member, engagement=row.public_id, version=row.version, reason="time"
            )

    def undo(self) -> None:
        if row := self._one(Engagement.objects.filter(state="closed")):
            actor, member = self._side(row.member)
            services.undo_leaving(actor=actor, member=member, engagement=row.public_id)

    def close(self) -> None:
        if row := self._one(Engagement.objects.going_on()):
            actor, member = self._side(row.member)
            services.close_engagement(
                actor=actor, member=member, engagement=row.public_id, version=row.version, note="Done."
            )

    def places(self) -> None:
        cast, offer = self.world.cast, Offer.objects.get(pk=self.offer.pk)
        services.change_offer(
            actor=cast.mentor, member=cast.mentor_partner, public_id=offer.public_id, version=offer.version,
            places=self.dice.randint(1, 3),
        )  # fmt: skip

    def hold(self) -> None:
        if row := self._one(Engagement.objects.going_on()):
            services.log_session(
                actor=self.world.cast.mentor, member=self.world.cast.mentor_partner, engagement=row.public_id,
                held_on=localdate(), hours=Decimal(self.dice.randint(1, 4)), present="", notes="x", next_steps="",
            )  # fmt: skip

    def _one(self, rows):  # type: ignore[no-untyped-def]
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None

    def _side(self, member: Member) -> tuple[User, Member]:
        if self.dice.random() < 0.5:
            return self.world.cast.mentor, self.world.cast.mentor_partner
        ours, lead = self.leads[member.pk]
        return lead, ours


@pytest.mark.parametrize("seed", range(4))
def test_places_and_promised_hours_never_pass_the_offer_and_more_hours_are_always_told(
    world: World, seed: int
) -> None:
    life = Life(world, seed)
    for _step in range(STEPS):
        life.act()
        offer = Offer.objects.get(pk=life.offer.pk)
        going = Engagement.objects.going_on().filter(proposal__offer=offer)
        taken = going.count()
        assert taken <= offer.places
        assert taken * offer.hours_per_month <= offer.places * offer.hours_per_month
        assert going.values("member").distinct().count() == taken
        load = hours_by_offer(world.cast.programme).get(offer.pk)
        given = going.aggregate(n=Sum("sessions__hours"))["n"] or 0
        assert (load is not None and load.over) == (given > taken * offer.hours_per_month)


def test_an_offer_keeps_the_places_that_are_taken(world: World) -> None:
    row, cast = world.engagement(), world.cast
    offer = row.proposal.offer
    Engagement.objects.filter(pk=row.pk).update(state="paused")
    about = {"actor": cast.mentor, "member": cast.mentor_partner, "public_id": offer.public_id}
    with pytest.raises(Refused, match="1 member is being mentored"):
        services.change_offer(**about, version=offer.version, places=0)
    assert services.change_offer(**about, version=offer.version, places=1).places == 1


def log(world: World, row: Engagement, hours: int) -> str:
    """Log a session as the mentor and return the page that follows."""
    at = reverse("mentoring:new_session", args=[world.cast.mentor_partner.public_id, row.public_id])
    sent = {"held_on": localdate().isoformat(), "hours": str(hours), "notes": "We worked."}
    answer = signed_in(world.cast.mentor).post(at, sent, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_mentor_reads_a_warning_where_hours_are_written_down(world: World) -> None:
    row, cast = world.engagement(), world.cast
    warning = "More hours are written down for this month than were offered."
    form = reverse("mentoring:new_session", args=[cast.mentor_partner.public_id, row.public_id])
    client = signed_in(cast.mentor)
    assert "6 of 6 offered hours are left" in client.get(form).content.decode()
    assert warning not in log(world, row, 6)
    assert warning in log(world, row, 1)
    text = client.get(form).content.decode()
    assert "7 hours are written down for this month, and 6 were offered" in text
    assert "Over everything that you mentor it is 7 of 6 hours" in text
    theirs = reverse("mentoring:new_session", args=[cast.agency.public_id, row.public_id])
    assert "Over everything that you mentor" not in signed_in(cast.lead).get(theirs).content.decode()


def test_the_board_warns_beside_the_offer(world: World) -> None:
    row = world.engagement()
    log(world, row, 9)
    world.need(world.cast.other, world.cast.other_lead)
    round_ = world.solve(world.round("Two"))
    page = board_page(world.cast.manager, world.cast.programme.public_id, round_.public_id, {})
    assert [c.over is not None for c in page.capacity] == [True]
    at = reverse("mentoring:board", args=[world.cast.programme.public_id, round_.public_id])
    text = signed_in(world.cast.manager).get(at).content.decode()
    assert "More hours this month than offered: 9 of 6." in text


def test_one_question_for_any_number(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    row = world.engagement()
    with django_assert_num_queries(1):
        hours_by_offer(world.cast.programme)
    page = hours_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
    assert page.partner is None and not page.over
