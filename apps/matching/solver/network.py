"""Plain rounds as a min-cost flow (OR-Tools), with an exact proof from node potentials."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from apps.matching.faults import NO_ASSIGNMENT, NoAssignment, SolverFault
from apps.matching.solver.model import Flags, Ints, Model

_Flow = min_cost_flow.SimpleMinCostFlow


class Network:
    """Members → mentors → sink; a member's empty places go to the sink too, through its floor if it has one.

    Arcs are, in this order: the pairs, one idle arc per member, one arc per mentor, one per floor. A floor
    limits how many places of its group may stay empty, so floors that share no member keep this a network.
    A flow along an arc that must be used (a lock, a minimum) is booked in advance by shifting supplies.
    """

    def __init__(self, model: Model) -> None:
        if model.floor_of is None or not model.has_unit_costs:
            raise ValueError("Only unit costs and floors that share no member make a network.")
        self.model = model
        self.proved = True
        members, mentors = len(model.member_ids), len(model.mentor_ids)
        floors = len(model.problem.floors)
        first_floor, sink = members + mentors, members + mentors + floors
        idle_to = np.where(model.floor_of >= 0, first_floor + model.floor_of, sink)
        self.tail = np.concatenate([model.member_of, np.arange(sink)])
        self.head = np.concatenate([members + model.mentor_of, idle_to, np.full(mentors + floors, sink)])
        may_stay_empty = _empty_places(model)
        self.room = np.concatenate(
            [np.ones(len(model.pairs), np.int64), model.demand, model.capacity, may_stay_empty]
        )
        if np.any(may_stay_empty < 0):
            raise NoAssignment([NO_ASSIGNMENT])
        self.supply = np.concatenate(
            [model.demand, np.zeros(mentors + floors, np.int64), [-model.demand.sum()]]
        )
        self.booked = np.zeros(len(self.tail), np.int64)
        self.weights = np.zeros(len(self.tail), np.int64)
        self.flow = self.booked.copy()
        self._potentials: Ints | None = None
        nothing = np.zeros(members, np.int64), np.zeros(floors, np.int64)
        self._book(np.concatenate([model.locked.astype(np.int64), nothing[0], model.minimum, nothing[1]]))

    def maximise(self, weights: Ints) -> Flags:
        """Solve one stage; the result is exact, whole-numbered and the same each time."""
        self.weights = self._padded(weights)
        self._potentials = None
        live = np.flatnonzero(self.room > 0)
        solver = _Flow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            self.tail[live], self.head[live], self.room[live], -self.weights[live]
        )
        solver.set_nodes_supplies(np.arange(len(self.supply)), self.supply)
        status = solver.solve()
        if status == _Flow.INFEASIBLE:
            raise NoAssignment([NO_ASSIGNMENT])
        if status != _Flow.OPTIMAL:
            raise SolverFault(f"The flow solver stopped with {status.name}.")
        self.flow = np.zeros(len(self.tail), np.int64)
        self.flow[live] = solver.flows(arcs)
        return (self.flow + self.booked)[: len(self.model.pairs)] > 0

    def most_at_least(self, level: int) -> Flags:
        return self.maximise(self._reaching(level))

    def keep_level(self, level: int, count: int) -> None:
        # The last flow is also the best for this level, so its potentials for it exist.
        self.weights = self._padded(self._reaching(level))
        self._potentials = None
        if self.bound() != count:
            raise SolverFault("The flow to be kept is not the best for its level.")
        self.keep()

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

    def _reaching(self, level: int) -> Ints:
        return (self.model.score >= level).astype(np.int64)

    def _padded(self, weights: Ints) -> Ints:
        return np.concatenate([weights, np.zeros(len(self.tail) - len(weights), np.int64)])

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


def _empty_places(model: Model) -> Ints:
    """Per floor, how many places of its group may stay empty."""
    floors = model.problem.floors
    wanted = [int(model.demand[model.members_in(floor.group)].sum()) for floor in floors]
    return np.array([w - f.minimum for w, f in zip(wanted, floors, strict=True)], dtype=np.int64)
