"""The solver against brute force and against instances with published optima."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings

from apps.matching import Answer, NoAssignment, Problem, parse_problem, solve
from apps.matching.problem import Link, Objective, Pair
from tests.matching import brute
from tests.matching.problems import (
    OBJECTIVES,
    Document,
    assignment_instance,
    documents,
    drawn_round,
    generalised_instance,
)

EXAMPLES = settings(max_examples=120, deadline=None, derandomize=True)
MORE = settings(max_examples=300, deadline=None, derandomize=True)
FEWER = settings(max_examples=60, deadline=None, derandomize=True)


def chosen(problem: Problem, answer: Answer) -> tuple[Pair, ...]:
    links = {Link(p.member, p.mentor) for p in answer.pairs}
    return tuple(p for p in problem.pairs if p.link in links)


def check_against_brute_force(document: Document) -> None:
    problem = parse_problem(document)
    best = brute.best_rank(problem)
    if best is None:
        with pytest.raises(NoAssignment):
            solve(problem)
        return
    answer = solve(problem)
    pairs = chosen(problem, answer)
    assert brute.keeps_the_rules(problem, pairs)
    assert not {p.link for p in pairs} & problem.excluded
    assert brute.rank(problem, pairs) == best
    assert answer.certificate.proved_optimal
    assert answer.certificate.gap == 0
    assert answer.certificate.bound == answer.certificate.objective_value
    assert answer.total == sum((p.score for p in pairs), Decimal())
    if problem.objective is not Objective.MIN_TOTAL:
        assert answer.worst_off == min(brute.qualities(problem, pairs), default=None)


@EXAMPLES
@given(documents(objective="max-total", plain=True))
def test_plain_max_total_is_the_best_of_all_assignments(document: Document) -> None:
    check_against_brute_force(document)


@EXAMPLES
@given(documents(objective="min-total", plain=True))
def test_plain_min_total_fills_every_place_and_then_saves(document: Document) -> None:
    check_against_brute_force(document)


@MORE
@given(documents(objective="leximin-then-total", plain=True))
def test_plain_leximin_lifts_the_weakest_first_and_then_the_total(document: Document) -> None:
    check_against_brute_force(document)


@FEWER
@given(documents(objective="max-total"))
def test_max_total_with_costs_floors_and_several_places_is_the_best(document: Document) -> None:
    check_against_brute_force(document)


@FEWER
@given(documents(objective="min-total"))
def test_min_total_with_costs_floors_and_several_places_is_the_best(document: Document) -> None:
    check_against_brute_force(document)


@FEWER
@given(documents(objective="leximin-then-total"))
def test_leximin_with_costs_floors_and_several_places_is_the_best(document: Document) -> None:
    check_against_brute_force(document)


@FEWER
@given(documents(objective="leximin-then-total"))
def test_prices_are_the_differences_of_the_best_values(document: Document) -> None:
    problem = parse_problem(document)
    if brute.best_rank(problem) is None:
        return
    answer = solve(problem)
    free = parse_problem({**document, "objective": "max-total", "floors": [], "switching": None})
    bound_by_floors = parse_problem({**document, "objective": "max-total"})
    unbound = parse_problem({**document, "objective": "max-total", "floors": []})
    best = {
        name: _best_value(p) for name, p in (("floors", bound_by_floors), ("none", unbound), ("free", free))
    }
    assert answer.best_possible_total == best["free"]
    assert answer.price_of_fairness == best["floors"] - answer.certificate.objective_value >= 0
    assert answer.price_of_floors == best["none"] - best["floors"] >= 0


def _best_value(problem: Problem) -> Decimal:
    return max(brute.value(problem, pairs) for pairs in brute.assignments(problem))


def test_assign100_reaches_its_known_least_cost() -> None:
    answer = solve(parse_problem(assignment_instance("assign100.txt.gz", "min-total")))
    assert answer.total == 305
    assert len(answer.pairs) == 100
    assert answer.certificate.proved_optimal
    assert answer.certificate.method == "min-cost-flow"


@pytest.mark.parametrize(
    ("name", "objective", "optimum", "jobs"),
    [
        ("gap1-0.txt", "max-total", 336, 15),
        ("gap1-0.txt", "min-total", 261, 15),
        ("a05100.txt", "min-total", 1698, 100),
    ],
)
def test_generalised_assignment_reaches_its_known_optimum(
    name: str, objective: str, optimum: int, jobs: int
) -> None:
    answer = solve(parse_problem(generalised_instance(name, objective)))
    assert answer.total == optimum
    assert len(answer.pairs) == jobs
    assert answer.certificate.proved_optimal
    assert answer.certificate.method == "mixed-integer-program"


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_round_of_200_members_and_50_mentors_is_proved(objective: str) -> None:
    answer = solve(parse_problem(drawn_round(200, 50, objective)))
    assert answer.certificate.proved_optimal
    assert len(answer.pairs) + sum(row.wanted - row.matched for row in answer.unmatched) == 200


def test_flow_and_program_agree_on_a_leximin_round() -> None:
    document = drawn_round(16, 6, "leximin-then-total")
    by_flow = solve(parse_problem(document))
    # Doubling every cost and capacity changes no rule but takes the problem out of the pure network.
    pairs = [{**pair, "cost": 2} for pair in document["pairs"]]
    mentors = [{**mentor, "capacity": mentor["capacity"] * 2} for mentor in document["mentors"]]
    by_program = solve(parse_problem({**document, "pairs": pairs, "mentors": mentors}))
    assert by_flow.certificate.method == "leximin-by-min-cost-flow"
    assert by_program.certificate.method == "leximin-by-mixed-integer-program"
    scores = [sorted(p.score for p in answer.pairs) for answer in (by_flow, by_program)]
    assert scores[0] == scores[1]
    assert by_flow.worst_off == by_program.worst_off


def test_floors_that_share_no_member_stay_a_network() -> None:
    document = drawn_round(40, 8, "leximin-then-total")
    for row, member in enumerate(document["members"]):
        member["groups"] = [f"region{row % 4}"]
    document["floors"] = [{"group": "region0", "minimum": 10}, {"group": "region1", "minimum": 5}]
    answer = solve(parse_problem(document))
    assert answer.certificate.method == "leximin-by-min-cost-flow"
    assert answer.certificate.proved_optimal
    served = {pair.member for pair in answer.pairs}
    assert sum(m["id"] in served for m in document["members"] if m["groups"] == ["region0"]) == 10
    assert answer.price_of_floors >= 0
