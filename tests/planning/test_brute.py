"""Every question against trying all combinations, on problems of up to 14 indicators."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from apps.planning import (
    NoPlan,
    Plan,
    Problem,
    ReachLabel,
    ReachLevels,
    ReachScore,
    Target,
    cheapest_to,
    frontier,
    more_budget,
    parse_problem,
    plan_within,
)
from tests.planning.brute import Combinations
from tests.planning.problems import drawn

SEEDS = range(60)


def levels_of(problem: Problem, plan: Plan) -> tuple[int, ...]:
    return tuple(plan.levels.get(item.id, item.level) for item in problem.items)


def check(plan: Plan, tried: Combinations, best: tuple[int, int, tuple[int, ...]]) -> None:
    gain, cost, levels = best
    assert plan.gain == Fraction(gain, tried.unit)
    assert plan.cost == Decimal(cost) / 10_000
    assert levels_of(plan.problem, plan) == levels
    assert plan.certificate.proved
    assert plan.certificate.gap == 0
    assert plan.certificate.bound == plan.certificate.value
    assert set(plan.levels) == {i.id for i, n in zip(plan.problem.items, levels, strict=True) if n > i.level}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_within_a_budget_is_the_best_of_all(seed: int) -> None:
    problem = parse_problem(drawn(seed))
    tried = Combinations(problem)
    best = tried.best(tried.within(problem.budget), gain_first=True)
    if best is None:
        with pytest.raises(NoPlan):
            plan_within(problem)
        return
    plan = plan_within(problem)
    check(plan, tried, best)
    assert plan.certificate.value == plan.gain
    better = [c for c, g in zip(tried.costs, tried.gains, strict=True) if g > best[0]]
    more = more_budget(plan)
    if problem.budget is None or not better:
        assert more is None
        return
    assert more is not None
    cheapest = min(better)
    assert problem.budget + more.extra == Decimal(int(cheapest)) / 10_000
    assert plan.gain + more.gain == Fraction(int(tried.gains[tried.costs <= cheapest].max()), tried.unit)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_plan_to_each_kind_of_target_is_the_best_of_all(seed: int) -> None:
    problem = parse_problem(drawn(seed))
    tried = Combinations(problem)
    reached = np.ones(len(tried.levels), dtype=bool)
    for name, level in problem.wanted.items():
        reached &= tried.levels[:, tried.column[name]] >= level
    check_target(problem, tried, ReachLevels(), reached)
    for part in problem.parts:
        goal = part.value + Fraction(seed % 7, 2)
        check_target(
            problem, tried, ReachScore(goal, part.id), np.array([v >= goal for v in tried.values(part.id)])
        )
        now = part.label_at(part.value, min((problem.by_id[k].level for k in part.keys), default=None))
        assert now is not None
        labels = np.array(tried.labels(part.id))
        check_target(problem, tried, ReachLabel(part.id), labels >= now + 1)
        check_target(problem, tried, ReachLabel(part.id, 2), labels >= 2)


def check_target(problem: Problem, tried: Combinations, target: Target, reached: np.ndarray) -> None:
    best = tried.best(reached.astype(bool), gain_first=False)
    if best is None:
        with pytest.raises(NoPlan):
            cheapest_to(problem, target)
        return
    plan = cheapest_to(problem, target)
    check(plan, tried, best)
    assert plan.certificate.value == plan.cost


@pytest.mark.parametrize("seed", range(0, 60, 5))
def test_the_whole_frontier_holds_every_efficient_point_and_no_other(seed: int) -> None:
    problem = parse_problem({**drawn(seed, 9), "at_least": {}})
    expected = list(Combinations(problem).frontier())
    found = frontier(problem, None)
    assert [(Fraction(p.cost), p.gain) for p in found.points] == expected
    assert found.complete
    assert all(point.proved for point in found.points)
    few = frontier(problem, 4)
    assert not few.complete
    assert {(p.cost, p.gain) for p in few.points} <= {(p.cost, p.gain) for p in found.points}
    assert few.points[0] == found.points[0]
    assert few.points[-1] == found.points[-1]
    assert len(few.points) <= 4
