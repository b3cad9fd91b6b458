"""The board: the price of a change, taking back, whom to recruit, the same answer again, how far it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from apps.core import jobs
from apps.core.errors import Refused
from apps.matching.progress import Progress, Stage
from apps.mentoring import selectors, services
from apps.mentoring.models import MatchingRound, Proposal, RoundStep
from apps.mentoring.services import rounds
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

SCHEMA = json.loads(Path("content/schemas/matching-problem.schema.json").read_text())


def where(world: World, name: str, round_: MatchingRound, **more: str) -> str:
    ids = {"programme": world.cast.programme.public_id, "round": round_.public_id}
    return reverse(f"mentoring:{name}", kwargs=ids | more)


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def two_partners(world: World) -> MatchingRound:
    """One request and two offers: the better one is proposed."""
    world.cast.agency.sector = world.cast.mentor_partner.sector = "energy"
    world.cast.agency.save()
    world.cast.mentor_partner.save()
    world.need()
    world.offer()
    partner, mentor = world.another("Second centre", {"GOV.1": 4}, mentor=True, sector="water")
    world.offer(partner, mentor)
    return world.solve(world.round())


def test_price_of_setting_a_pair_aside_is_told_before_and_comes_true(world: World) -> None:
    round_ = two_partners(world)
    first = round_.proposals.get()
    client = signed_in(world.cast.manager)
    page = shown(client, where(world, "price", round_, proposal=first.public_id))
    assert "Costs nothing: the total stays as it is." in page
    assert "Costs 1.00 of the total." in page and "The worst off falls from" in page
    assert not RoundStep.objects.exists()
    world.decide(first, "set_aside")
    world.solve(round_)
    second = round_.proposals.exclude(pk=first.pk).get()
    assert f"{first.score - second.score:.2f}" == "1.00"
    back = shown(client, where(world, "price", round_, proposal=first.public_id))
    assert "Adds 1.00 to the total." in back and "The worst off rises from" in back


def test_price_of_the_only_pair_is_a_request_less(world: World) -> None:
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    page = shown(
        signed_in(world.cast.manager),
        where(world, "price", round_, proposal=round_.proposals.get().public_id),
    )
    assert "1 request fewer is served." in page


def test_price_is_asked_of_a_pair_of_this_round_only(world: World) -> None:
    round_ = two_partners(world)
    url = where(world, "price", round_, proposal="a" * 20)
    assert signed_in(world.cast.manager).get(url).status_code == 404


@pytest.mark.parametrize("choice", ["accept", "pin", "set_aside"])
def test_last_decision_is_taken_back(world: World, choice: str) -> None:
    round_ = two_partners(world)
    row = round_.proposals.get()
    world.decide(row, choice)
    client = signed_in(world.cast.manager)
    assert "Last decision:" in shown(client, where(world, "board", round_))
    step = RoundStep.objects.get()
    client.post(where(world, "undo", round_), {"step": step.pk})
    row.refresh_from_db()
    assert (row.decision, row.pinned) == ("open", False)
    assert "Last decision:" not in shown(client, where(world, "board", round_))
    answer = client.post(where(world, "undo", round_), {"step": step.pk}, follow=True)
    assert "Something else was decided since." in answer.content.decode()


def test_decisions_are_taken_back_one_by_one_the_last_first(world: World) -> None:
    round_ = two_partners(world)
    row = round_.proposals.get()
    for choice in ("pin", "accept"):
        row = world.decide(row, choice)
    first, last = RoundStep.objects.all()
    with pytest.raises(Refused):
        undo(world, round_, first.pk)
    undo(world, round_, last.pk)
    row.refresh_from_db()
    assert (row.decision, row.pinned) == ("open", True)
    undo(world, round_, first.pk)
    row.refresh_from_db()
    assert not row.pinned


def undo(world: World, round_: MatchingRound, step: int) -> Proposal:
    office = {"actor": world.cast.manager, "programme": world.cast.programme}
    return services.undo_decision(**office, round_id=round_.public_id, step=step)


def test_what_was_worked_out_again_cannot_be_taken_back(world: World) -> None:
    round_ = two_partners(world)
    world.decide(round_.proposals.get(), "accept")
    step = RoundStep.objects.get()
    world.solve(round_)
    with pytest.raises(Refused):
        undo(world, round_, step.pk)


def test_board_names_the_mentor_to_recruit_next(world: World) -> None:
    world.need(languages=["ar"])
    world.need(world.cast.other, world.cast.other_lead, languages=["ar"])
    world.offer(places=2)
    round_ = world.solve(world.round())
    page = shown(signed_in(world.cast.manager), where(world, "board", round_))
    assert "Whom to recruit next" in page and "who works in العربية and has 2 places" in page
    assert "would serve 2 more requests." in page


def test_board_that_lacks_nobody_names_no_kind_of_mentor(world: World) -> None:
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    assert [row["served"] for row in round_.recruits] in ([], [0])


def test_replay_says_that_the_same_answer_came_out(world: World, capsys: Any) -> None:
    round_ = two_partners(world)
    page = shown(signed_in(world.cast.manager), where(world, "replay", round_))
    assert "The same answer came out" in page
    call_command("match", round=round_.public_id)
    assert "byte for byte" in capsys.readouterr().out


def test_replay_names_what_differs(world: World) -> None:
    round_ = two_partners(world)
    answer: dict[str, Any] = round_.answer or {}
    answer["certificate"]["solver_version"] = "0.1"
    round_.save()
    client = signed_in(world.cast.manager)
    page = shown(client, where(world, "replay", round_))
    assert "from another version of the solver" in page and "the version of the solver" in page
    answer["total"] = "99"
    round_.save()
    assert "Another answer came out" in shown(client, where(world, "replay", round_))
    with pytest.raises(CommandError, match="total: stored 99, now"):
        call_command("match", round=round_.public_id)
    round_.problem = {"members": "none"}
    round_.save()
    assert "cannot be solved any more" in shown(client, where(world, "replay", round_))


@pytest.mark.django_db
def test_match_command_knows_no_such_round() -> None:
    with pytest.raises(CommandError, match="No round with an answer"):
        call_command("match", round="nothing")


def test_exported_problem_is_what_the_certificate_hashes_and_holds_no_names(
    world: World, tmp_path: Path, capsys: Any
) -> None:
    round_ = two_partners(world)
    client = signed_in(world.cast.manager)
    answer = client.get(where(world, "round_export", round_, kept="problem"))
    certificate = (round_.answer or {})["certificate"]
    assert hashlib.sha256(answer.content).hexdigest() == certificate["input_hash"]
    Draft202012Validator(SCHEMA).validate(json.loads(answer.content))
    names = [m.name for m in (world.cast.agency, world.cast.mentor_partner, world.cast.programme)]
    assert not any(name in answer.content.decode() for name in names)
    path = tmp_path / "problem.json"
    path.write_bytes(answer.content)
    call_command("match", str(path))
    stored = client.get(where(world, "round_export", round_, kept="answer"))
    assert json.loads(capsys.readouterr().out) == json.loads(stored.content)
    assert client.get(where(world, "round_export", round_, kept="names")).status_code == 404


def test_board_tells_how_far_a_large_round_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PAIRS_AT_ONCE", 0)
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    client = signed_in(world.cast.manager)
    assert "Waiting for a worker" in shown(client, where(world, "board", round_))
    rounds._teller(round_)(Progress(Stage.GUARANTEE, 12, 480, 1000))
    page = shown(client, where(world, "board", round_))
    assert "Finding the guarantee: step 12, 480 of 1000 fixed" in page and "48 % done" in page
    jobs.run_waiting()
    round_.refresh_from_db()
    assert round_.state == "proposed" and round_.progress is None


def test_pair_that_lost_a_condition_is_not_invited(world: World) -> None:
    """The same sentence for a private wish and for an offer that changed."""
    world.need()
    offer = world.offer()
    round_ = world.solve(world.round())
    world.decide(round_.proposals.get(), "accept")
    services.exclude_member(
        actor=world.cast.lead, member=world.cast.agency, other=world.cast.mentor_partner.public_id
    )
    with pytest.raises(Refused) as wish:
        world.publish(round_)
    services.lift_exclusion(
        actor=world.cast.lead, member=world.cast.agency, other=world.cast.mentor_partner.public_id
    )
    offer.languages = ["fr"]
    offer.save()
    with pytest.raises(Refused) as changed:
        world.publish(round_)
    assert wish.value.message == changed.value.message


@pytest.mark.parametrize("count", [1, 3])
def test_price_and_replay_ask_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries: Any
) -> None:
    world.offer(places=3)
    world.need()
    for n in range(count - 1):
        member, user = world.another(f"Body {n}", {"GOV.1": 0})
        world.need(member, user)
    round_ = world.solve(world.round())
    programme, pair = world.cast.programme.public_id, round_.proposals.earliest("pk").public_id
    with django_assert_num_queries(4):
        selectors.price_page(world.cast.manager, programme, round_.public_id, pair)
    with django_assert_num_queries(2):
        selectors.replay_page(world.cast.manager, programme, round_.public_id)
