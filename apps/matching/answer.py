"""The answer to a matching problem: pairs, what fairness cost, who is left and why, and a certificate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from importlib.metadata import version

import numpy as np

from apps.matching.problem import Objective, Pair, Problem, decimal_text
from apps.matching.progress import Tell, quiet
from apps.matching.solver import Outcome, best_value, optimise
from apps.matching.solver.model import Model
from apps.matching.solver.program import SEED

ANSWER_FORMAT = "belay-matching-answer/1"


class Cause(StrEnum):
    """Why a place stayed empty. A private exclusion reads as NO_ELIGIBLE_MENTOR, always."""

    NO_ELIGIBLE_MENTOR = "no-eligible-mentor"
    CAPACITY_FULL = "capacity-full"
    WOULD_LOWER_TOTAL = "would-lower-total"


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """One pair of the answer, as it stood in the problem."""

    member: str
    mentor: str
    score: Decimal
    cost: int
    locked: bool

    def as_document(self) -> dict[str, object]:
        return {
            "member": self.member,
            "mentor": self.mentor,
            "score": decimal_text(self.score),
            "cost": self.cost,
            "locked": self.locked,
        }


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A member with fewer places than wanted, and the cause that binds."""

    member: str
    wanted: int
    matched: int
    cause: Cause

    def as_document(self) -> dict[str, object]:
        return {
            "member": self.member,
            "wanted": self.wanted,
            "matched": self.matched,
            "cause": self.cause.value,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """What lets someone else check the answer: no assignment beats `bound`; `gap` is what is left."""

    objective_value: Decimal
    bound: Decimal
    gap: Decimal
    proved_optimal: bool
    input_hash: str
    solver: str
    solver_version: str
    seed: int
    method: str
    levels_settled: int

    def as_document(self) -> dict[str, object]:
        return {
            "objective_value": decimal_text(self.objective_value),
            "bound": decimal_text(self.bound),
            "gap": decimal_text(self.gap),
            "proved_optimal": self.proved_optimal,
            "input_hash": self.input_hash,
            "solver": self.solver,
            "solver_version": self.solver_version,
            "seed": self.seed,
            "method": self.method,
            "levels_settled": self.levels_settled,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """All figures are exact.

    `best_possible_total` is reached with neither fairness, floors nor switching. `worst_off` is the
    lowest quality among members with an eligible mentor (0 for one left out), None when minimising.
    Prices are what the objective value loses.
    """

    objective: Objective
    pairs: tuple[MatchedPair, ...]
    total: Decimal
    switching_cost: Decimal
    best_possible_total: Decimal
    worst_off: Decimal | None
    price_of_fairness: Decimal
    price_of_floors: Decimal
    unmatched: tuple[Unmatched, ...]
    certificate: Certificate

    def as_document(self) -> dict[str, object]:
        return {
            "format": ANSWER_FORMAT,
            "objective": self.objective.value,
            "pairs": [pair.as_document() for pair in self.pairs],
            "total": decimal_text(self.total),
            "switching_cost": decimal_text(self.switching_cost),
            "best_possible_total": decimal_text(self.best_possible_total),
            "worst_off": None if self.worst_off is None else decimal_text(self.worst_off),
            "price_of_fairness": decimal_text(self.price_of_fairness),
            "price_of_floors": decimal_text(self.price_of_floors),
            "unmatched": [row.as_document() for row in self.unmatched],
            "certificate": self.certificate.as_document(),
        }


def solve(problem: Problem, *, tell: Tell = quiet) -> Answer:
    """Solve a problem from `parse_problem`; the same problem always gives the same answer.

    `tell` hears how far it is. Raises NoAssignment when no assignment keeps every lock, minimum and floor.
    """
    outcome = optimise(problem, tell)
    fair_price = floor_price = Decimal()
    if problem.objective is Objective.LEXIMIN:
        fair_price = objective_value(best_value(problem)) - objective_value(outcome)
    if problem.floors:
        free = objective_value(best_value(replace(problem, floors=())))
        floor_price = abs(free - objective_value(best_value(problem)))
    return Answer(
        objective=problem.objective,
        pairs=tuple(_matched(outcome.model, int(i)) for i in np.flatnonzero(outcome.chosen)),
        total=total(outcome),
        switching_cost=switching_cost(outcome),
        best_possible_total=_best_possible(problem, outcome),
        worst_off=worst_off(outcome),
        price_of_fairness=fair_price,
        price_of_floors=floor_price,
        unmatched=_unmatched(outcome),
        certificate=_certificate(problem, outcome),
    )


def total(outcome: Outcome) -> Decimal:
    """Sum of the scores of the chosen pairs."""
    return outcome.model.as_decimal(int(outcome.model.score[outcome.chosen].sum()))


def switching_cost(outcome: Outcome) -> Decimal:
    """Penalty for each current pair that is not in the answer."""
    model = outcome.model
    switching = model.problem.switching
    dropped = len(switching.current) - int(model.current[outcome.chosen].sum()) if switching else 0
    return model.as_decimal(model.penalty * dropped)


def objective_value(outcome: Outcome) -> Decimal:
    """Total less switching cost when maximising, plus it when minimising."""
    return total(outcome) - outcome.model.sign * switching_cost(outcome)


def worst_off(outcome: Outcome) -> Decimal | None:
    """Lowest quality among members with a usable pair; None when scores are costs or there is none."""
    model = outcome.model
    if model.sign < 0 or not len(model.served_members):
        return None
    return model.as_decimal(int(model.qualities(outcome.chosen)[model.served_members].min()))


def _best_possible(problem: Problem, outcome: Outcome) -> Decimal:
    free = replace(problem, floors=(), switching=None)
    if free == problem and problem.objective is not Objective.LEXIMIN:
        return total(outcome)
    return total(best_value(free))


def _matched(model: Model, row: int) -> MatchedPair:
    pair: Pair = model.pairs[row]
    return MatchedPair(pair.member, pair.mentor, pair.score, pair.cost, bool(model.locked[row]))


def _certificate(problem: Problem, outcome: Outcome) -> Certificate:
    model = outcome.model
    gap = outcome.bound - outcome.value
    value = objective_value(outcome)
    is_flow = outcome.method.endswith("min-cost-flow")
    return Certificate(
        objective_value=value,
        bound=value + model.sign * model.as_decimal(gap),
        gap=model.as_decimal(gap),
        proved_optimal=outcome.proved and gap == 0,
        input_hash=problem.input_hash,
        solver="OR-Tools SimpleMinCostFlow" if is_flow else "HiGHS through OR-Tools MathOpt",
        solver_version=version("ortools"),
        seed=SEED,
        method=outcome.method,
        levels_settled=outcome.levels_settled,
    )


def _unmatched(outcome: Outcome) -> tuple[Unmatched, ...]:
    model, problem = outcome.model, outcome.model.problem
    places = model.places(outcome.chosen)
    left = np.flatnonzero(places < model.demand)
    if not len(left):
        return ()
    room = (model.capacity - model.units_used(outcome.chosen))[model.mentor_of] >= model.cost
    could_take = set(model.member_of[room & ~outcome.chosen].tolist())
    could_have = set(model.member_of[~outcome.chosen].tolist())
    # Eligible, but its mentor could never hold it: for its member that mentor is full.
    too_large = _too_large(problem)
    rows = []
    for index in left:
        name, cause = model.member_ids[index], Cause.NO_ELIGIBLE_MENTOR
        if index in could_take:
            cause = Cause.WOULD_LOWER_TOTAL
        elif index in could_have or name in too_large:
            cause = Cause.CAPACITY_FULL
        rows.append(Unmatched(name, int(model.demand[index]), int(places[index]), cause))
    return tuple(rows)


def _too_large(problem: Problem) -> frozenset[str]:
    """Members with an eligible pair that its mentor's whole capacity could not hold."""
    capacities = {mentor.id: mentor.capacity for mentor in problem.mentors}
    return frozenset(
        p.member for p in problem.pairs if p.cost > capacities[p.mentor] and p.link not in problem.excluded
    )
