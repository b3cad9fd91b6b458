"""The waiting list, the urgent lane between rounds, and asking again."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.urls import reverse
from django.utils.timezone import localdate, now

from apps.accounts.models import Notification
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.matching import parse_problem, solve
from apps.mentoring import selectors, services
from apps.mentoring.models import Engagement, MatchingRound, Need, Offer, Proposal, Urgency
from apps.mentoring.services.people import managers_of
from tests.factories import OrganisationFactory
from tests.mentoring.test_flow import signed_in
from tests.mentoring.test_invitations import told
from tests.mentoring.world import World, make_world
from tests.people import make_cast
from tests.together import at_once


def waiting(world: World) -> selectors.waiting.WaitingPage:  # type: ignore[name-defined]
    return selectors.waiting_page(world.cast.manager, world.cast.programme.public_id)


def urgent(world: World, need: Need, **more: str) -> Urgency:
    given = {"reason": "incident", "note": "Mail is down.", **more}
    return services.mark_urgent(actor=world.cast.lead, member=world.cast.agency, need=need.public_id, **given)


def answered(world: World, mark: Urgency, *, confirm: bool, answer: str = "") -> Proposal | None:
    return services.answer_urgency(
        actor=world.cast.manager, programme=world.cast.programme, public_id=mark.public_id, confirm=confirm, answer=answer
    )  # fmt: skip


def between(world: World, need: Need, offer: str = "") -> Proposal:
    return services.propose_between(
        actor=world.cast.manager, programme=world.cast.programme, need=need.public_id, offer=offer
    )


def test_list_is_in_order_with_cause_and_with_who_fits(world: World) -> None:
    cast = world.cast
    late = world.need(cast.other, cast.other_lead, "GOV.2")
    early = world.need(area="GOV.2")
    Need.objects.filter(pk=late.pk).update(priority=5)
    Need.objects.filter(pk=early.pk).update(priority=5, asked_at=now() - timedelta(days=40))
    first = world.need(area="RES.1")
    Need.objects.filter(pk=first.pk).update(priority=9)
    world.offer(area="GOV.2")
    rows = waiting(world).rows
    assert [r.need_id for r in rows] == [first.public_id, early.public_id, late.public_id]
    assert rows[0].cause == "No open offer meets the conditions of this request." and rows[0].fits == []
    assert [f.mentor for f in rows[1].fits] == [cast.mentor_partner.name] and rows[1].days == 40
    urgent(world, early)
    assert waiting(world).rows[0].need_id == first.public_id
    Urgency.objects.update(state="confirmed")
    assert waiting(world).rows[0].need_id == early.public_id


def test_one_tap_invites_both_sides_outside_the_round_and_can_be_replayed(world: World) -> None:
    need, offer = world.need(), world.offer()
    open_round = world.solve(world.round())
    assert open_round.proposals.count() == 1
    url = reverse("mentoring:propose_between", args=[world.cast.programme.public_id, need.public_id])
    assert signed_in(world.cast.manager).post(url, {"offer": offer.public_id}).status_code == 302
    assert open_round.proposals.count() == 0
    row = Proposal.objects.get()
    assert row.reply_by == localdate() + timedelta(days=14) and row.round.kind == "between"
    assert told("proposal") == sorted([world.cast.lead.email, world.cast.mentor.email])
    stored = MatchingRound.objects.get(pk=row.round_id)
    assert stored.problem and stored.answer
    assert solve(parse_problem(stored.problem)).as_document() == stored.answer
    with pytest.raises(Refused, match="no longer waits"):
        between(world, need)
    for side, user in ((world.cast.agency, world.cast.lead), (world.cast.mentor_partner, world.cast.mentor)):
        services.accept_invitation(actor=user, member=side, public_id=row.public_id)
    assert Engagement.objects.count() == 1


def test_what_does_not_fit_is_refused_and_leaves_nothing(world: World) -> None:
    need = world.need()
    with pytest.raises(Refused, match="No open offer meets"):
        between(world, need)
    offer = world.offer(languages=["fr"])
    with pytest.raises(Refused, match="does not meet the conditions"):
        between(world, need, offer.public_id)
    other = world.need(area="GOV.2", readiness={})
    with pytest.raises(Refused, match="not ready"):
        between(world, other)
    assert not MatchingRound.objects.exists() and Need.objects.get(pk=need.pk).state == "sent"
    with pytest.raises(PermissionDenied):
        services.propose_between(actor=world.cast.lead, programme=world.cast.programme, need=need.public_id)


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_the_last_place_at_once_invite_one_member() -> None:
    world = make_world(make_cast())
    needs = [world.need(), world.need(world.cast.other, world.cast.other_lead)]
    offer = world.offer(places=1)
    outcomes: Counter[str] = Counter()

    def propose(need: Need) -> None:
        for _attempt in range(400):
            try:
                between(world, need, offer.public_id)
            except Refused:
                outcomes["full"] += 1
                return
            except OperationalError:
                time.sleep(0.02)
            else:
                outcomes["invited"] += 1
                return

    assert at_once(*[lambda need=need: propose(need) for need in needs]) == []  # type: ignore[misc]
    assert outcomes == {"invited": 1, "full": 1} and Proposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_urgent_requests_confirmed_at_once_invite_as_many_as_there_are_places() -> None:
    world = make_world(make_cast())
    world.offer(places=1)
    first, cast = world.need(), world.cast
    needs = [first, *(_another_need(world, first, n) for n in range(19))]
    marks = [
        Urgency.objects.create(need=need, reason="incident", note="Now.", asked_by=cast.lead)
        for need in needs
    ]
    outcomes: Counter[bool] = Counter()

    def confirm(mark: Urgency) -> None:
        for _attempt in range(1500):
            try:
                outcomes[answered(world, mark, confirm=True) is not None] += 1
            except OperationalError:
                time.sleep(0.02)
            else:
                return

    assert at_once(*[lambda mark=mark: confirm(mark) for mark in marks]) == []  # type: ignore[misc]
    assert outcomes == {True: 1, False: 19}
    assert Proposal.objects.count() == 1 and Urgency.objects.filter(state="confirmed").count() == 20


def _another_need(world: World, first: Need, n: int) -> Need:
    member = OrganisationFactory(name=f"Body {n}", nation=world.cast.nation)
    copied = ("programme", "result", "area", "area_name", "languages", "readiness", "asked_by")
    return Need.objects.create(
        member=member, indicators=[], now_level=1, wanted_level=2, priority=1, mode="either",
        **{name: getattr(first, name) for name in copied},
    )  # fmt: skip


def test_office_hears_once_of_a_place_that_a_waiting_request_fits(world: World) -> None:
    cast = world.cast
    offer = world.offer(places=1)
    assert told("place_free") == []
    proposal = between(world, world.need())
    world.need(cast.other, cast.other_lead)
    services.decline_invitation(
        actor=cast.mentor, member=cast.mentor_partner, public_id=proposal.public_id, reason="no_time"
    )
    (note,) = Notification.objects.filter(kind="place_free")
    assert note.user == managers_of(cast.programme)[0]
    rows = waiting(world).rows
    assert {r.member: [f.tried for f in r.fits] for r in rows} == {
        cast.agency.name: [True],
        cast.other.name: [False],
    }
    offer.refresh_from_db()
    services.change_offer(
        actor=cast.mentor,
        member=cast.mentor_partner,
        public_id=offer.public_id,
        version=offer.version,
        places=2,
    )
    assert len(told("place_free")) == 2
    page = signed_in(cast.manager).get(reverse("mentoring:waiting", args=[cast.programme.public_id]))
    assert "ended without an engagement" in page.content.decode()


def test_a_new_offer_or_a_closed_engagement_is_told_when_somebody_waits(world: World) -> None:
    cast = world.cast
    engagement = world.engagement()
    Offer.objects.update(places=1)
    world.need(cast.other, cast.other_lead)
    Notification.objects.all().delete()
    services.close_engagement(
        actor=cast.lead,
        member=cast.agency,
        engagement=engagement.public_id,
        version=engagement.version,
        note="Done.",
    )
    assert len(told("place_free")) == 1
    world.need(area="RES.1")
    world.offer(area="RES.1", track_record="Ten years of it.")
    assert len(told("place_free")) == 2


def test_member_reads_why_it_waits_and_what_would_change_it(world: World) -> None:
    need = world.need(mode="visit")

    def wait() -> selectors.needs.Wait:  # type: ignore[name-defined]
        return selectors.needs_page(world.cast.lead, world.cast.agency.public_id).rows[0].wait

    assert wait().cause == "Nobody offers this area yet."
    offer = world.offer(languages=["fr"], places=1)
    assert wait().changes == ["One of these languages would do as well: Français."]
    Offer.objects.filter(pk=offer.pk).update(languages=["en"], mode="remote")
    assert wait().changes == ["Another way of working would do: Remote."]
    Offer.objects.filter(pk=offer.pk).update(mode="either")
    assert wait().cause == "The programme office has not proposed a pair yet."
    between(world, world.need(world.cast.other, world.cast.other_lead))
    assert wait().cause == "Every mentor who could help is full."
    Need.objects.filter(pk=need.pk).update(readiness={})
    assert wait().cause == "It can be matched once you are ready."


def test_private_wish_changes_no_text_of_the_one_it_is_about(world: World) -> None:
    world.need()
    world.offer()
    url = reverse("mentoring:needs", args=[world.cast.agency.public_id])
    client = signed_in(world.cast.lead)
    client.get(url)
    before = client.get(url).content
    services.exclude_member(
        actor=world.cast.mentor, member=world.cast.mentor_partner, other=world.cast.agency.public_id
    )
    assert strip(client.get(url).content) == strip(before)
    assert [f.mentor for f in waiting(world).rows[0].fits] == [world.cast.mentor_partner.name]


def strip(page: bytes) -> str:
    """The words of the page itself."""
    return re.sub(r"<[^>]+>", " ", page.decode().partition("<main")[2])


def test_urgent_is_confirmed_paired_at_once_and_has_three_days(world: World) -> None:
    cast = world.cast
    busy = between(
        world, world.need(cast.other, cast.other_lead, "GOV.2"), world.offer(area="GOV.2").public_id
    )
    need = world.need()
    world.offer()
    mark = urgent(world, need)
    assert told("urgent_asked") == [cast.manager.email]
    assert any("is urgent" in w.text for w in selectors.waiting_for(cast.manager))
    url = reverse("mentoring:urgency", args=[cast.programme.public_id, mark.public_id])
    client = signed_in(cast.manager)
    assert "Mail is down." in client.get(url).content.decode()
    assert client.post(url, {"confirm": "yes"}).status_code == 302
    row = Proposal.objects.get(need=need)
    assert row.reply_by == localdate() + timedelta(days=3)
    assert Proposal.objects.filter(pk=busy.pk, decision="accepted").exists()
    assert told("urgent_confirmed") == [cast.lead.email]
    assert (
        AuditEntry.objects.filter(action="need.urgent_confirmed", chain_id=cast.agency.public_id).count() == 1
    )
    with pytest.raises(Conflict):
        answered(world, mark, confirm=True)


def test_confirmed_without_a_place_stands_first_and_can_wait_is_told_with_a_sentence(world: World) -> None:
    first, second = world.need(), world.need(area="RES.1")
    mark = urgent(world, first)
    assert answered(world, mark, confirm=True) is None
    assert waiting(world).rows[0].need_id == first.public_id
    other = urgent(world, second, reason="deadline")
    with pytest.raises(Refused, match="why it can wait"):
        answered(world, other, confirm=False)
    answered(world, other, confirm=False, answer="The deadline is in May.")
    page = signed_in(world.cast.lead).get(reverse("mentoring:needs", args=[world.cast.agency.public_id]))
    assert "The deadline is in May." in page.content.decode()


def test_two_urgent_marks_a_year_and_no_more(world: World) -> None:
    needs = [world.need(area=area) for area in ("GOV.1", "GOV.2", "RES.1")]
    urgent(world, needs[0])
    with pytest.raises(Refused, match="already"):
        urgent(world, needs[0])
    urgent(world, needs[1])
    with pytest.raises(Refused, match="2 requests as urgent within a year"):
        urgent(world, needs[2])
    url = reverse("mentoring:mark_urgent", args=[world.cast.agency.public_id, needs[2].public_id])
    client = signed_in(world.cast.lead)
    assert "No urgent mark is left" in client.get(url).content.decode()
    assert client.post(url, {"reason": "incident", "note": "Now."}).status_code == 422
    Urgency.objects.update(asked_at=now() - timedelta(days=366))
    assert client.post(url, {"reason": "", "note": ""}).status_code == 422
    assert client.post(url, {"reason": "incident", "note": "Now."}).status_code == 302


def test_asking_again_after_an_early_end_counts_the_earlier_wait(world: World) -> None:
    cast = world.cast
    engagement = world.engagement()
    old = engagement.proposal.need
    Need.objects.filter(pk=old.pk).update(asked_at=now() - timedelta(days=30))
    with pytest.raises(Refused, match="is closed"):
        services.ask_again(actor=cast.lead, member=cast.agency, public_id=old.public_id)
    services.close_engagement(
        actor=cast.lead,
        member=cast.agency,
        engagement=engagement.public_id,
        version=engagement.version,
        note="Ended.",
    )
    url = reverse("mentoring:ask_again", args=[cast.agency.public_id, old.public_id])
    assert signed_in(cast.lead).post(url).status_code == 302
    again = Need.objects.get(again_of=old)
    assert again.note == old.note and again.languages == old.languages and not again.missing
    (row,) = waiting(world).rows
    assert row.days == 30 and row.again
    # The earlier partner is among those who fit, whatever was said in private; the two are not invited for all that.
    assert [f.mentor for f in row.fits] == [cast.mentor_partner.name]
    services.exclude_member(actor=cast.lead, member=cast.agency, other=cast.mentor_partner.public_id)
    assert waiting(world).rows[0].fits == row.fits
    with pytest.raises(Refused, match="does not meet the conditions"):
        between(world, again, row.fits[0].offer_id)
    with pytest.raises(Refused, match="already ask"):
        services.ask_again(actor=cast.lead, member=cast.agency, public_id=old.public_id)


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_list_asks_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    world.offer()
    for n in range(count):
        member, user = world.another(f"Body {n}", {"GOV.1": 0})
        world.need(member, user)
    with django_assert_num_queries(10):
        assert len(waiting(world).rows) == count
