"""Solve a matching problem in stages, with a method that proves its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from apps.matching.faults import SolverFault
from apps.matching.problem import Objective, Problem
from apps.matching.progress import Progress, Stage, Tell, quiet
from apps.matching.solver.leximin import climb
from apps.matching.solver.model import Flags, Ints, Model, Solver, model_of
from apps.matching.solver.network import Network
from apps.matching.solver.program import Program


@dataclass(frozen=True)
class Outcome:
    """The chosen pairs of one solve; value and bound are in scaled whole numbers."""

    model: Model
    chosen: Flags
    bound: int
    proved: bool
    method: str
    levels_settled: int

    @property
    def value(self) -> int:
        """Signed total less switching cost: what the total stage maximises, less a constant."""
        return int(self.model.total_weights[self.chosen].sum())


def optimise(problem: Problem, tell: Tell = quiet) -> Outcome:
    """Solve `problem` for its objective, telling how far it is; raises NoAssignment when no assignment keeps its rules."""
    model = model_of(problem)
    leximin = problem.objective is Objective.LEXIMIN
    flow = model.has_unit_costs and (model.one_place_each or not leximin)
    if flow and model.floor_of is None:
        # Floors that overlap are no network, but if the best answer without them keeps them, it is the best.
        free = optimise(replace(problem, floors=()), tell)
        if model.breaks(free.chosen) is None:
            return replace(free, model=model)
        flow = False
    solver: Solver = Network(model) if flow else Program(model)
    settled = climb(solver, model, tell) if leximin else 0
    served = len(model.served_members)
    tell(Progress(Stage.TOTAL, 1, served if leximin else 0, served))
    ones = np.ones(len(model.pairs), dtype=np.int64)
    if problem.objective is Objective.MIN_TOTAL:
        # Serving nobody would be cheapest: fill every place that can be filled, then save.
        solver.maximise(ones)
        solver.keep()
    chosen = solver.maximise(model.total_weights)
    bound = solver.bound()
    for step, weights in enumerate(_tie_breaks(model, ones, chosen), start=1):
        tell(Progress(Stage.TIES, step, served, served))
        solver.keep()
        chosen = solver.maximise(weights)
    if broken := model.breaks(chosen):
        raise SolverFault(f"The answer breaks a {broken} rule.")
    return Outcome(model, chosen, bound, solver.proved, _method(flow, leximin), settled)


def best_value(problem: Problem) -> Outcome:
    """The same problem with the total alone as its aim: what fairness is priced against."""
    plain = problem.objective is not Objective.LEXIMIN
    return optimise(problem if plain else replace(problem, objective=Objective.MAX_TOTAL))


def _tie_breaks(model: Model, ones: Ints, chosen: Flags) -> list[Ints]:
    """Among equal totals: more places filled, then places and quality to the higher priority."""
    full = int(chosen.sum()) == int(model.demand[model.served_members].sum())
    stages = [] if full and not np.any(model.priority) else [ones]
    if np.any(model.priority):
        urgency = model.priority[model.member_of]
        stages += [urgency, urgency * model.sign * model.score]
    return stages


def _method(flow: bool, leximin: bool) -> str:
    program = "min-cost-flow" if flow else "mixed-integer-program"
    return f"leximin-by-{program}" if leximin else program
