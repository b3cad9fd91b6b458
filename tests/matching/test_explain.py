"""Explanations: factors that add up, forced pairs, and the worth of one more place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from apps.matching import ProblemFaults, explain_score, parse_problem, shadow_prices, solve, why_not
from tests.matching import brute
from tests.matching.problems import Document, documents
from tests.matching.test_answer import small

EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)
ROWS = [("a", "x", "9"), ("a", "y", "4"), ("b", "x", "8"), ("b", "y", "1")]


def test_factors_that_sum_to_the_score_come_largest_first() -> None:
    factors = explain_score(Decimal("7.5"), {"sector": Decimal("1.5"), "level": Decimal("6.00")})
    assert [f.as_document() for f in factors] == [
        {"name": "level", "contribution": "6"},
        {"name": "sector", "contribution": "1.5"},
    ]


def test_factors_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"sum to 7.4, not to 7.5"):
        explain_score(Decimal("7.5"), {"level": Decimal("7.4")})


def test_why_not_gives_the_loss_and_what_would_move() -> None:
    answer = why_not(parse_problem(small(ROWS)), "b", "y")
    assert answer.as_document() == {
        "member": "b",
        "mentor": "y",
        "eligible": True,
        "already_matched": False,
        "possible": True,
        "loss": "2",
        "worst_off_change": "-3",
        "released": [{"member": "a", "mentor": "y"}, {"member": "b", "mentor": "x"}],
        "added": [{"member": "a", "mentor": "x"}, {"member": "b", "mentor": "y"}],
    }


def test_why_not_of_a_matched_pair_says_that_it_is_matched() -> None:
    answer = why_not(parse_problem(small(ROWS)), "a", "y")
    assert (answer.already_matched, answer.loss) == (True, Decimal(0))


def test_why_not_of_an_excluded_pair_reads_like_one_that_never_was() -> None:
    link = {"member": "b", "mentor": "y"}
    hidden = why_not(parse_problem(small(ROWS, excluded=[link])), "b", "y")
    never = why_not(parse_problem(small(ROWS[:3])), "b", "y")
    assert hidden == never
    assert not hidden.eligible


def test_why_not_against_a_lock_or_without_any_room_is_not_possible() -> None:
    locked = small(ROWS, locked=[{"member": "a", "mentor": "x"}])
    assert not why_not(parse_problem(locked), "b", "x").possible
    none = {**small(ROWS), "mentors": [{"id": "x"}, {"id": "y", "capacity": 0}]}
    assert not why_not(parse_problem(none), "b", "y").possible


def test_why_not_of_an_unknown_id_is_a_fault() -> None:
    with pytest.raises(ProblemFaults) as refusal:
        why_not(parse_problem(small(ROWS)), "nobody", "none")
    assert refusal.value.faults == [
        "member: no member has the id 'nobody'.",
        "mentor: no mentor has the id 'none'.",
    ]


def test_one_more_place_is_worth_the_member_it_would_serve() -> None:
    problem = parse_problem(small([("a", "x", "5"), ("b", "x", "3"), ("c", "y", "2")]))
    first, second = shadow_prices(problem)
    assert first.as_document() == {
        "mentor": "x",
        "value_gain": "3",
        "worst_off_gain": "2",
        "places_gain": 1,
    }
    assert (second.mentor, second.value_gain, second.places_gain) == ("y", Decimal(0), 0)


@EXAMPLES
@given(documents(objective="max-total"))
def test_losses_and_shadow_prices_are_those_of_brute_force(document: Document) -> None:
    problem = parse_problem(document)
    best = brute.best_rank(problem)
    if best is None:
        return
    for price in shadow_prices(problem):
        mentors = tuple(
            replace(m, capacity=m.capacity + 1) if m.id == price.mentor else m for m in problem.mentors
        )
        larger = brute.best_rank(replace(problem, mentors=mentors))
        assert larger is not None
        assert (price.value_gain, price.places_gain) == (larger[0] - best[0], larger[1] - best[1])
    for pair in problem.pairs:
        told = why_not(problem, pair.member, pair.mentor)
        forced = brute.best_rank(replace(problem, locked=problem.locked | {pair.link}))
        assert told.possible == (forced is not None and pair.link not in problem.excluded)
        assert told.loss == (best[0] - forced[0] if forced and told.possible else None)


def test_solving_leaves_the_problem_as_it_was() -> None:
    problem = parse_problem(small(ROWS))
    before = problem.as_document()
    solve(problem)
    why_not(problem, "b", "y")
    assert problem.as_document() == before
