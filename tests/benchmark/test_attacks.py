"""An attacker who knows nearly everything guesses one organisation's level: in 1,000 worlds."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmark.worlds import (
    RELEASES,
    SHAPES,
    WATCHED,
    Values,
    draw,
    figures_by_hand,
    figures_shown,
    released,
)

PRACTICE = 10000
MOST_POINTS = 5.0
PER_RELEASE = 6 * len(WATCHED)
OF_SECTOR = [column + 6 * (len(WATCHED) - 1) for column in range(6)]
ATTACKS = {
    "over time": [PER_RELEASE * release + column for release in range(RELEASES) for column in OF_SECTOR],
    "by cuts": list(range(PER_RELEASE * (RELEASES - 1), PER_RELEASE * RELEASES)),
    "everything, with own answers as probes": list(range(PER_RELEASE * RELEASES)),
}


def seen(figures: np.ndarray[Any, Any], columns: list[int]) -> np.ndarray[Any, Any]:
    """What the attacker looks at: each figure, and how far each moved from one release to the next."""
    parts = [figures[:, [column]] == np.arange(12) for column in columns]
    for column in columns:
        if column >= PER_RELEASE and column - PER_RELEASE in columns:
            moved = np.clip(figures[:, column] - figures[:, column - PER_RELEASE], -3, 3)
            parts.append(moved[:, None] == np.arange(-3, 4))
    return np.concatenate(parts, axis=1).astype(np.float32)


class Attacker:
    """Learns from practice worlds, made by the same rules, which level goes with which figures (softmax regression)."""

    def __init__(
        self, chance: np.random.Generator, looks: np.ndarray[Any, Any], levels: np.ndarray[Any, Any]
    ) -> None:
        truth = np.eye(6, dtype=np.float32)[levels]
        self.weights = np.zeros((looks.shape[1], 6), np.float32)
        self.start = np.log(truth.mean(0) + 1e-4)
        slow, square = np.zeros_like(self.weights), np.zeros_like(self.weights)
        steps = 100
        for step in range(steps):
            rows = chance.integers(len(looks), size=2048)
            slope = looks[rows].T @ (self._chances(looks[rows]) - truth[rows]) / 2048 + 1e-3 * self.weights
            slow, square = 0.9 * slow + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
            self.weights -= 0.05 * (1 - step / steps) * slow / (np.sqrt(square) + 1e-5)

    def _chances(self, looks: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        drawn = looks @ self.weights + self.start
        powers = np.exp(drawn - drawn.max(1, keepdims=True))
        return np.asarray(powers / powers.sum(1, keepdims=True))

    def gain(self, looks: Values, levels: Values, best: int) -> np.ndarray[Any, Any]:
        """Return for each world 1 where only the attacker is right, −1 where only the best guess without releases is."""
        right = self._chances(looks).argmax(1) == levels
        return right.astype(float) - (levels == best)


def test_releases_help_an_attacker_by_five_points_at_most() -> None:
    """Through the engine in 1,000 worlds, and worked out by hand in many more, where chance blurs less."""
    chance = np.random.default_rng(20261122)
    gains: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in ATTACKS}
    for shape, share in zip(SHAPES, (334, 333, 333), strict=True):
        learned, known = by_hand(chance, shape, PRACTICE)
        more, hidden = by_hand(chance, shape, PRACTICE // 2)
        worlds, levels = draw(chance, SHAPES[shape], share)
        shown = np.array(
            [[f for one in released(worlds, w) for f in figures_shown(one)] for w in range(share)]
        )
        best = int(np.argmax(SHAPES[shape]))
        for name, columns in ATTACKS.items():
            attacker = Attacker(chance, seen(learned, columns), known)
            gains[name].append(attacker.gain(seen(shown, columns), levels, best))
            assert 100 * attacker.gain(seen(more, columns), hidden, best).mean() <= MOST_POINTS, (shape, name)
    for name, found in gains.items():
        assert 100 * np.concatenate(found).mean() <= MOST_POINTS, name


def test_rules_of_the_first_draft_would_not_hold() -> None:
    """The attacker is able: of ten contributors, as first planned, it learns far more than five points."""
    chance = np.random.default_rng(7)
    points, levels = ten_of(chance, SHAPES["middling"], 2 * PRACTICE)
    looks = np.concatenate([points[:, [column]] == np.arange(12) for column in range(3)], axis=1).astype(
        np.float32
    )
    attacker = Attacker(chance, looks[:PRACTICE], levels[:PRACTICE])
    best = int(np.argmax(SHAPES["middling"]))
    assert 100 * attacker.gain(looks[PRACTICE:], levels[PRACTICE:], best).mean() > MOST_POINTS


def by_hand(chance: np.random.Generator, shape: str, worlds: int) -> tuple[Values, Values]:
    """The figures that the rules give in many worlds at once, and the victim's levels."""
    drawn, levels = draw(chance, SHAPES[shape], worlds)
    found = [column for number, points in enumerate(drawn) for column in figures_by_hand(points, number)]
    return np.stack(found, 1), levels


def ten_of(chance: np.random.Generator, shape: tuple[float, ...], worlds: int) -> tuple[Values, Values]:
    """Quartiles of ten contributors in half levels, and the level of the first."""
    levels = chance.choice(6, size=(worlds, 10), p=shape)
    found = np.percentile(levels, (25, 50, 75), axis=1).T
    return np.floor(2 * found + 0.5).astype(int), levels[:, 0]
