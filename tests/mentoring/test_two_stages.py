"""A round in two stages: shortlists, calls, feedback in confidence, the final match."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.matching import parse_problem, solve
from apps.members.models import Member
from apps.mentoring import selectors, services
from apps.mentoring.models import CallNote, MatchingRound, Proposal, Shortlisted
from tests.mentoring.test_flow import signed_in
from tests.mentoring.test_invitations import told
from tests.mentoring.world import World

SECRET = "Spoke over us all the time."


def opened(world: World) -> MatchingRound:
    return services.open_round(
        actor=world.cast.manager, programme=world.cast.programme, name="Two", mode="two_stage"
    )


def second_mentor(world: World) -> Member:
    partner = world.cast.mentor_partner
    same = {name: getattr(partner, name) for name in ("sector", "region", "time_zone", "legal_tradition")}
    member, user = world.another("School", {"GOV.1": 5}, mentor=True, **same)
    world.offer(member, user)
    return member


def calls(world: World) -> MatchingRound:
    """A request, two mentors, shortlists sent."""
    world.need()
    world.offer()
    second_mentor(world)
    round_ = services.make_shortlists(
        actor=world.cast.manager, programme=world.cast.programme, public_id=opened(world).public_id
    )
    return services.send_shortlists(
        actor=world.cast.manager,
        programme=world.cast.programme,
        public_id=round_.public_id,
        version=round_.version,
    )


def listed(world: World, mentor: Member) -> Shortlisted:
    return Shortlisted.objects.get(offer__member=mentor)


def note(
    world: World, mentor: Member, stars: int, *, by_mentor: bool = False, words: str = SECRET
) -> CallNote:
    user, member = (
        (world.cast.mentor, world.cast.mentor_partner) if by_mentor else (world.cast.lead, world.cast.agency)
    )
    return services.note_call(
        actor=user,
        member=member,
        public_id=listed(world, mentor).public_id,
        held_on=localdate(),
        stars=stars,
        words=words,
    )


def test_shortlists_are_worked_out_reviewed_and_sent(world: World) -> None:
    world.need()
    world.offer()
    second_mentor(world)
    client = signed_in(world.cast.manager)
    programme = world.cast.programme.public_id
    made = client.post(reverse("mentoring:rounds", args=[programme]), {"name": "Two", "mode": "two_stage"})
    round_ = MatchingRound.objects.get()
    page = reverse("mentoring:shortlists", args=[programme, round_.public_id])
    assert made.status_code == 302 and made.url == page
    assert "No shortlist yet" in client.get(page).content.decode()
    with pytest.raises(Refused, match="send the shortlists first"):
        world.solve(round_)
    assert client.post(page + "make/").status_code == 302
    assert Shortlisted.objects.count() == 2 and told("shortlist_sent") == []
    with pytest.raises(PermissionDenied):
        services.make_shortlists(
            actor=world.cast.lead, programme=world.cast.programme, public_id=round_.public_id
        )
    off = listed(world, world.cast.mentor_partner)
    client.post(f"{page}{off.public_id}/", {"version": off.version, "keep": "no"})
    round_.refresh_from_db()
    assert "School" in client.get(page).content.decode()
    assert client.post(page + "send/", {"version": round_.version}).status_code == 302
    assert told("shortlist_sent")[0] == world.cast.lead.email and world.cast.mentor.email not in told(
        "shortlist_sent"
    )
    (row,) = selectors.calls_page(world.cast.lead, world.cast.agency.public_id).rows
    assert row.other == "School"
    assert selectors.calls_page(world.cast.mentor, world.cast.mentor_partner.public_id).rows == []


def test_feedback_is_a_factor_that_sums_and_the_final_answer_is_proved(world: World) -> None:
    round_ = calls(world)
    before = {r.offer.member.name: r.score for r in Shortlisted.objects.select_related("offer__member")}
    note(world, world.cast.mentor_partner, 1)
    note(world, Member.objects.get(name="School"), 5)
    final = world.solve(round_)
    (row,) = final.proposals.all()
    assert row.offer.member.name == "School"
    assert {r["name"]: r["contribution"] for r in row.reasons}["preference"] == "0.50"
    assert (
        sum(Decimal(r["contribution"]) for r in row.reasons)
        == row.score
        == before["School"] + Decimal("0.50")
    )
    answer = final.answer
    assert answer and answer["certificate"]["proved_optimal"]
    assert solve(parse_problem(final.problem)).as_document() == answer
    with pytest.raises(Refused, match="notes on calls are closed"):
        note(world, world.cast.mentor_partner, 5)
    world.decide(row, "accept")
    world.publish(final)
    assert Proposal.objects.pending().count() == 1


def test_what_a_side_said_is_nowhere_on_the_other_sides_pages_nor_in_its_record(world: World) -> None:
    round_ = calls(world)
    partner = world.cast.mentor_partner
    lead, agency = signed_in(world.cast.lead), world.cast.agency
    row = listed(world, partner)
    urls = [
        reverse("mentoring:calls", args=[agency.public_id]),
        reverse("mentoring:call", args=[agency.public_id, row.public_id]),
        reverse("mentoring:needs", args=[agency.public_id]),
        reverse("mentoring:engagements", args=[agency.public_id]),
    ]
    before = [words(lead.get(url).content) for url in urls]
    chain = AuditEntry.objects.filter(chain_id=agency.public_id).count()
    note(world, partner, 2, by_mentor=True)
    assert [words(lead.get(url).content) for url in urls] == before
    assert AuditEntry.objects.filter(chain_id=agency.public_id).count() == chain
    own = signed_in(world.cast.mentor).get(reverse("mentoring:call", args=[partner.public_id, row.public_id]))
    assert SECRET in own.content.decode()
    office = signed_in(world.cast.manager).get(
        reverse("mentoring:shortlists", args=[world.cast.programme.public_id, round_.public_id])
    )
    assert SECRET in office.content.decode() and "2 of 5" in office.content.decode()


def words(page: bytes) -> str:
    import re

    return re.sub(r"<[^>]+>|\s+", " ", page.decode().partition("<main")[2])


def test_the_invitation_shows_a_score_without_what_was_said(world: World) -> None:
    calls(world)
    partner = world.cast.mentor_partner
    base = selectors.call_page(
        world.cast.lead, world.cast.agency.public_id, listed(world, partner).public_id
    )[1].score
    note(world, partner, 5)
    note(world, partner, 5, by_mentor=True)
    round_ = world.solve(MatchingRound.objects.get())
    (row,) = round_.proposals.all()
    world.decide(row, "accept")
    world.publish(round_)
    for user, member in ((world.cast.lead, world.cast.agency), (world.cast.mentor, partner)):
        assert selectors.invitation_page(user, member.public_id, row.public_id).score == base
        url = reverse("mentoring:invitation", args=[member.public_id, row.public_id])
        text = signed_in(user).get(url).content.decode()
        assert SECRET not in text and "of 5" not in text


def test_calls_are_read_by_leads_and_mentors_of_the_pair_only(world: World) -> None:
    calls(world)
    row = listed(world, world.cast.mentor_partner)
    with pytest.raises(PermissionDenied):
        selectors.calls_page(world.cast.viewer, world.cast.agency.public_id)
    with pytest.raises(Http404):
        selectors.call_page(world.cast.other_lead, world.cast.other.public_id, row.public_id)
    with pytest.raises(PermissionDenied):
        services.note_call(
            actor=world.cast.respondent,
            member=world.cast.agency,
            public_id=row.public_id,
            held_on=localdate(),
            stars=3,
        )
    client = signed_in(world.cast.lead)
    url = reverse("mentoring:call", args=[world.cast.agency.public_id, row.public_id])
    for bad in (
        {},
        {"held_on": "2999-01-01", "stars": "3"},
        {"held_on": "2001-01-01", "stars": "3"},
        {"held_on": str(localdate()), "stars": "6"},
    ):
        assert client.post(url, bad).status_code == 422
    assert client.post(url, {"held_on": str(localdate()), "stars": "4", "words": "Good."}).status_code == 302
    assert client.post(url, {"held_on": str(localdate()), "stars": "2", "words": ""}).status_code == 302
    assert CallNote.objects.get().stars == 2
    assert any("call to hold" in w.text for w in selectors.waiting_for(world.cast.lead))


def test_nobody_in_common_is_said_and_leaves_the_round_as_it_was(world: World) -> None:
    world.need(languages=["fr"])
    world.offer()
    round_ = opened(world)
    with pytest.raises(Refused, match="no shortlist"):
        services.make_shortlists(
            actor=world.cast.manager, programme=world.cast.programme, public_id=round_.public_id
        )
    round_.refresh_from_db()
    assert round_.state == "collecting" and not Shortlisted.objects.exists()


def test_a_request_that_came_after_the_lists_waits_for_the_next_round(world: World) -> None:
    round_ = calls(world)
    late = world.need(world.cast.other, world.cast.other_lead)
    final = world.solve(round_)
    assert late.pk not in final.proposals.values_list("need", flat=True)
    assert late.public_id in {row["member"] for row in (final.answer or {})["unmatched"]}


@pytest.mark.parametrize("count", [1, 3])
def test_shortlists_and_calls_ask_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for n in range(count):
        member, user = world.another(f"Body {n}", {"GOV.1": 0})
        world.need(member, user)
    world.offer(places=5)
    round_ = services.make_shortlists(
        actor=world.cast.manager, programme=world.cast.programme, public_id=opened(world).public_id
    )
    services.send_shortlists(
        actor=world.cast.manager,
        programme=world.cast.programme,
        public_id=round_.public_id,
        version=round_.version,
    )
    with django_assert_num_queries(10):
        assert (
            len(
                selectors.shortlists_page(
                    world.cast.manager, world.cast.programme.public_id, round_.public_id
                ).rows
            )
            == count
        )
    with django_assert_num_queries(6):
        assert len(selectors.calls_page(world.cast.mentor, world.cast.mentor_partner.public_id).rows) == count
