"""Invitations: one success for one place, reasons, time limits, policies."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from apps.core.errors import Conflict, Refused
from apps.members.models import Grant
from apps.mentoring import selectors, services
from apps.mentoring.models import Agreement, Engagement, MatchingRound, Need, Proposal, Urgency
from tests.factories import OrganisationFactory
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World, make_world
from tests.people import make_cast
from tests.together import at_once

LANES: list[dict[str, str]] = [{}, {"kind": "between"}, {"mode": "two_stage"}]


def many_invitations(world: World, count: int, **lane: str) -> list[Proposal]:
    """`count` invitations to one offer of one place, each accepted by its member already; `lane` is the kind of round."""
    cast = world.cast
    offer = world.offer(places=1)
    first = world.need()
    round_ = MatchingRound.objects.create(programme=cast.programme, name="Full", state="published", **lane)
    rows = []
    for n in range(count):
        member = cast.agency if n == 0 else OrganisationFactory(name=f"Body {n}", nation=cast.nation)
        need = first if n == 0 else Need.objects.create(
            member=member, programme=cast.programme, result=first.result, area="GOV.1", area_name="Direction", indicators=[],
            now_level=1, wanted_level=2, priority=1, languages=["en"], asked_by=cast.lead,
        )  # fmt: skip
        rows.append(
            Proposal.objects.create(
                round=round_, need=need, offer=offer, score=1, decision="accepted", reply_by=localdate(),
                member_reply="accepted", member_replied_by=cast.lead,
            )
        )  # fmt: skip
    return rows


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lane", LANES, ids=["round", "between rounds", "two stages"])
def test_twenty_parallel_acceptances_of_the_last_place_give_one_engagement(lane: dict[str, str]) -> None:
    world = make_world(make_cast())
    rows = many_invitations(world, 20, **lane)
    if lane.get("kind") == "between":
        Urgency.objects.bulk_create(
            Urgency(
                need=row.need, reason="incident", note="Now.", asked_by=world.cast.lead, state="confirmed"
            )
            for row in rows
        )
    mentor, partner = world.cast.mentor, world.cast.mentor_partner
    outcomes: Counter[str] = Counter()

    def accept(public_id: str) -> None:
        # SQLite in memory refuses where a file or PostgreSQL would wait; a person would press the button again.
        for _attempt in range(400):
            try:
                made = services.accept_invitation(actor=mentor, member=partner, public_id=public_id)
            except Conflict:
                outcomes["full"] += 1
                return
            except OperationalError:
                time.sleep(0.02)
            else:
                outcomes["started" if made else "waits"] += 1
                return

    assert at_once(*(partial(accept, row.public_id) for row in rows)) == []
    assert outcomes == {"started": 1, "full": 19}
    assert Engagement.objects.count() == 1 and Agreement.objects.count() == 1
    assert Proposal.objects.filter(mentor_reply="accepted").count() == 1


def test_accepting_twice_starts_one_engagement(world: World) -> None:
    engagement = world.engagement()
    again = services.accept_invitation(
        actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=engagement.proposal.public_id
    )
    assert again == engagement and Grant.objects.count() == 1


def test_full_mentor_is_a_conflict_in_words(world: World) -> None:
    rows = many_invitations(world, 2)
    services.accept_invitation(
        actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=rows[0].public_id
    )
    client = signed_in(world.cast.mentor)
    answer = client.post(
        reverse("mentoring:accept", args=[world.cast.mentor_partner.public_id, rows[1].public_id])
    )
    assert answer.status_code == 409
    assert "The last place of this mentor has been taken" in answer.content.decode()
    page = client.get(
        reverse("mentoring:invitation", args=[world.cast.mentor_partner.public_id, rows[1].public_id])
    )
    assert "The last place of this mentor has been taken" in page.content.decode()


def test_declined_request_waits_for_the_next_round(world: World) -> None:
    proposal = world.invited()
    client = signed_in(world.cast.mentor)
    url = reverse("mentoring:decline", args=[world.cast.mentor_partner.public_id, proposal.public_id])
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"reason": "no_time"}).status_code == 302
    assert proposal.need.__class__.objects.get(pk=proposal.need_id).state == "sent"
    page = signed_in(world.cast.manager).get(
        reverse("mentoring:board", args=[world.cast.programme.public_id, proposal.round.public_id])
    )
    assert "No time in this period" in page.content.decode()
    with pytest.raises(Refused, match="was declined"):
        services.accept_invitation(
            actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id
        )
    second = world.solve(world.round("Round 2"))
    assert second.proposals.count() == 1


def test_invitation_that_ran_out_cannot_be_accepted_and_frees_the_request(world: World) -> None:
    proposal = world.invited()
    Proposal.objects.update(reply_by=localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="time to answer"):
        services.accept_invitation(
            actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id
        )
    world.round("Round 2")
    assert Need.objects.get().state == "sent"


def test_withdrawn_offer_cannot_be_accepted(world: World) -> None:
    proposal = world.invited()
    offer = proposal.offer
    services.withdraw_offer(
        actor=world.cast.mentor,
        member=world.cast.mentor_partner,
        public_id=offer.public_id,
        version=offer.version,
    )
    with pytest.raises(Refused, match="withdrawn"):
        services.accept_invitation(
            actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id
        )


def test_only_a_lead_gives_consent(world: World) -> None:
    proposal = world.invited()
    with pytest.raises(PermissionDenied):
        services.accept_invitation(
            actor=world.cast.respondent, member=world.cast.agency, public_id=proposal.public_id
        )
    with pytest.raises(PermissionDenied):
        services.accept_invitation(
            actor=world.cast.lead, member=world.cast.mentor_partner, public_id=proposal.public_id
        )
    with pytest.raises(Http404):
        services.accept_invitation(
            actor=world.cast.other_lead, member=world.cast.other, public_id=proposal.public_id
        )


def test_failed_start_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.mentoring.services import replies

    proposal = world.invited()
    services.accept_invitation(actor=world.cast.lead, member=world.cast.agency, public_id=proposal.public_id)

    def broken(*args: object) -> None:
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(replies, "_tell_started", broken)
    with pytest.raises(RuntimeError):
        services.accept_invitation(
            actor=world.cast.mentor, member=world.cast.mentor_partner, public_id=proposal.public_id
        )
    proposal.refresh_from_db()
    assert proposal.mentor_reply == "waiting"
    assert not Engagement.objects.exists() and not Grant.objects.exists()


def test_waiting_tells_each_person_what_to_do(world: World) -> None:
    cast = world.cast
    world.invited()
    for person in (cast.lead, cast.mentor):
        (waiting,) = selectors.waiting_for(person)
        assert "Answer the invitation" in waiting.text
        assert signed_in(person).get(waiting.url).status_code == 200
    assert selectors.waiting_for(cast.respondent) == []
    world.need(cast.other, cast.other_lead)
    world.solve(world.round("Round 2"))
    (review,) = selectors.waiting_for(cast.manager)
    assert review.text == "Round 2: 1 proposal to decide"


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_and_invitations_ask_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    rows = many_invitations(world, count)
    with django_assert_num_queries(9):  # one of them asks what is owed around the end of the work
        assert len(selectors.waiting_for(world.cast.mentor)) == len(rows)
    with django_assert_num_queries(5):
        selectors.engagements_page(world.cast.mentor, world.cast.mentor_partner.public_id)


def test_viewer_of_the_mentor_partner_does_not_see_the_workspace(world: World) -> None:
    from tests.factories import UserFactory, join

    engagement = world.engagement()
    reader = UserFactory()
    join(world.cast.mentor_partner, reader, "viewer")
    url = reverse("mentoring:engagement", args=[world.cast.mentor_partner.public_id, engagement.public_id])
    assert signed_in(reader).get(url).status_code == 404
    assert (
        signed_in(world.cast.viewer)
        .get(reverse("mentoring:engagement", args=[world.cast.agency.public_id, engagement.public_id]))
        .status_code
        == 200
    )


@pytest.mark.parametrize("count", [1, 3])
def test_engagement_lists_ask_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    rows = many_invitations(world, count)
    rows[0].offer.places = count
    rows[0].offer.save()
    cast = world.cast
    for row in rows:
        made = services.accept_invitation(
            actor=cast.mentor, member=cast.mentor_partner, public_id=row.public_id
        )
        assert made is not None
    for n in range(count):
        services.log_session(
            actor=cast.mentor, member=cast.mentor_partner, engagement=made.public_id,
            held_on=made.starts_on, hours=1, present="", notes=f"Note {n}", next_steps="",
        )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(selectors.programme_engagements(cast.manager, cast.programme.public_id).rows) == count
    with django_assert_num_queries(10):
        selectors.workspace(cast.mentor, cast.mentor_partner.public_id, made.public_id)
