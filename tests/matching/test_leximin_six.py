"""Weakest first against every assignment of rounds up to six by six, and what is told meanwhile."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from apps.matching import parse_problem, solve
from apps.matching.progress import Progress, Stage
from tests.matching.problems import Document, drawn_round

Scores = dict[str, dict[str, Decimal]]


def small_round(seed: int) -> Document:
    """One to six members and mentors, one place each wanted, few different scores, so that ties are common."""
    dice = random.Random(seed)
    members, mentors = dice.randint(1, 6), dice.randint(1, 6)
    density = dice.choice([0.4, 0.7, 1.0])
    return {
        "members": [{"id": f"m{i}"} for i in range(members)],
        "mentors": [{"id": f"k{j}", "capacity": dice.randint(0, 2)} for j in range(mentors)],
        "pairs": [
            {"member": f"m{i}", "mentor": f"k{j}", "score": str(dice.randint(1, 6))}
            for i in range(members)
            for j in range(mentors)
            if dice.random() < density
        ],
        "objective": "leximin-then-total",
    }


def all_qualities(document: Document) -> Iterator[tuple[Decimal, ...]]:
    """Sorted qualities of the members that could be served, of every assignment there is."""
    room = {row["id"]: row["capacity"] for row in document["mentors"]}
    scores: Scores = {}
    for pair in document["pairs"]:
        if room[pair["mentor"]]:
            scores.setdefault(pair["member"], {})[pair["mentor"]] = Decimal(pair["score"])
    names = sorted(scores)

    def rest(at: int, taken: tuple[Decimal, ...]) -> Iterator[tuple[Decimal, ...]]:
        if at == len(names):
            yield tuple(sorted(taken))
            return
        yield from rest(at + 1, (*taken, Decimal()))
        for mentor, score in scores[names[at]].items():
            if room[mentor]:
                room[mentor] -= 1
                yield from rest(at + 1, (*taken, score))
                room[mentor] += 1

    yield from rest(0, ())


@pytest.mark.parametrize("seed", range(60))
def test_no_other_assignment_serves_the_weakest_better(seed: int) -> None:
    document = small_round(seed)
    answer = solve(parse_problem(document))
    got = {pair.member: pair.score for pair in answer.pairs}
    room = {row["id"]: row["capacity"] for row in document["mentors"]}
    served = {pair["member"] for pair in document["pairs"] if room[pair["mentor"]]}
    best = max(all_qualities(document))
    assert tuple(sorted(got.get(name, Decimal()) for name in served)) == best
    assert answer.certificate.proved_optimal


def test_solver_tells_each_level_and_then_the_total() -> None:
    told: list[Progress] = []
    answer = solve(parse_problem(drawn_round(60, 12, "leximin-then-total")), tell=told.append)
    levels = [p for p in told if p.stage is Stage.GUARANTEE]
    assert len(levels) == answer.certificate.levels_settled
    assert [p.step for p in levels] == list(range(1, len(levels) + 1))
    assert sorted(p.fixed for p in levels) == [p.fixed for p in levels]
    assert told[len(levels)].stage is Stage.TOTAL and told[len(levels)].fixed == told[len(levels)].total
