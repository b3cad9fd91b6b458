"""Plain rounds as a min-cost flow (OR-Tools), with an exact proof from node potentials."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from apps.matching.faults import NoAssignment, SolverFault
from apps.matching.solver.model import Flags, Ints, Model

_Flow = min_cost_flow.SimpleMinCostFlow


class Network:
    """Members → mentors → sink, with an idle arc from each member to the sink.

    Arcs are, in this order: the pairs, one idle arc per member, one arc per mentor.
    A flow along an arc that must be used (a lock, a minimum) is booked in advance by shifting supplies.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.proved = True
        members, mentors = len(model.member_ids), len(model.mentor_ids)
        sink = members + mentors
        sources, helpers = np.arange(members), np.arange(members, sink)
        self.tail = np.concatenate([model.member_of, sources, helpers])
        self.head = np.concatenate([members + model.mentor_of, np.full(members + mentors, sink)])
        self.room = np.concatenate([np.ones(len(model.pairs), np.int64), model.demand, model.capacity])
        self.supply = np.concatenate([model.demand, np.zeros(mentors, np.int64), [-model.demand.sum()]])
        self.booked = np.zeros(len(self.tail), np.int64)
        self.weights = np.zeros(len(self.tail), np.int64)
        self.flow = self.booked.copy()
        self._potentials: Ints | None = None
        self._book(
            np.concatenate([model.locked.astype(np.int64), np.zeros(members, np.int64), model.minimum])
        )

    def maximise(self, weights: Ints) -> Flags:
        """Solve one stage; the result is exact, whole-numbered and the same each time."""
        self.weights = np.concatenate([weights, np.zeros(len(self.tail) - len(weights), np.int64)])
        self._potentials = None
        live = np.flatnonzero(self.room > 0)
        solver = _Flow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            self.tail[live], self.head[live], self.room[live], -self.weights[live]
        )
        solver.set_nodes_supplies(np.arange(len(self.supply)), self.supply)
        status = solver.solve()
        if status == _Flow.INFEASIBLE:
            raise NoAssignment(["document: no assignment keeps every lock and minimum at once."])
        if status != _Flow.OPTIMAL:
            raise SolverFault(f"The flow solver stopped with {status.name}.")
        self.flow = np.zeros(len(self.tail), np.int64)
        self.flow[live] = solver.flows(arcs)
        return (self.flow + self.booked)[: len(self.model.pairs)] > 0

    def most_at_least(self, level: int) -> Flags:
        return self.maximise((self.model.score >= level).astype(np.int64))

    def bound(self) -> int:
        """The dual bound of the last stage, summed in whole numbers from the potentials."""
        reduced = self._reduced_costs()
        used = np.minimum(reduced, 0) @ self.room - self._prices() @ self.supply
        return int(self.weights @ self.booked - used)

    def keep(self) -> None:
        """Complementary slackness: arcs with a reduced cost keep their flow in every optimum."""
        reduced = self._reduced_costs()
        self._book(np.where(reduced < 0, self.room, 0))
        self.room[reduced != 0] = 0

    def _book(self, amount: Ints) -> None:
        self.booked = self.booked + amount
        self.room = self.room - amount
        np.subtract.at(self.supply, self.tail, amount)
        np.add.at(self.supply, self.head, amount)

    def _reduced_costs(self) -> Ints:
        prices = self._prices()
        reduced: Ints = -self.weights + prices[self.tail] - prices[self.head]
        return reduced

    def _prices(self) -> Ints:
        """Potentials that prove the last flow optimal: shortest distances in its residual graph.

        They exist exactly when no cycle could improve the flow, so finding them is the proof;
        finding none means that the solver's claim was wrong.
        """
        if self._potentials is not None:
            return self._potentials
        forward, back = self.flow < self.room, self.flow > 0
        tails = np.concatenate([self.tail[forward], self.head[back]])
        heads = np.concatenate([self.head[forward], self.tail[back]])
        lengths = np.concatenate([-self.weights[forward], self.weights[back]])
        distance = np.zeros(len(self.supply), np.int64)
        for _ in range(len(distance) + 1):
            nearer = distance.copy()
            np.minimum.at(nearer, heads, distance[tails] + lengths)
            if np.array_equal(nearer, distance):
                self._potentials = distance
                return distance
            distance = nearer
        raise SolverFault("The flow solver's answer can be improved, so it is not an optimum.")
