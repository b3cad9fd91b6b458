"""The plan as an integer program (CP-SAT): exact whole numbers, one worker, stages in order of importance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.planning.chains import Levels, closure_of, cost_of, gain_of, links_by_indicator
from apps.planning.faults import ProblemFaults, SolverFault
from apps.planning.problem import MAX_DECIMALS, Problem

SEED = 0
# A limit on counted work, never on seconds: the same input must stop at the same place on any machine.
MOST_WORK = 5.0
# Objectives stay below 2**50, where the solver's floating comparisons of whole numbers are still exact.
LARGEST = 2**50
# Gains whose sum is no such number are cut down to this many units in all: some millionths of a point each.
ROUNDED_UNITS = 2**24


@dataclass(frozen=True, slots=True)
class Numbers:
    """The whole numbers of a problem: one gain unit is `gain_unit` points, one cost unit `cost_unit`.

    `rounded` says that gains had to be cut down to the unit, by less than one unit each.
    """

    costs: dict[tuple[str, int], int]
    gains: dict[tuple[str, int], int]
    cost_unit: Fraction
    gain_unit: Fraction
    rounded: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan must keep, beyond prerequisites: a budget, levels to hold, gains of some indicators."""

    budget: Decimal | None = None
    levels: tuple[tuple[str, int], ...] = ()
    gains: tuple[tuple[tuple[str, ...], Fraction], ...] = ()
    # Asks a little less of cut-down gains than the exact ones must reach, so that its least cost is a bound.
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Levels of what rises, and how far the first objective could still be improved; 0 is the proof."""

    levels: dict[str, int]
    slack: Fraction
    proved: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """One objective, 0 … span: the sum of `weights` over the steps taken, plus `offset`."""

    weights: dict[tuple[str, int], int]
    span: int
    offset: int = 0


def numbers_of(problem: Problem, reach: Levels) -> Numbers:
    """Scale the steps that can be taken to whole numbers. Raises ProblemFaults when costs are too large."""
    steps = {
        (i.id, level): i.step_to(level)
        for i in problem.items
        for level in range(i.level + 1, reach[i.id] + 1)
    }
    costs = {at: int(step.cost.scaleb(MAX_DECIMALS)) for at, step in steps.items()}
    cost_divisor = math.gcd(*costs.values()) or 1
    costs = {at: cost // cost_divisor for at, cost in costs.items()}
    if sum(costs.values()) >= LARGEST:
        raise ProblemFaults(["indicators: the costs are too large to be added exactly; use a larger unit."])
    gain_unit = _common_unit([step.gain for step in steps.values()])
    total = sum((step.gain for step in steps.values()), Fraction(0))
    rounded = total / gain_unit >= LARGEST
    if rounded:
        gain_unit = total / ROUNDED_UNITS
    return Numbers(
        costs=costs,
        gains={at: int(step.gain // gain_unit) for at, step in steps.items()},
        cost_unit=Fraction(cost_divisor, 10**MAX_DECIMALS),
        gain_unit=gain_unit,
        rounded=rounded,
    )


def _common_unit(values: Sequence[Fraction]) -> Fraction:
    """The largest fraction that every value is a whole multiple of; 1 when all are 0."""
    bottom = math.lcm(*(value.denominator for value in values))
    return Fraction(math.gcd(*(int(value * bottom) for value in values)) or 1, bottom)


class Program:
    """One yes-or-no variable per step that can be taken; `solve` runs the stages on it."""

    def __init__(self, problem: Problem, reach: Levels, rules: Rules) -> None:
        # Loaded only here: the library is large, and most of what imports this package never solves.
        from ortools.sat.python import cp_model

        self._cp: Any = cp_model
        self.problem, self.reach, self.rules = problem, reach, rules
        self.numbers = numbers_of(problem, reach)
        self.model: Any = cp_model.CpModel()
        self.take: dict[tuple[str, int], Any] = {at: self.model.new_bool_var("") for at in self.numbers.costs}
        # A first plan that keeps the rules, for the solver to begin with.
        self.levels = closure_of(problem, reach if rules.gains else dict(rules.levels))
        self._add_order()
        self._add_rules()

    def solve(self, *, most_gain_first: bool, one_plan: bool = True) -> Outcome:
        """Solve the stages: gain and cost in the order asked for, then higher levels in framework order.

        With `one_plan` the answer is the only one there is, so no solver can change it; without it only
        gain and cost are settled.
        """
        gain, cost = self._gain_goal(), self._cost_goal()
        goals = [gain, cost] if most_gain_first else [cost, gain]
        first_unit = self.numbers.gain_unit if most_gain_first else self.numbers.cost_unit
        slack, proved = Fraction(0), True
        for number, stage in enumerate(_packed(goals + (self._level_goals() if one_plan else []))):
            best, bound = self._maximise(stage)
            multiple = _multiples(stage)[0]
            if number == 0:
                slack = (bound // multiple - best // multiple) * first_unit
            proved = bound == best
            if not proved:
                break
            self._keep(stage)
        if self.numbers.rounded and most_gain_first:
            slack += self._lost_by_rounding()
        self._check()
        return Outcome(self.levels, slack, proved and not slack)

    # The rules as rows.

    def _add_order(self) -> None:
        links = links_by_indicator(self.problem)
        for name, level in self.take:
            start = self.problem.by_id[name].level
            if level > start + 1:
                self.model.add_implication(self.take[name, level], self.take[name, level - 1])
                continue
            for link in links.get(name, ()):
                if link.at_level > self.problem.by_id[link.requires].level:
                    self.model.add_implication(
                        self.take[name, level], self.take[link.requires, link.at_level]
                    )

    def _add_rules(self) -> None:
        numbers, rules = self.numbers, self.rules
        if rules.budget is not None:
            most = int(Fraction(rules.budget) // numbers.cost_unit)
            self.model.add(self._sum(numbers.costs) <= min(most, sum(numbers.costs.values())))
        for name, level in rules.levels:
            if level > self.problem.by_id[name].level:
                self.model.add_bool_and([self.take[name, level]])
        for among, points in rules.gains:
            inside = {at: gain for at, gain in numbers.gains.items() if at[0] in set(among)}
            # Cut-down gains may miss a sum that the exact ones reach; then everything that helps is needed.
            least = min(math.ceil(points / numbers.gain_unit), sum(inside.values()))
            self.model.add(self._sum(inside) >= least - (len(inside) if rules.relaxed else 0))

    def _sum(self, weights: dict[tuple[str, int], int]) -> Any:
        return self._cp.LinearExpr.weighted_sum([self.take[at] for at in weights], list(weights.values()))

    # The goals, each at least 0 and larger for the better.

    def _gain_goal(self) -> Goal:
        return Goal(self.numbers.gains, sum(self.numbers.gains.values()))

    def _cost_goal(self) -> Goal:
        total = sum(self.numbers.costs.values())
        return Goal({at: -cost for at, cost in self.numbers.costs.items()}, total, total)

    def _level_goals(self) -> list[Goal]:
        rising = [item for item in self.problem.items if self.reach[item.id] > item.level]
        return [
            Goal(
                {(i.id, level): 1 for level in range(i.level + 1, self.reach[i.id] + 1)},
                self.reach[i.id] - i.level,
            )
            for i in rising
        ]

    # One stage.

    def _maximise(self, stage: Sequence[Goal]) -> tuple[int, int]:
        """Return the value found and a bound on it; equal when proved. Leaves the levels in `self.levels`."""
        weights: dict[tuple[str, int], int] = {}
        for goal, multiple in zip(stage, _multiples(stage), strict=True):
            for at, weight in goal.weights.items():
                weights[at] = weights.get(at, 0) + weight * multiple
        offset = sum(g.offset * multiple for g, multiple in zip(stage, _multiples(stage), strict=True))
        self.model.maximize(self._sum(weights))
        self._hint()
        solver = self._cp.CpSolver()
        _set_parameters(solver.parameters)
        status = solver.solve(self.model)
        if status in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            self.levels = self._read(solver)
        elif status != self._cp.UNKNOWN:
            raise SolverFault(f"CP-SAT stopped with {solver.status_name(status)}.")
        taken = sum(weight for at, weight in weights.items() if self._is_taken(at))
        bound = taken
        if status != self._cp.OPTIMAL:
            # A search that found nothing has not said anything about what there is either.
            reported = solver.best_objective_bound if status == self._cp.FEASIBLE else math.inf
            bound = _upper(reported, taken, weights)
        return taken + offset, bound + offset

    def _keep(self, stage: Iterable[Goal]) -> None:
        for goal in stage:
            value = sum(weight for at, weight in goal.weights.items() if self._is_taken(at))
            self.model.add(self._sum(goal.weights) == value)

    def _hint(self) -> None:
        self.model.clear_hints()
        for at, take in self.take.items():
            self.model.add_hint(take, self._is_taken(at))

    def _is_taken(self, at: tuple[str, int]) -> bool:
        return self.levels.get(at[0], -1) >= at[1]

    def _read(self, solver: Any) -> dict[str, int]:
        levels: dict[str, int] = {}
        for (name, level), take in self.take.items():
            if solver.boolean_value(take):
                levels[name] = level
        return levels

    def _lost_by_rounding(self) -> Fraction:
        """What all cuts together took off gains, less what they took off this plan."""
        unit, gains = self.numbers.gain_unit, self.numbers.gains
        cut = gain_of(self.problem, self.reach) - unit * sum(gains.values())
        kept = unit * sum(gain for at, gain in gains.items() if self._is_taken(at))
        return cut - (gain_of(self.problem, self.levels) - kept)

    def _check(self) -> None:
        """Hold the answer against every rule again, in exact numbers and by another way."""
        missed = (gain_of(self.problem, self.levels, among) < points for among, points in self.rules.gains)
        broken = [
            self.levels != closure_of(self.problem, self.levels),
            any(level > self.reach[name] for name, level in self.levels.items()),
            self.rules.budget is not None and cost_of(self.problem, self.levels) > self.rules.budget,
            any(self.levels.get(n, self.problem.by_id[n].level) < level for n, level in self.rules.levels),
            not self.rules.relaxed and any(missed),
        ]
        if any(broken):
            raise SolverFault("The plan found does not keep its rules.")


def _packed(goals: Sequence[Goal]) -> list[list[Goal]]:
    """Join goals into stages, as many in each as one exact objective can hold, in order."""
    stages: list[list[Goal]] = [[]]
    size = 1
    for goal in goals:
        if stages[-1] and size * (goal.span + 1) > LARGEST:
            stages.append([])
            size = 1
        stages[-1].append(goal)
        size *= goal.span + 1
    return stages


def _multiples(stage: Sequence[Goal]) -> list[int]:
    """What each goal counts, so that one unit of it outweighs all goals after it."""
    multiples = [1]
    for goal in reversed(stage[1:]):
        multiples.insert(0, multiples[0] * (goal.span + 1))
    return multiples


def _upper(bound: float, found: int, weights: dict[tuple[str, int], int]) -> int:
    """A bound in floating point as a safe whole number: at least what was found, at most everything."""
    most = sum(weight for weight in weights.values() if weight > 0)
    if not math.isfinite(bound):
        return most
    return min(most, max(found + 1, math.ceil(bound) + 1))


def _set_parameters(parameters: Any) -> None:
    parameters.num_workers = 1
    parameters.random_seed = SEED
    parameters.max_deterministic_time = MOST_WORK
    # Every row in the linear relaxation: a chain of steps under one budget is proved by it, hardly without.
    parameters.linearization_level = 2
    parameters.absolute_gap_limit = 0.0
    parameters.relative_gap_limit = 0.0
