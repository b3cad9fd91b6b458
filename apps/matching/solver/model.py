"""The problem in whole numbers: sorted, indexed, scores scaled exactly; what both solvers work on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from apps.matching.problem import Link, Objective, Pair, Problem

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Solver(Protocol):
    """One program that is solved in stages; each stage may be kept as a condition on the next."""

    proved: bool

    def maximise(self, weights: Ints) -> Flags:
        """The pairs (one flag each) whose weights have the greatest sum."""
        ...

    def most_at_least(self, level: int) -> Flags:
        """The pairs that give the most members a quality of at least `level` (scaled)."""
        ...

    def keep_level(self, level: int, count: int) -> None:
        """From now on `count` members reach `level`: what the last answer gives and none can beat."""
        ...

    def bound(self) -> int:
        """What the last stage can at most reach, in its weights."""
        ...

    def keep(self) -> None:
        """From now on allow only solutions as good in the last stage as the last one."""
        ...


@dataclass(frozen=True)
class Model:
    """Members, mentors and usable pairs by index, in the order of their ids.

    A pair is usable when it is eligible and its mentor's whole capacity could hold it.
    Sorting makes the answer independent of the order of the document.
    """

    problem: Problem
    member_ids: tuple[str, ...]
    mentor_ids: tuple[str, ...]
    pairs: tuple[Pair, ...]
    demand: Ints
    priority: Ints
    capacity: Ints
    minimum: Ints
    member_of: Ints
    mentor_of: Ints
    score: Ints
    cost: Ints
    locked: Flags
    current: Flags
    scale: int
    penalty: int

    @cached_property
    def served_members(self) -> Ints:
        """Indexes of the members with a usable pair; the others are set apart."""
        return np.unique(self.member_of)

    @property
    def sign(self) -> int:
        return -1 if self.problem.objective is Objective.MIN_TOTAL else 1

    @property
    def has_unit_costs(self) -> bool:
        return bool(np.all(self.cost == 1))

    @cached_property
    def floor_of(self) -> Ints | None:
        """Per member, the index of the one floor that counts it, -1 for none; None if floors overlap."""
        floors = np.full(len(self.member_ids), -1, np.int64)
        for index, floor in enumerate(self.problem.floors):
            inside = self.members_in(floor.group)
            if np.any(floors[inside] >= 0):
                return None
            floors[inside] = index
        return floors

    @property
    def total_weights(self) -> Ints:
        """Per pair, what it adds to the value: signed score, and the penalty it saves."""
        return self.sign * self.score + self.penalty * self.current

    @property
    def one_place_each(self) -> bool:
        return bool(np.all(self.demand[self.served_members] == 1))

    def qualities(self, chosen: Flags) -> Ints:
        """Scaled quality of each member: the sum of the scores of its pairs, 0 if it has none."""
        return _summed(self.member_of[chosen], self.score[chosen], len(self.member_ids))

    def places(self, chosen: Flags) -> Ints:
        return _summed(self.member_of[chosen], np.ones(int(chosen.sum()), np.int64), len(self.member_ids))

    def units_used(self, chosen: Flags) -> Ints:
        return _summed(self.mentor_of[chosen], self.cost[chosen], len(self.mentor_ids))

    def pairs_used(self, chosen: Flags) -> Ints:
        return _summed(self.mentor_of[chosen], np.ones(int(chosen.sum()), np.int64), len(self.mentor_ids))

    def members_in(self, group: str) -> Flags:
        """Per member, whether it belongs to `group`."""
        groups = {m.id: m.groups for m in self.problem.members}
        return np.array([group in groups[name] for name in self.member_ids], dtype=bool)

    def in_group(self, group: str) -> Flags:
        """Per pair, whether its member belongs to `group`."""
        return self.members_in(group)[self.member_of]

    def as_decimal(self, scaled: int) -> Decimal:
        return Decimal(scaled) / self.scale

    def breaks(self, chosen: Flags) -> str | None:
        """The first rule that these pairs break, in exact whole numbers; None if they keep all."""
        if np.any(self.places(chosen) > self.demand):
            return "demand"
        if np.any(self.units_used(chosen) > self.capacity):
            return "capacity"
        if np.any(self.pairs_used(chosen) < self.minimum):
            return "minimum"
        if not np.all(chosen[self.locked]):
            return "lock"
        floors = self.problem.floors
        if any((chosen & self.in_group(floor.group)).sum() < floor.minimum for floor in floors):
            return "floor"
        return None


def model_of(problem: Problem) -> Model:
    """The model of a problem, built once and kept with it: explaining solves the same problem many times."""
    kept = vars(problem)
    if "_model" not in kept:
        kept["_model"] = build_model(problem)
    return cast(Model, kept["_model"])


def build_model(problem: Problem) -> Model:
    """Index and scale a problem; scores become whole numbers of the smallest decimal in use."""
    members = sorted(problem.members, key=lambda m: m.id)
    mentors = sorted(problem.mentors, key=lambda m: m.id)
    row = {m.id: i for i, m in enumerate(members)}
    column = {m.id: i for i, m in enumerate(mentors)}
    capacities = {m.id: m.capacity for m in mentors}
    usable = [
        p
        for p in problem.pairs
        if p.cost <= capacities[p.mentor] and not (problem.excluded and p.link in problem.excluded)
    ]
    member_of, mentor_of = _ints([row[p.member] for p in usable]), _ints([column[p.mentor] for p in usable])
    order = np.lexsort((mentor_of, member_of))
    pairs = [usable[i] for i in order.tolist()]
    penalty = problem.switching.penalty if problem.switching else Decimal()
    current = problem.switching.current if problem.switching else frozenset[Link]()
    scores = {p.score for p in pairs}
    scale = _scale([*scores, penalty])
    whole = {score: int(score * scale) for score in scores}
    return Model(
        problem=problem,
        member_ids=tuple(m.id for m in members),
        mentor_ids=tuple(m.id for m in mentors),
        pairs=tuple(pairs),
        demand=_ints([m.demand for m in members]),
        priority=_ints([m.priority for m in members]),
        capacity=_ints([m.capacity for m in mentors]),
        minimum=_ints([m.minimum for m in mentors]),
        member_of=member_of[order],
        mentor_of=mentor_of[order],
        score=_ints([whole[p.score] for p in pairs]),
        cost=_ints([p.cost for p in pairs]),
        locked=_among(pairs, problem.locked),
        current=_among(pairs, current),
        scale=scale,
        penalty=int(penalty * scale),
    )


def _among(pairs: list[Pair], links: frozenset[Link]) -> Flags:
    """Per pair, whether it is one of `links`."""
    if not links:
        return np.zeros(len(pairs), dtype=bool)
    return np.array([pair.link in links for pair in pairs], dtype=bool)


def _scale(values: list[Decimal]) -> int:
    """The power of ten that makes every value whole."""
    exponents = (v.normalize().as_tuple().exponent for v in values)
    decimals = max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)
    return int("1" + "0" * decimals)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _summed(keys: Ints, values: Ints, size: int) -> Ints:
    """Exact sums of `values` by key (bincount would go through floats)."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, keys, values)
    return sums
