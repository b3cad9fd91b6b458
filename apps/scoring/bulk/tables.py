"""Tables that turn the answers of a few indicators, read as one number, into their share of an area's score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from apps.scoring.bulk.cells import FIRST_LEVEL, UNKNOWN, Bytes

MOST_STATES = 2**16

Reading = Literal["value", "low", "high"]
READINGS: tuple[Reading, ...] = get_args(Reading)
Whole = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: its row in the arrays, whole weight, and the whole number that each level is worth."""

    number: int
    weight: int
    worth: tuple[int, ...]

    @property
    def states(self) -> int:
        return FIRST_LEVEL + len(self.worth)

    def parts(self, reading: Reading) -> tuple[list[int], list[int]]:
        """Return by state what the indicator adds to Σ w·points and to Σ w: the unanswered as `reading` has it."""
        weights = [0, 0] + [self.weight] * (self.states - UNKNOWN)
        worth = [0, 0, self.worth[0], *self.worth]
        if reading != "value":
            weights[0] = self.weight
            worth[0] = self.worth[0] if reading == "low" else self.worth[-1]
        return [weight * value for weight, value in zip(weights, worth, strict=True)], weights


@dataclass(frozen=True, slots=True)
class Block:
    """Indicators of one area whose states, read as digits of one number, index tables of their sums."""

    rows: tuple[Row, ...]

    @property
    def states(self) -> int:
        return int(np.prod([row.states for row in self.rows]))

    def index(self, cells: Bytes) -> NDArray[np.uint16]:
        """Return the number whose digits are the answers, for every column of `cells`."""
        first, *others = self.rows
        index: NDArray[np.uint16] = cells[first.number].astype(np.uint16)
        for row in others:
            index *= np.uint16(row.states)
            index += cells[row.number]
        return index

    def sums(self, reading: Reading) -> tuple[Whole, Whole]:
        """Return Σ w·points and Σ w for every state of the block."""
        points, weights = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for row in self.rows:
            more, weight = row.parts(reading)
            points = np.add.outer(points, np.array(more, np.int64)).ravel()
            weights = np.add.outer(weights, np.array(weight, np.int64)).ravel()
        return points, weights


class AreaTable:
    """The score of one area as a look-up: `unit` ÷ Σ w × Σ w·points, or below 0 where nothing counts."""

    def __init__(self, rows: Sequence[Row], *, unit: int, dtype: type[np.signedinteger[Any]]) -> None:
        self.unit, self.dtype = unit, dtype
        self.blocks = tuple(blocks_of(rows))
        self._sums = {reading: [block.sums(reading) for block in self.blocks] for reading in READINGS}
        alone = len(self.blocks) == 1
        self._means = {reading: self._mean(*sums[0]) for reading, sums in self._sums.items() if alone}

    def score(self, cells: Bytes, reading: Reading, out: Whole) -> None:
        """Write the score of the area for every column of `cells` into `out`."""
        if self._means:
            self._means[reading].take(self.blocks[0].index(cells), out=out, mode="clip")
            return
        points, weights = np.zeros(out.shape, np.int64), np.zeros(out.shape, np.int64)
        for block, (more, weight) in zip(self.blocks, self._sums[reading], strict=True):
            index = block.index(cells)
            points += more.take(index)
            weights += weight.take(index)
        out[:] = self._mean(points, weights)

    def _mean(self, points: Whole, weights: Whole) -> Whole:
        means: Whole = points * (self.unit // np.maximum(weights, 1))
        means[weights == 0] = -1
        return means.astype(self.dtype)


def blocks_of(rows: Sequence[Row]) -> Iterator[Block]:
    """Cut the indicators of an area, in their order, into blocks of at most `MOST_STATES` states."""
    block: list[Row] = []
    states = 1
    for row in rows:
        if states * row.states > MOST_STATES:
            yield Block(tuple(block))
            block, states = [], 1
        block.append(row)
        states *= row.states
    if block:
        yield Block(tuple(block))
