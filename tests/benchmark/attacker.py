"""Somebody who learns from practice worlds which level goes with which figures, and how much that gains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmark.worlds import RELEASES, SHAPES, WATCHED, Values, draw, figures_by_hand

PER_RELEASE = 6 * len(WATCHED)
OF_SECTOR = [column + 6 * (len(WATCHED) - 1) for column in range(6)]
ATTACKS = {
    "over time": [PER_RELEASE * release + column for release in range(RELEASES) for column in OF_SECTOR],
    "by cuts": list(range(PER_RELEASE * (RELEASES - 1), PER_RELEASE * RELEASES)),
    "everything, with own answers as probes": list(range(PER_RELEASE * RELEASES)),
}
Looks = NDArray[np.float32]
AT_ONCE = 5000


def seen(figures: NDArray[Any], columns: list[int]) -> Looks:
    """What the attacker looks at: each figure, and how far each moved from one release to the next."""
    parts = [figures[:, [column]] == np.arange(12) for column in columns]
    for column in columns:
        if column >= PER_RELEASE and column - PER_RELEASE in columns:
            moved = np.clip(figures[:, column] - figures[:, column - PER_RELEASE], -3, 3)
            parts.append(moved[:, None] == np.arange(-3, 4))
    return np.concatenate(parts, axis=1).astype(np.float32)


class Attacker:
    """Softmax regression with `steps` steps of 2,048 practice worlds over the figures in `columns`."""

    def __init__(
        self,
        chance: np.random.Generator,
        figures: Values,
        levels: Values,
        columns: list[int],
        steps: int = 100,
    ) -> None:
        truth = np.eye(6, dtype=np.float32)[levels]
        self.columns = columns
        self.weights = np.zeros((seen(figures[:1], columns).shape[1], 6), np.float32)
        self.start = np.log(truth.mean(0) + 1e-4)
        slow, square = np.zeros_like(self.weights), np.zeros_like(self.weights)
        for step in range(steps):
            rows = chance.integers(len(figures), size=2048)
            looks = seen(figures[rows], columns)
            slope = looks.T @ (self._chances(looks) - truth[rows]) / 2048 + 1e-4 * self.weights
            slow, square = 0.9 * slow + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
            self.weights -= 0.05 * (1 - step / steps) * slow / (np.sqrt(square) + 1e-5)

    def _chances(self, looks: Looks) -> NDArray[Any]:
        drawn = looks @ self.weights + self.start
        powers = np.exp(drawn - drawn.max(1, keepdims=True))
        return np.asarray(powers / powers.sum(1, keepdims=True))

    def gain(self, figures: Values, levels: Values, best: int) -> NDArray[Any]:
        """Return for each world 1 where only the attacker is right, −1 where only the best guess without releases is."""
        guesses = [self._chances(looks).argmax(1) for looks in self._looks(figures)]
        return (np.concatenate(guesses) == levels).astype(float) - (levels == best)

    def _looks(self, figures: Values) -> Iterator[Looks]:
        for start in range(0, len(figures), AT_ONCE):
            yield seen(figures[start : start + AT_ONCE], self.columns)


def by_hand(chance: np.random.Generator, shape: str, worlds: int) -> tuple[Values, Values]:
    """The figures that the rules give in many worlds, a chunk at a time, and the victim's levels."""
    found, known = [], []
    for start in range(0, worlds, AT_ONCE):
        drawn, levels = draw(chance, SHAPES[shape], min(AT_ONCE, worlds - start))
        columns = [c for number, points in enumerate(drawn) for c in figures_by_hand(points, number)]
        found.append(np.stack(columns, 1).astype(np.int8))
        known.append(levels)
    return np.concatenate(found), np.concatenate(known)


def measure(worlds: int, shape: str, *, seed: int, steps: int = 600) -> Iterator[tuple[str, float, float]]:
    """Yield each attack with its gain over the best guess and two standard errors, in points.

    The attacker practises on `worlds` worlds and is tried on as many others; 0.4 points are two errors of 80,000.
    """
    chance = np.random.default_rng(seed)
    learned, known = by_hand(chance, shape, worlds)
    tried, hidden = by_hand(chance, shape, worlds)
    best = int(np.argmax(SHAPES[shape]))
    for name, columns in ATTACKS.items():
        gains = 100 * Attacker(chance, learned, known, columns, steps).gain(tried, hidden, best)
        yield name, float(gains.mean()), float(2 * gains.std() / np.sqrt(len(gains)))
