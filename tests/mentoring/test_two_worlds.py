"""Two worlds that differ in one private wish: whoever is matched the same, everybody else reads the same."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import jobs
from apps.core.models import AuditEntry, OutboxMessage
from apps.matching import Answer, Problem, ProblemFaults, parse_problem, solve
from apps.matching.progress import Tell
from apps.mentoring import services
from apps.mentoring.models import MatchingRound, Need, Offer
from apps.mentoring.selectors.pairs import Supply
from apps.mentoring.services.problem import Draft, settled, without
from apps.reports.documents import Request, document_html, programme_document
from apps.reports.selectors import programme_source
from tests.access.test_matrix import url_of
from tests.matching.problems import Document, documents
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World

Readers = tuple[tuple[str, str], ...]
PID = re.compile(r"\b[a-z2-7]{20}\b")
SECRET = re.compile(
    r'(csrf[^>]*?value="|name="idempotency" value="|X-CSRFToken": "|nonce=")[^"]*', re.IGNORECASE
)
# Keys of forms, checksums, and the hash of the stored problem, which holds the id of the round; the problem itself is compared.
DRAWN = re.compile(
    r"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16}(?:[0-9a-f]{16}){0,3})\b|\b[0-9a-f]{12}…"
)
CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")
NOBODY = Supply((), (), {}, {}, frozenset())
READ_BY_PROGRAMS = {
    "api-needs", "api-need", "api-need-options", "api-offers", "api-offer", "api-invitations", "api-invitation", "api-calls",
    "api-engagements", "api-matching-rounds", "api-matching-round", "api-proposals", "api-round-document",
}  # fmt: skip
OWN_WISHES = "mentoring:exclusions"  # the one page that shows them, to those who made them
API_OF_ROUND = ("", "proposals/", "shortlists/", "documents/problem/", "documents/answer/")
OFFICE = (("manager", "agency"),)
READERS = (
    (("lead", "agency"), ("viewer", "agency"), ("mentor", "mentor_partner"), ("manager", "agency"), ("staff", "agency")),
    (("lead", "agency"), ("other_lead", "other"), ("manager", "agency")),
)  # fmt: skip


@contextmanager
def apart() -> Iterator[None]:
    """A world of its own: everything in it is taken back."""
    point = transaction.savepoint()
    sent = len(mail.outbox)
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        del mail.outbox[sent:]
        cache.clear()


def neutral(text: str) -> str:
    """A page without what is drawn anew each time: keys, clocks, checksums; ids by the order of their appearance."""
    seen: dict[str, str] = {}
    text = SECRET.sub(r"\1", text)
    text = PID.sub(lambda found: seen.setdefault(found[0], f"id{len(seen)}"), text)
    return CLOCK.sub("clock", DRAWN.sub("drawn", text))


@dataclass
class Act:
    """A wish of one member (by name in the cast) about another, or none."""

    person: str
    by: str
    about: str


def say(world: World, wish: Act | None) -> None:
    if wish:
        member, other = getattr(world.cast, wish.by), getattr(world.cast, wish.about)
        services.exclude_member(actor=world.cast.people[wish.person], member=member, other=other.public_id)


def pages(world: World, readers: Readers, apps: tuple[str, ...]) -> dict[Any, Any]:
    """Every GET page and answer of these apps that this world has ids for: (person, page) → status, text, queries."""
    found = {}
    for person, side in readers:
        cache.clear()
        client = signed_in(world.cast.people[person])
        world.cast.ids["member"] = getattr(world.cast, side).public_id
        for name in sorted(readable(apps)):
            try:
                url = url_of(name, world.cast)
            except (KeyError, NoReverseMatch):
                continue
            connection.queries_log.clear()  # it holds 9,000 and warns beyond
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(url)
            body = b"".join(answer) if answer.streaming else answer.content
            found[person, name] = (answer.status_code, neutral(body.decode(errors="replace")), len(asked))
    return found


def readable(apps: tuple[str, ...]) -> set[str]:
    """Names of the addresses that are read."""
    rows = (row for app in apps for row in importlib.import_module(f"tests.access.matrix.{app}").ROWS)
    return {name for method, name, *_rest in rows if method == "GET"}


def record(world: World) -> dict[Any, Any]:
    """The record as its readers have it, mails, what waits in the outbox, and the printed overview."""
    rows = AuditEntry.objects.order_by("seq").values_list("chain_id", "action", "actor", "detail")
    request = Request("R", "T", "TLP:AMBER+STRICT", "a4", "Ines", date(2026, 1, 1), "")
    source = programme_source(world.cast.manager, world.cast.programme.public_id)
    round_ = MatchingRound.objects.get(public_id=world.cast.ids["round"])
    return {
        "kept": neutral(json.dumps([round_.problem, round_.answer], sort_keys=True)),
        "record": sorted(neutral(str(row)) for row in rows),
        "mail": [(m.to, m.subject, neutral(str(m.body))) for m in mail.outbox],
        "outbox": sorted(OutboxMessage.objects.values_list("topic", flat=True)),
        "print": document_html(programme_document(source, request)),
    }


Stop = tuple[set[tuple[int, int]], dict[Any, Any], dict[Any, Any]]


def story(world: World, wish: Act | None, readers: Readers) -> list[Stop]:
    """Who was matched and everything that can be read, before and after the invitations, in the world of one wish."""
    with apart():
        say(world, wish)
        round_ = world.solve(world.round())
        pair = round_.proposals.earliest("pk").public_id
        world.cast.ids |= {"round": round_.public_id, "proposal": pair, "kept": "problem"}
        matched = set(round_.proposals.values_list("need", "offer"))
        before = (matched, pages(world, OFFICE, ("mentoring",)), record(world))
        for row in round_.proposals.all():
            world.decide(row, "accept")
        world.publish(round_)
        jobs.run_waiting()
        return [before, (matched, pages(world, readers, ("mentoring", "home", "reports")), record(world))]


@pytest.mark.parametrize(
    "wish, other_wish, readers",
    [
        (Act("lead", "agency", "mentor_partner"), Act("lead", "agency", "nation"), READERS[0]),
        (Act("mentor", "mentor_partner", "agency"), Act("mentor", "mentor_partner", "nation"), READERS[1]),
    ],
)
def test_a_private_wish_changes_nothing_that_anybody_else_reads(
    world: World, wish: Act, other_wish: Act, readers: Readers
) -> None:
    """The one place goes to a weaker member anyway: pages, API, mail, record, status and queries are those of another wish."""
    need = world.need()
    world.need(world.cast.other, world.cast.other_lead)
    offer = world.offer(places=1)
    world.cast.ids |= {
        "need": need.public_id, "offer": offer.public_id, "partner": world.cast.mentor_partner.public_id, "area": "GOV.1",
    }  # fmt: skip
    signed_in(world.cast.lead).get(
        reverse("home:member", args=[world.cast.agency.public_id])
    )  # what a process keeps is kept
    read = story(world, wish, readers)
    by_programs = {name for _person, name in read[1][1] if name.startswith("api-")}
    assert by_programs >= READ_BY_PROGRAMS, "programs read the same world"
    for this, that in zip(read, story(world, other_wish, readers), strict=True):
        assert this[0] == that[0] != set()
        assert differences(this[1], that[1], own=(wish.person,)) == ""
        assert differences(this[2], that[2], own=()) == ""


@pytest.mark.parametrize("first, second", [("agency", "mentor_partner"), ("mentor_partner", "agency")])
def test_a_wish_that_takes_the_place_reads_like_a_pair_that_never_fitted(
    world: World, first: str, second: str
) -> None:
    """Board and "why not" of the two are word for word those of a round in which the offer asks for another language."""
    need, offer = world.need(), world.offer()
    world.cast.ids |= {"need": need.public_id, "offer": offer.public_id}

    def read() -> list[str]:
        round_ = world.solve(world.round())
        assert not round_.proposals.exists()
        client = signed_in(world.cast.manager)
        where = [world.cast.programme.public_id, round_.public_id]
        why = client.get(
            reverse("mentoring:why_not", args=where), {"need": need.public_id, "offer": offer.public_id}
        )
        force = client.post(
            reverse("mentoring:why_not", args=where), {"need": need.public_id, "offer": offer.public_id}
        )
        api = [f"/api/v1/programmes/{where[0]}/matching/{where[1]}/{part}" for part in API_OF_ROUND]
        told = (why, client.get(force["Location"]), *(client.get(path) for path in api))
        assert {answer.status_code for answer in told} == {200}
        shown = [neutral(answer.content.decode()) for answer in told]
        return [*shown, neutral(json.dumps([round_.problem, round_.answer], sort_keys=True))]

    person = "lead" if first == "agency" else "mentor"
    with apart():
        say(world, Act(person, first, second))
        excluded = read()
    with apart():
        # Two conditions fail, so that the options name none of them.
        Offer.objects.filter(pk=offer.pk).update(languages=["fr"], mode="visit")
        Need.objects.filter(pk=need.pk).update(mode="remote")
        unfit = read()
    assert excluded == unfit


LEXIMIN = documents(objective="leximin-then-total", plain=True)


@settings(max_examples=150)
@given(LEXIMIN, st.randoms(use_true_random=False))
def test_pairs_that_may_not_meet_never_do_and_the_answer_is_still_the_best(
    document: Document, dice: Random
) -> None:
    keys = [(row["member"], row["mentor"]) for row in document["pairs"]]
    held = {(row["member"], row["mentor"]) for row in document.get("locked", [])}
    wished = frozenset(key for key in keys if dice.random() < 0.3 and key not in held)
    # A round has neither floors nor minimums.
    mentors = [{**row, "minimum": 0} for row in document["mentors"]]
    bare = {"locked": [], "excluded": [], **document, "mentors": mentors, "floors": [], "switching": None}
    made = partial(Draft, supply=NOBODY, scores={})
    try:
        kept, answer = settled(made(bare, apart=wished))
    except ProblemFaults:
        return
    used = {(pair.member, pair.mentor) for pair in answer.pairs}
    assert not used & wished
    best = solve(parse_problem(without(bare, set(wished))))
    assert answer.total == best.total
    assert sorted(p.score for p in answer.pairs) == sorted(p.score for p in best.pairs)
    freely, unbound = settled(made(bare, apart=frozenset()))
    if not {(pair.member, pair.mentor) for pair in unbound.pairs} & wished:
        assert (kept, answer) == (freely, unbound)


@pytest.mark.parametrize("apart, kept", [(set(), 2), ({("a", "x")}, 2), ({("a", "x"), ("b", "x")}, 1)])
def test_a_wish_that_takes_the_place_takes_as_many_solves_as_none(
    apart: set[tuple[str, str]], kept: int
) -> None:
    """Time tells nothing either: the engine is asked as often whether or not a wish mattered."""
    scores = {("a", "x"): "9", ("a", "y"): "8", ("b", "x"): "7", ("b", "y"): "1"}
    bare = {
        "members": [{"id": name, "demand": 1, "priority": 0, "groups": []} for name in "ab"],
        "mentors": [{"id": name, "capacity": 1, "minimum": 0} for name in "xy"],
        "pairs": [{"member": a, "mentor": x, "score": score, "cost": 1} for (a, x), score in scores.items()],
        "locked": [], "excluded": [], "objective": "leximin-then-total", "floors": [],
    }  # fmt: skip
    asked = 0

    def counted(problem: Problem, *, tell: Tell) -> Answer:
        nonlocal asked
        asked += 1
        return solve(problem, tell=tell)

    _document, answer = settled(Draft(bare, NOBODY, {}, frozenset(apart)), solver=counted)
    assert asked == 3 and len(answer.pairs) == kept


def differences(first: dict[Any, Any], second: dict[Any, Any], *, own: tuple[str, ...]) -> str:
    """Where two worlds differ, with the words, but for the page of wishes as its own people read it."""
    assert first.keys() == second.keys()
    hidden = {(person, OWN_WISHES) for person in own}
    told = [key for key in sorted(first, key=str) if key not in hidden and first[key] != second[key]]
    return "\n".join(f"{key}: {first_words(str(first[key]), str(second[key]))}" for key in told)


def first_words(this: str, that: str) -> tuple[str, str]:
    """The first place where two texts part, with a little around it."""
    at = next(
        (n for n, (a, b) in enumerate(zip(this, that, strict=False)) if a != b), min(len(this), len(that))
    )
    return this[max(0, at - 60) : at + 60], that[max(0, at - 60) : at + 60]
