"""The slow, obvious way: try every combination of levels and rank them by the words of the decision record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from apps.planning import Problem

Ints = NDArray[np.int64]


class Combinations:
    """Every combination of levels as rows of whole numbers, those that break a lock or a prerequisite left out.

    `gains` are in 1/`unit` points and `costs` in 1/10,000 of a cost.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        steps = [step for item in problem.items for step in item.steps]
        self.unit = lcm(*(step.gain.denominator for step in steps), 1)
        grids = np.meshgrid(*(np.arange(i.level, i.highest + 1) for i in problem.items), indexing="ij")
        levels = np.stack([grid.ravel() for grid in grids], axis=1)
        self.column = {item.id: n for n, item in enumerate(problem.items)}
        self.levels = levels[self._kept(levels)]
        self.gains = self._sums(lambda step: int(step.gain * self.unit))
        self.costs = self._sums(lambda step: int(step.cost * 10_000))

    def _kept(self, levels: Ints) -> NDArray[np.bool_]:
        kept = np.ones(len(levels), dtype=bool)
        for link in self.problem.links:
            rises = levels[:, self.column[link.indicator]] > self.problem.by_id[link.indicator].level
            kept &= ~rises | (levels[:, self.column[link.requires]] >= link.at_level)
        for name, level in self.problem.at_least.items():
            kept &= levels[:, self.column[name]] >= level
        for name, level in self.problem.at_most.items():
            now = self.problem.by_id[name].level
            kept &= levels[:, self.column[name]] <= max(level, now)
        return kept

    def _sums(self, value: Callable[..., int], among: tuple[str, ...] | None = None) -> Ints:
        sums = np.zeros(len(self.levels), dtype=np.int64)
        for item in self.problem.items:
            if among is None or item.id in among:
                running = np.cumsum([0, *(value(step) for step in item.steps)])
                sums += running[self.levels[:, self.column[item.id]] - item.level]
        return sums

    def values(self, part: str) -> list[Fraction]:
        found = next(p for p in self.problem.parts if p.id == part)
        gains = self._sums(lambda step: int(step.gain * self.unit), found.members)
        return [found.value + found.factor * Fraction(int(g), self.unit) for g in gains]

    def labels(self, part: str) -> list[int]:
        found = next(p for p in self.problem.parts if p.id == part)
        labels = []
        for value, row in zip(self.values(part), self.levels, strict=True):
            by_value = sum(threshold <= value for threshold in found.labels)
            keys = [int(row[self.column[key]]) for key in found.keys]
            labels.append(min([by_value, *(level + 1 for level in keys)]))
        return labels

    def best(self, among: NDArray[np.bool_], *, gain_first: bool) -> tuple[int, int, tuple[int, ...]] | None:
        """Gain, cost and levels of the best: then the other figure, then the highest levels in order."""
        rows = np.flatnonzero(among)
        if not len(rows):
            return None
        goals = [self.gains, -self.costs] if gain_first else [-self.costs, self.gains]
        for goal in [*goals, *self.levels.T]:
            rows = rows[goal[rows] == goal[rows].max()]
        return int(self.gains[rows[0]]), int(self.costs[rows[0]]), tuple(self.levels[rows[0]].tolist())

    def within(self, budget: Decimal | None) -> NDArray[np.bool_]:
        if budget is None:
            return np.ones(len(self.levels), dtype=bool)
        return self.costs <= int(budget * 10_000)

    def frontier(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Every cost at which the most gain so far is beaten, from the least cost up."""
        best = -1
        for cost in sorted(set(self.costs.tolist())):
            gain = int(self.gains[self.costs == cost].max())
            if gain > best:
                best = gain
                yield Fraction(cost, 10_000), Fraction(gain, self.unit)
