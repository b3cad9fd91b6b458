"""An attacker who knows nearly everything guesses one organisation's level: in 1,000 worlds.

`scripts/attack_benchmark.py` measures the same over many more worlds, with an attacker that practises longer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmark.attacker import ATTACKS, Attacker, by_hand
from tests.benchmark.worlds import SHAPES, Values, draw, figures_shown, released

PRACTICE = 10000
MOST_POINTS = 5.0


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
            attacker = Attacker(chance, learned, known, columns)
            gains[name].append(attacker.gain(shown, levels, best))
            assert 100 * attacker.gain(more, hidden, best).mean() <= MOST_POINTS, (shape, name)
    for name, found in gains.items():
        assert 100 * np.concatenate(found).mean() <= MOST_POINTS, name


def test_rules_of_the_first_draft_would_not_hold() -> None:
    """The attacker is able: of ten contributors, as first planned, it learns far more than five points."""
    chance = np.random.default_rng(7)
    points, levels = ten_of(chance, SHAPES["middling"], 2 * PRACTICE)
    attacker = Attacker(chance, points[:PRACTICE], levels[:PRACTICE], [0, 1, 2])
    best = int(np.argmax(SHAPES["middling"]))
    assert 100 * attacker.gain(points[PRACTICE:], levels[PRACTICE:], best).mean() > MOST_POINTS


def ten_of(chance: np.random.Generator, shape: tuple[float, ...], worlds: int) -> tuple[Values, Values]:
    """Quartiles of ten contributors in half levels, and the level of the first."""
    levels = chance.choice(6, size=(worlds, 10), p=shape)
    found = np.percentile(levels, (25, 50, 75), axis=1).T
    return np.floor(2 * found + 0.5).astype(int), levels[:, 0]
