"""The cost–gain frontier: what each budget could gain at most, from nothing to everything."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from apps.planning.chains import Levels, closure_of, cost_of, gain_of, reach_of
from apps.planning.faults import NoPlan, ProblemFaults
from apps.planning.problem import MAX_DECIMALS, Problem, decimal_text, exact
from apps.planning.solver import Program, Rules
from apps.planning.targets import lock_faults

FRONTIER_FORMAT = "belay-plan-frontier/1"
DEFAULT_POINTS = 50
_SMALLEST = Decimal(1).scaleb(-MAX_DECIMALS)


@dataclass(frozen=True, slots=True)
class Point:
    """No plan gains more than `gain` for `cost`, and none gains it for less, when `proved`."""

    cost: Decimal
    gain: Fraction
    proved: bool

    def as_document(self) -> dict[str, object]:
        return {"cost": decimal_text(self.cost), "gain": exact(self.gain), "proved": self.proved}


@dataclass(frozen=True, slots=True)
class Frontier:
    """Efficient points, rising in cost and in gain; `complete` says that there are no others."""

    unit: str
    points: tuple[Point, ...]
    complete: bool
    input_hash: str

    def as_document(self) -> dict[str, object]:
        return {
            "format": FRONTIER_FORMAT,
            "unit": self.unit,
            "complete": self.complete,
            "points": [point.as_document() for point in self.points],
            "input_hash": self.input_hash,
        }


def frontier(problem: Problem, points: int | None = DEFAULT_POINTS) -> Frontier:
    """Return the efficient points at `points` evenly spread budgets, or all of them when None.

    The budget of the problem does not bind here; its locks do. Every point is exact, whatever their number.
    Raises NoPlan when the locks cannot be kept, ProblemFaults when fewer than two points are asked for.
    """
    if points is not None and points < 2:
        raise ProblemFaults(["points: a frontier has at least 2 points."])
    reach = reach_of(problem)
    faults = lock_faults(problem, reach, within=None)
    if faults:
        raise NoPlan(faults)
    least = cost_of(problem, closure_of(problem, problem.at_least))
    found = [_best(problem, reach, None)]
    dearest = found[0].cost
    while found[-1].cost > least:
        budget = found[-1].cost - _SMALLEST
        if points is not None:
            budget = _even_budget_below(budget, least, dearest, points)
        found.append(_best(problem, reach, budget))
    return Frontier(problem.unit, tuple(reversed(found)), points is None, problem.input_hash())


def _even_budget_below(budget: Decimal, least: Decimal, dearest: Decimal, points: int) -> Decimal:
    """The largest of the evenly spread budgets that does not exceed `budget`."""
    width = Fraction(dearest - least)
    number = int((Fraction(budget) - Fraction(least)) * (points - 1) // width)
    even = Fraction(least) + width * number / (points - 1)
    # Cut to the smallest cost there is: the budget between two of them buys no more.
    return Decimal(int(even / Fraction(_SMALLEST))) * _SMALLEST


def _best(problem: Problem, reach: Levels, budget: Decimal | None) -> Point:
    rules = Rules(budget=budget, levels=tuple(problem.at_least.items()))
    outcome = Program(problem, reach, rules).solve(most_gain_first=True, one_plan=False)
    return Point(cost_of(problem, outcome.levels), gain_of(problem, outcome.levels), outcome.proved)
