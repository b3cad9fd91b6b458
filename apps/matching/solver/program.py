"""Floors, unequal costs and many places each as a mixed-integer program (HiGHS through OR-Tools).

HiGHS is reached through OR-Tools because the two wheels' own copies of it cannot share a process.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from apps.matching.faults import NO_ASSIGNMENT, NoAssignment, SolverFault
from apps.matching.solver.model import Flags, Ints, Model

SEED = 0
NODE_LIMIT = 2_000_000
_Terms = Mapping[mathopt.Variable, int]


class Program:
    """One binary per usable pair, exact rows, stages kept as rows."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.proved = True
        self.program = mathopt.Model()
        self.take = [
            self.program.add_variable(lb=float(locked), ub=1.0, is_integer=True) for locked in model.locked
        ]
        self._flags: dict[tuple[int, int], mathopt.Variable] = {}
        self._terms: _Terms = {}
        self._value = 0
        self._bound = 0
        self._add_rules()

    def maximise(self, weights: Ints) -> Flags:
        """Solve one stage to a proved optimum, then check every rule in whole numbers."""
        return self._solve({self.take[i]: int(weights[i]) for i in np.flatnonzero(weights)})

    def most_at_least(self, level: int) -> Flags:
        return self._solve(self._reaching(level))

    def keep_level(self, level: int, count: int) -> None:
        self._at_least(self._reaching(level), count)

    def bound(self) -> int:
        return self._bound

    def keep(self) -> None:
        self._at_least(self._terms, self._value)

    def _add_rules(self) -> None:
        model = self.model
        self._rows_by_member = _grouped(model.member_of)
        for member, rows in self._rows_by_member.items():
            self._at_most({self.take[i]: 1 for i in rows}, int(model.demand[member]))
        by_mentor = _grouped(model.mentor_of)
        for mentor, rows in by_mentor.items():
            self._at_most({self.take[i]: int(model.cost[i]) for i in rows}, int(model.capacity[mentor]))
        for mentor, minimum in enumerate(model.minimum.tolist()):
            if minimum:
                self._at_least({self.take[i]: 1 for i in by_mentor.get(mentor, [])}, minimum)
        for floor in model.problem.floors:
            inside = np.flatnonzero(model.in_group(floor.group))
            self._at_least({self.take[i]: 1 for i in inside}, floor.minimum)

    def _reaching(self, level: int) -> _Terms:
        """Terms that count members of at least `level`: pairs for one place, a flag for several."""
        terms: dict[mathopt.Variable, int] = {}
        for member, rows in self._rows_by_member.items():
            if self.model.demand[member] == 1:
                terms.update({self.take[i]: 1 for i in rows if self.model.score[i] >= level})
            else:
                terms[self._flag(member, level)] = 1
        return terms

    def _flag(self, member: int, level: int) -> mathopt.Variable:
        """May be 1 only if the scores of the member's pairs sum to at least `level`."""
        if (member, level) not in self._flags:
            flag = self._flags[member, level] = self.program.add_binary_variable()
            terms = {self.take[i]: int(self.model.score[i]) for i in self._rows_by_member[member]}
            self._at_least({**terms, flag: -level}, 0)
        return self._flags[member, level]

    def _at_most(self, terms: _Terms, limit: int) -> None:
        self.program.add_linear_constraint(_expression(terms.items()) <= limit)

    def _at_least(self, terms: _Terms, limit: int) -> None:
        # A row without terms would be refused as a constant; it fails only when it asks for something.
        if terms:
            self.program.add_linear_constraint(_expression(terms.items()) >= limit)
        elif limit > 0:
            raise NoAssignment([NO_ASSIGNMENT])

    def _solve(self, terms: _Terms) -> Flags:
        self.program.maximize(_expression(terms.items()))
        result = mathopt.solve(self.program, mathopt.SolverType.HIGHS, params=_parameters())
        reason = result.termination.reason
        if reason in _NO_ANSWER:
            raise NoAssignment([NO_ASSIGNMENT])
        if not result.has_primal_feasible_solution():
            raise SolverFault(f"HiGHS stopped without an answer: {reason.name}.")
        values = result.variable_values()
        chosen = np.array([round(values[take]) == 1 for take in self.take], dtype=bool)
        broken = self.model.breaks(chosen)
        if broken:
            raise SolverFault(f"HiGHS gave an answer that breaks a {broken} rule.")
        self._terms = terms
        self._value = sum(weight * round(values[take]) for take, weight in terms.items())
        self._bound = _whole_bound(result.best_objective_bound(), self._value)
        self.proved &= reason == mathopt.TerminationReason.OPTIMAL and self._bound == self._value
        return chosen


_NO_ANSWER = {mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED}


def _parameters() -> mathopt.SolveParameters:
    # A limit on nodes, never on seconds: the same input must stop at the same place on any machine.
    return mathopt.SolveParameters(
        random_seed=SEED,
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.0,
        node_limit=NODE_LIMIT,
        highs=highs_pb2.HighsOptionsProto(string_options={"parallel": "off"}),
    )


def _whole_bound(bound: float, value: int) -> int:
    """The float bound as a whole number; all weights are whole, so the optimum is too."""
    slack = max(1e-6, 1e-9 * abs(bound))
    return max(value, math.floor(bound + slack))


def _expression(terms: Iterable[tuple[mathopt.Variable, int]]) -> mathopt.LinearSum:
    return mathopt.LinearSum(weight * variable for variable, weight in terms)


def _grouped(keys: Ints) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(int(key), []).append(row)
    return rows
