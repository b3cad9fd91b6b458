"""Rounds: the weakest first, decisions kept, exclusions silent, the stored problem replayed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.core.errors import Conflict, Refused
from apps.matching import parse_problem, solve
from apps.mentoring import selectors, services
from apps.mentoring.models import Exclusion, MatchingRound, Proposal
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import READY, World


def board(world: World, round_: MatchingRound, client: Client | None = None) -> str:
    client = client or signed_in(world.cast.manager)
    url = reverse("mentoring:board", args=[world.cast.programme.public_id, round_.public_id])
    return client.get(url).content.decode()


def test_last_place_goes_to_the_weakest(world: World) -> None:
    cast = world.cast
    world.need()
    weakest = world.need(cast.other, cast.other_lead)
    world.offer(places=1)
    round_ = world.solve(world.round())
    assert round_.proposals.get().need == weakest
    page = board(world, round_)
    assert "1 of 2 requests have a mentor in sight" in page
    assert "Every mentor who could help is full." in page
    assert "has no place left" not in page or "Arvandel" in page


def test_factors_shown_sum_to_the_score(world: World) -> None:
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    proposal = round_.proposals.get()
    assert sum(Decimal(r["contribution"]) for r in proposal.reasons) == proposal.score
    page = selectors.board_page(world.cast.manager, world.cast.programme.public_id, round_.public_id, {})
    assert sum(f.points for f in page.rows[0].factors) == Decimal(page.rows[0].score)


def test_stored_problem_gives_the_stored_answer_again(world: World) -> None:
    cast = world.cast
    world.need()
    world.need(cast.other, cast.other_lead)
    world.need(area="RES.1")
    world.offer()
    round_ = world.solve(world.round())
    round_.refresh_from_db()
    assert solve(parse_problem(round_.problem)).as_document() == round_.answer
    assert round_.answer["certificate"]["input_hash"] in board(world, round_)


def test_unready_request_is_set_apart_with_the_reason(world: World) -> None:
    world.need(readiness={**READY, "sponsor": "", "legal_basis": False})
    world.need(world.cast.other, world.cast.other_lead)
    world.offer()
    round_ = world.solve(world.round())
    page = board(world, round_)
    assert "One request is not ready" in page
    assert "Missing: <bdi>A sponsor in the leadership</bdi>" in page and "Missing: <bdi>A legal basis" in page
    assert len(round_.problem["members"]) == 1


def test_unmatched_request_says_what_language_would_help(world: World) -> None:
    world.need(languages=["fr"])
    world.offer()
    page = board(world, world.solve(world.round()))
    assert "No open offer meets the conditions" in page
    assert "Arvandel Cyber Centre could help in English" in page


def test_time_zone_is_a_warning(world: World) -> None:
    world.cast.agency.time_zone = "Pacific/Auckland"
    world.cast.agency.save()
    world.need()
    world.offer()
    assert "hours apart" in board(world, world.solve(world.round()))


def test_pair_set_aside_stays_out_and_pinned_pair_stays_in(world: World) -> None:
    world.need()
    world.offer()
    partner, mentor = world.another("Second centre", {"GOV.1": 4}, mentor=True)
    world.offer(partner, mentor)
    round_ = world.solve(world.round())
    first = round_.proposals.get()
    world.decide(first, "set_aside")
    assert "Your decisions changed" in board(world, round_)
    world.solve(round_)
    second = round_.proposals.exclude(pk=first.pk).get()
    assert second.offer != first.offer
    assert "Your decisions changed" not in board(world, round_)
    world.decide(second, "pin")
    first.refresh_from_db()
    world.decide(first, "reopen")
    world.solve(round_)
    assert Proposal.objects.filter(pk=second.pk, pinned=True).exists()


def test_why_not_tells_the_loss_and_forcing_pins_the_pair(world: World) -> None:
    cast = world.cast
    cast.agency.sector = cast.mentor_partner.sector = "energy"
    cast.agency.save()
    cast.mentor_partner.save()
    need = world.need()
    best = world.offer()
    partner, mentor = world.another("Second centre", {"GOV.1": 4}, mentor=True, sector="water")
    other = world.offer(partner, mentor)
    round_ = world.solve(world.round())
    assert round_.proposals.get().offer == best
    client = signed_in(cast.manager)
    url = reverse("mentoring:why_not", args=[cast.programme.public_id, round_.public_id])
    page = client.get(url, {"need": need.public_id, "offer": other.public_id}).content.decode()
    assert "Choosing Second centre costs the round 1.00 points." in page
    client.post(url, {"need": need.public_id, "offer": other.public_id})
    row = round_.proposals.get()
    assert row.offer == other and row.pinned
    assert client.get(url, {"need": "zzzz"}).status_code == 404
    assert client.get(url).status_code == 400


def test_exclusion_reads_as_though_the_offer_were_not_there(world: World) -> None:
    """Board, certificate and why-not of an excluded pair differ in nothing from an unfit one."""
    cast = world.cast
    need = world.need()
    offer = world.offer()
    services.exclude_member(actor=cast.mentor, member=cast.mentor_partner, other=cast.agency.public_id)
    round_ = world.solve(world.round())
    assert round_.problem["excluded"] == [] and round_.problem["pairs"] == []
    page = board(world, round_)
    assert "No open offer meets the conditions of this request." in page
    assert "Ask a mentor partner who is strong in this area" in page
    client = signed_in(cast.manager)
    why = reverse("mentoring:why_not", args=[cast.programme.public_id, round_.public_id])
    excluded = client.get(why, {"need": need.public_id, "offer": offer.public_id}).content.decode()

    Exclusion.objects.all().delete()
    need.languages = ["fr"]
    need.save()
    world.solve(round_)
    unfit = client.get(why, {"need": need.public_id, "offer": offer.public_id}).content.decode()
    strip = [line for line in excluded.splitlines() if "csrf" not in line.lower()]
    assert strip == [line for line in unfit.splitlines() if "csrf" not in line.lower()]


def test_exclusion_is_on_no_page_of_anybody_else(world: World) -> None:
    cast = world.cast
    services.exclude_member(actor=cast.lead, member=cast.agency, other=cast.mentor_partner.public_id)
    own = reverse("mentoring:exclusions", args=[cast.agency.public_id])
    assert "Never paired with you" in signed_in(cast.lead).get(own).content.decode()
    assert signed_in(cast.viewer).get(own).status_code == 403
    for person in (cast.mentor, cast.manager, cast.staff, cast.other_lead):
        assert signed_in(person).get(own).status_code == 404
    entry = cast.agency.public_id
    from apps.core.models import AuditEntry

    rows = AuditEntry.objects.filter(chain=entry)
    assert all(
        "exclu" not in r.action and cast.mentor_partner.public_id not in json.dumps(r.detail) for r in rows
    )


def test_locked_pair_that_became_excluded_goes_without_a_word(world: World) -> None:
    cast = world.cast
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    world.decide(round_.proposals.get(), "accept")
    services.exclude_member(actor=cast.lead, member=cast.agency, other=cast.mentor_partner.public_id)
    world.solve(round_)
    assert not round_.proposals.exists()


def test_places_never_pass_the_offer_when_publishing(world: World) -> None:
    world.need()
    world.need(world.cast.other, world.cast.other_lead)
    offer = world.offer(places=2)
    round_ = world.solve(world.round())
    for proposal in round_.proposals.all():
        world.decide(proposal, "accept")
    services.change_offer(
        actor=world.cast.mentor,
        member=world.cast.mentor_partner,
        public_id=offer.public_id,
        version=offer.version,
        places=1,
    )
    with pytest.raises(Refused, match="no longer has a place"):
        world.publish(round_)
    with pytest.raises(Refused, match="need more places"):
        world.solve(round_)


def test_published_round_cannot_change(world: World) -> None:
    proposal = world.invited()
    with pytest.raises(Refused, match="invitations of this round were sent"):
        world.decide(proposal, "set_aside")
    with pytest.raises(Refused, match="invitations of this round were sent"):
        world.solve(proposal.round)


def test_round_changed_by_a_colleague_is_a_conflict(world: World) -> None:
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    proposal = round_.proposals.get()
    world.decide(proposal, "accept")
    with pytest.raises(Conflict):
        services.publish_round(
            actor=world.cast.manager, programme=world.cast.programme, public_id=round_.public_id, version=1
        )
    with pytest.raises(Conflict):
        services.decide_proposal(
            actor=world.cast.manager, programme=world.cast.programme, round_id=round_.public_id,
            public_id=proposal.public_id, choice="set_aside", version=1,
        )  # fmt: skip


def test_second_open_round_is_refused(world: World) -> None:
    world.round()
    with pytest.raises(Refused):
        world.round("Round 2")


def test_large_round_is_solved_by_a_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.core import jobs
    from apps.mentoring.services import rounds

    monkeypatch.setattr(rounds, "PAIRS_AT_ONCE", 0)
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    assert round_.state == "solving"
    assert "The round is being worked out" in board(world, round_)
    jobs.run_waiting()
    round_.refresh_from_db()
    assert round_.state == "proposed" and round_.proposals.count() == 1


@pytest.mark.parametrize("members", [1, 3])
def test_board_asks_the_same_number_of_questions(
    world: World, members: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    world.offer(places=2)
    world.need()
    for n in range(members - 1):
        member, user = world.another(f"Body {n}", {"GOV.1": 0})
        world.need(member, user)
    round_ = world.solve(world.round())
    with django_assert_num_queries(16):  # one of them asks for the hours given this month
        selectors.board_page(world.cast.manager, world.cast.programme.public_id, round_.public_id, {})


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_questions(world: World, count: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    cast = world.cast
    for area in ("GOV.1", "GOV.2", "RES.1")[:count]:
        world.need(area=area)
    with django_assert_num_queries(10):
        selectors.needs_page(cast.lead, cast.agency.public_id)
    areas = [("GOV.1", ""), ("GOV.2", ""), ("RES.1", "We did it.")]
    for area, record in areas[:count]:
        world.offer(area=area, track_record=record)
    with django_assert_num_queries(9):
        selectors.offers_page(cast.mentor, cast.mentor_partner.public_id)
    with django_assert_num_queries(8):
        selectors.rounds_page(cast.manager, cast.programme.public_id)
    with django_assert_num_queries(6):
        selectors.programme_matching_overview(cast.manager, cast.programme.public_id)


def test_match_command_prints_the_answer(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    problem = {
        "members": [{"id": "a"}], "mentors": [{"id": "x", "capacity": 1}],
        "pairs": [{"member": "a", "mentor": "x", "score": "7.50"}], "objective": "leximin-then-total",
    }  # fmt: skip
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem))
    call_command("match", str(path))
    answer = json.loads(capsys.readouterr().out)
    assert answer["total"] == "7.5" and answer["certificate"]["proved_optimal"] is True


@pytest.mark.parametrize(
    "text, words",
    [
        ("{", "not JSON at line 1"),
        ("[]", "document"),
        (
            '{"members": [{"id": "a"}], "mentors": [], "pairs": [{"member": "a", "mentor": "z", "score": "NaN"}], "objective": "x"}',
            "pairs[0]",
        ),
    ],
)
def test_match_command_lists_the_faults(tmp_path, text: str, words: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "problem.json"
    path.write_text(text)
    with pytest.raises(CommandError) as found:
        call_command("match", str(path))
    assert words in str(found.value) and found.value.returncode == 1


def test_match_command_without_a_file_says_so(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("match", str(tmp_path / "none.json"))


def test_decision_comes_back_to_the_same_list(world: World) -> None:
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    proposal = round_.proposals.get()
    url = reverse(
        "mentoring:decide", args=[world.cast.programme.public_id, round_.public_id, proposal.public_id]
    )
    answer = signed_in(world.cast.manager).post(
        f"{url}?area=GOV.1&x=evil", {"choice": "accept", "version": 1}, follow=True
    )
    assert answer.redirect_chain[0][0].endswith("/?area=GOV.1#h-prop")
    assert "Nobody is told until you send" in answer.content.decode()
    page = (
        signed_in(world.cast.manager)
        .post(url, {"choice": "set_aside", "version": 1}, follow=True)
        .content.decode()
    )
    assert "A colleague decided on this pair first" in page
