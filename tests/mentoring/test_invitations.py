"""Invitations end by themselves: reminder, last day, more time, taken back; on days that stand still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Notification
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.mentoring import selectors, services
from apps.mentoring.models import Need, Proposal
from apps.mentoring.selectors import pairs
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

START = datetime(2030, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Let the clock stand still, so many days after 4 March 2030."""

    def stand(days: float) -> None:
        moment = START + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    stand(0)
    return stand


def told(kind: str) -> list[str]:
    """Who was told, by address."""
    return sorted(Notification.objects.filter(kind=kind).values_list("user__email", flat=True))


def test_reminder_goes_once_three_days_before_to_whoever_is_silent(world: World, on_day) -> None:  # type: ignore[no-untyped-def]
    proposal = world.invited()
    assert proposal.invited_on and proposal.reply_by == proposal.invited_on + timedelta(days=14)
    services.accept_invitation(actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id)
    on_day(10)
    services.keep_invitations()
    assert told("reply_soon") == []
    for hours in (0, 1, 25):
        on_day(11 + hours / 24)
        services.keep_invitations()
    assert told("reply_soon") == [world.cast.mentor.email]


def test_expiry_frees_the_place_and_the_request_without_anybody_doing_anything(world: World, on_day) -> None:  # type: ignore[no-untyped-def]
    proposal = world.invited()
    on_day(14)
    assert pairs.supply_of(world.cast.programme).needs == ()
    assert pairs.places_taken([proposal.offer])[proposal.offer_id] == 1
    on_day(15)
    assert [n.pk for n in pairs.supply_of(world.cast.programme).needs] == [proposal.need_id]
    assert pairs.places_taken([proposal.offer])[proposal.offer_id] == 0
    assert services.keep_invitations() == 1 and services.keep_invitations() == 0
    assert Need.objects.get().state == "sent"
    everybody = sorted([world.cast.lead.email, world.cast.mentor.email, world.cast.manager.email])
    assert told("invitation_ran_out") == everybody
    assert AuditEntry.objects.filter(action="proposal.ran_out").count() == 1
    board = reverse("mentoring:board", args=[world.cast.programme.public_id, proposal.round.public_id])
    assert "Ran out" in signed_in(world.cast.manager).get(board).content.decode()
    with pytest.raises(Refused, match="time to answer"):
        services.accept_invitation(
            actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id
        )


def test_both_sides_read_the_last_day(world: World, on_day) -> None:  # type: ignore[no-untyped-def]
    proposal = world.invited()
    for user, member in (
        (world.cast.lead, world.cast.agency),
        (world.cast.mentor, world.cast.mentor_partner),
    ):
        url = reverse("mentoring:invitation", args=[member.public_id, proposal.public_id])
        assert (
            selectors.invitation_page(user, member.public_id, proposal.public_id).reply_by
            == proposal.reply_by
        )
        assert "18 March 2030" in signed_in(user).get(url).content.decode()


def test_more_time_moves_the_day_and_reminds_anew(world: World, on_day) -> None:  # type: ignore[no-untyped-def]
    proposal = world.invited()
    on_day(12)
    services.keep_invitations()
    url = reverse(
        "mentoring:invitation_time",
        args=[world.cast.programme.public_id, proposal.round.public_id, proposal.public_id],
    )
    client = signed_in(world.cast.manager)
    sent = {"version": proposal.version}
    assert "18 March 2030" in client.get(url).content.decode()
    for bad in ("", "2030-03-18", "2030-06-30", "2030-13-01"):
        assert client.post(url, {**sent, "until": bad}).status_code == 422
    assert client.post(url, {**sent, "until": "2030-03-25"}).status_code == 302
    assert client.post(url, {**sent, "until": "2030-03-29"}).status_code == 409
    assert told("invitation_extended") == sorted([world.cast.lead.email, world.cast.mentor.email])
    on_day(16)
    assert services.keep_invitations() == 0
    on_day(18)
    services.keep_invitations()
    assert len(told("reply_soon")) == 4
    services.accept_invitation(actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id)


def test_taken_back_frees_both_and_cannot_be_answered(world: World) -> None:
    proposal = world.invited()
    url = reverse(
        "mentoring:withdraw_invitation",
        args=[world.cast.programme.public_id, proposal.round.public_id, proposal.public_id],
    )
    assert signed_in(world.cast.manager).post(url, {"version": proposal.version}).status_code == 302
    assert Need.objects.get().state == "sent"
    assert pairs.places_taken([proposal.offer])[proposal.offer_id] == 0
    assert told("invitation_withdrawn") == sorted([world.cast.lead.email, world.cast.mentor.email])
    with pytest.raises(Refused, match="taken this invitation back"):
        services.accept_invitation(
            actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=proposal.public_id
        )
    with pytest.raises(Refused, match="no longer open"):
        services.withdraw_invitation(
            actor=world.cast.manager, programme=world.cast.programme, round_id=proposal.round.public_id,
            public_id=proposal.public_id, version=9,
        )  # fmt: skip


def test_a_pair_nobody_was_invited_to_has_no_time(world: World) -> None:
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    proposal: Proposal = round_.proposals.get()
    with pytest.raises(Http404):
        selectors.invitation_time_page(
            world.cast.manager, world.cast.programme.public_id, round_.public_id, proposal.public_id
        )
