"""The two questions: the most gain within the budget, and the least cost that reaches a target; both proved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from importlib.metadata import version

from apps.planning.chains import Levels, cost_of, gain_of, reach_of
from apps.planning.faults import NoPlan
from apps.planning.leftout import LeftOut, left_out_of
from apps.planning.order import PlannedStep, ordered_steps
from apps.planning.problem import Part, Problem, Target, decimal_text, exact
from apps.planning.solver import SEED, Outcome, Program, Rules
from apps.planning.targets import aimed, lock_faults, rules_to_reach

PLAN_FORMAT = "belay-plan/1"


class Question(StrEnum):
    """What was asked."""

    MOST_GAIN = "most-gain-within-budget"
    LEAST_COST = "least-cost-to-target"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What lets someone else check the plan: no plan that keeps the rules is better than `bound`.

    `value` and `bound` are points of gain, or cost, after the question. `proved` says that nothing better
    exists, ties included; else the plan is the best one found, and at most `gap` is left to win.
    """

    value: Fraction
    bound: Fraction
    proved: bool
    input_hash: str

    @property
    def gap(self) -> Fraction:
        return abs(self.bound - self.value)

    def as_document(self) -> dict[str, object]:
        return {
            "value": exact(self.value),
            "bound": exact(self.bound),
            "gap": exact(self.gap),
            "status": "optimal" if self.proved else "best-found-not-proved",
            "input_hash": self.input_hash,
            "solver": "OR-Tools CP-SAT",
            "solver_version": version("ortools"),
            "seed": SEED,
        }


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of the score before and after a plan; labels are None where the part has none."""

    id: str
    before: Fraction
    after: Fraction
    label_before: int | None
    label_after: int | None

    def as_document(self) -> dict[str, object]:
        return {
            "id": self.id,
            "before": exact(self.before),
            "after": exact(self.after),
            "label_before": self.label_before,
            "label_after": self.label_after,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What to raise, to which level, what it costs and gains. `levels` names only what rises."""

    problem: Problem
    question: Question
    levels: Levels
    cost: Decimal
    gain: Fraction
    certificate: Certificate

    @property
    def left(self) -> Decimal | None:
        """What the plan leaves of the budget, below 0 when it needs more; None without a budget."""
        return None if self.problem.budget is None else self.problem.budget - self.cost

    def steps(self) -> tuple[PlannedStep, ...]:
        """The steps in the order to take them."""
        return ordered_steps(self.problem, self.levels)

    def left_out(self) -> tuple[LeftOut, ...]:
        """What could rise or is wanted higher, and why it is not in the plan."""
        return left_out_of(self.problem, self.levels, within=self.question is Question.MOST_GAIN)

    def parts(self) -> tuple[PartChange, ...]:
        """The parts of the score that the problem names, before and after."""
        return tuple(_change(self.problem, part, self.levels) for part in self.problem.parts)

    def as_document(self) -> dict[str, object]:
        """JSON-able data; the same problem gives the same document."""
        by_id = self.problem.by_id
        target = self.problem.target if self.question is Question.LEAST_COST else None
        return {
            "format": PLAN_FORMAT,
            "question": self.question.value,
            "target": None if target is None else target.as_document(),
            "unit": self.problem.unit,
            "budget": None if self.problem.budget is None else decimal_text(self.problem.budget),
            "cost": decimal_text(self.cost),
            "left": None if self.left is None else decimal_text(self.left),
            "gain": exact(self.gain),
            "levels": [{"id": n, "from": by_id[n].level, "to": level} for n, level in self.levels.items()],
            "steps": [step.as_document() for step in self.steps()],
            "left_out": [row.as_document() for row in self.left_out()],
            "parts": [part.as_document() for part in self.parts()],
            "certificate": self.certificate.as_document(),
        }


def plan_within(problem: Problem) -> Plan:
    """The plan that gains most within the budget; of equals the cheapest, then framework order.

    Without a budget everything that gains is in it. Raises NoPlan when the locks cannot be kept.
    """
    reach = reach_of(problem)
    faults = lock_faults(problem, reach, within=problem.budget)
    if faults:
        raise NoPlan(faults)
    rules = Rules(budget=problem.budget, levels=tuple(problem.at_least.items()))
    outcome = Program(problem, reach, rules).solve(most_gain_first=True)
    gain = gain_of(problem, outcome.levels)
    return _plan(problem, Question.MOST_GAIN, outcome, gain, gain + outcome.slack)


def cheapest_to(problem: Problem, target: Target | None = None) -> Plan:
    """The plan of least cost that reaches `target`, or the problem's own; of equals the one that gains most.

    The budget does not bind here; `Plan.left` says whether it is enough. Raises NoPlan when the target is out
    of reach, and ProblemFaults when there is no target or it names what the problem does not know.
    """
    problem, target = aimed(problem, target)
    reach = reach_of(problem)
    rules = rules_to_reach(problem, reach, target)
    program = Program(problem, reach, rules)
    outcome = program.solve(most_gain_first=False)
    cost = Fraction(cost_of(problem, outcome.levels))
    if program.numbers.rounded and rules.gains:
        relaxed = Program(problem, reach, replace(rules, relaxed=True)).solve(most_gain_first=False)
        least = Fraction(cost_of(problem, relaxed.levels)) - relaxed.slack
        outcome = replace(outcome, slack=cost - least, proved=outcome.proved and cost == least)
    return _plan(problem, Question.LEAST_COST, outcome, cost, cost - outcome.slack)


def _plan(problem: Problem, question: Question, outcome: Outcome, value: Fraction, bound: Fraction) -> Plan:
    return Plan(
        problem=problem,
        question=question,
        levels=outcome.levels,
        cost=cost_of(problem, outcome.levels),
        gain=gain_of(problem, outcome.levels),
        certificate=Certificate(value, bound, outcome.proved, problem.input_hash()),
    )


def _change(problem: Problem, part: Part, levels: Levels) -> PartChange:
    before = {name: problem.by_id[name].level for name in part.keys}
    after = {name: levels.get(name, level) for name, level in before.items()}
    value = part.value + part.factor * gain_of(problem, levels, part.members)
    return PartChange(
        id=part.id,
        before=part.value,
        after=value,
        label_before=part.label_at(part.value, min(before.values(), default=None)),
        label_after=part.label_at(value, min(after.values(), default=None)),
    )
