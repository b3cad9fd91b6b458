"""Regions whose truth is known: who is weak, how much luck is in a result, and what mentoring adds."""

from __future__ import annotations

import numpy as np

from apps.uplift import Observation, Standing

MEMBERS, AREAS, NEEDS, PLACES = 36, 10, 3, 18
LUCK, DRIFT = 0.7, 0.2


def region(seed: int, effect: float) -> list[Observation]:
    """A region of 36 members by 10 areas. Every member asks for its three lowest areas; the 18 weakest are mentored.

    A result is the true level plus luck, in whole levels. Mentoring adds `effect` levels on average, in whole levels.
    Because the lowest are chosen, their luck was bad, and it does not repeat: they rise without any help.
    """
    chance = np.random.default_rng(seed)
    usual = chance.normal(2.3, 0.6, MEMBERS)
    true = usual[:, None] + chance.normal(0, 0.7, (MEMBERS, AREAS))
    before = levels(true + chance.normal(0, LUCK, true.shape))
    after = levels(true + DRIFT + chance.normal(0, LUCK, true.shape))
    asked = np.argsort(before + chance.uniform(0, 0.01, before.shape), axis=1)[:, :NEEDS]
    served = set(
        np.argsort(np.take_along_axis(before, asked, 1).mean(1) + chance.uniform(0, 0.01, MEMBERS))[
            :PLACES
        ].tolist()
    )
    rows = []
    for member in range(MEMBERS):
        for area in range(AREAS):
            standing = Standing.OTHER
            if area in asked[member]:
                standing = Standing.MENTORED if member in served else Standing.WAITING
            gained = int(chance.uniform() < effect) if standing is Standing.MENTORED else 0
            level = min(5.0, float(after[member, area]) + gained)
            rows.append(
                Observation(f"m{member:02}", f"A.{area}", float(before[member, area]), level, standing)
            )
    return rows


def levels(value: np.ndarray) -> np.ndarray:
    """Whole levels from 0 to 5."""
    return np.clip(np.round(value), 0, 5)
