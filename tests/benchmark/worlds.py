"""Invented communities for attacks on the benchmark: who stands where, and what everybody brings to three releases.

The attacker knows all of this but the values: who takes part, where each stands, who joins, leaves or changes when,
the chances of each level, the rules, every release, and the answers of three contributors of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from apps.benchmark.releases import Contributor, Release, next_release
from apps.benchmark.rules import FEWEST, FEWEST_FOR_SHARES, Cut

RELEASES = 3
STAY = LEAVE = JOIN = FEWEST // 2
HEALTH = 3 * FEWEST
PEOPLE = STAY + LEAVE + JOIN + HEALTH
VICTIM = STAY + LEAVE
OWN = slice(VICTIM + 1, VICTIM + 4)
SHAPES = {
    "middling": (0.08, 0.20, 0.30, 0.24, 0.13, 0.05),
    "low": (0.25, 0.35, 0.20, 0.10, 0.07, 0.03),
    "in two halves": (0.10, 0.30, 0.12, 0.12, 0.30, 0.06),
}
WATCHED = (Cut("all", "all"), Cut("region", "europe"), Cut("income", "low"), Cut("sector", "energy"))
Values = NDArray[np.int64]
Mask = NDArray[np.bool_]


def places() -> list[dict[str, str]]:
    """Where each one stands; the victim's cells hold just enough or little more."""
    index = np.arange(PEOPLE)
    energy = index < STAY + LEAVE + JOIN
    europe = ((index % 2 == 0) & energy) | (index >= PEOPLE - 3 * FEWEST // 5)
    low = ((index % 4 < 2) & energy) | (
        (index >= STAY + LEAVE + JOIN) & (index < STAY + LEAVE + JOIN + 3 * FEWEST // 5)
    )
    return [
        {
            "sector": "energy" if energy[i] else "health",
            "region": "europe" if europe[i] else "asia",
            "income": "low" if low[i] else "high",
        }
        for i in index
    ]


PLACES = places()


def taking_part(release: int) -> Mask:
    """Who takes part in a release: half of its sector leave after the first, and the victim joins with as many others."""
    present = np.ones(PEOPLE, dtype=bool)
    gone = slice(VICTIM, VICTIM + JOIN) if release == 0 else slice(STAY, STAY + LEAVE)
    present[gone] = False
    return present


def changing(release: int) -> Mask:
    """Whose answers are new in a release: just enough for the figures to move, never the victim's."""
    index = np.arange(PEOPLE)
    changed = (index >= STAY + LEAVE + JOIN) & (index % 3 != release % 3)
    if release == RELEASES - 1:
        changed |= index < STAY
    return changed


def draw(chance: np.random.Generator, shape: tuple[float, ...], worlds: int) -> tuple[list[Values], Values]:
    """Return the points of everybody in each release (worlds × people), and the victim's level in each world."""
    levels = chance.choice(6, size=(worlds, PEOPLE), p=shape)
    points, releases = _points(chance, levels), []
    for release in range(RELEASES):
        if release:
            anew = _points(chance, chance.choice(6, size=levels.shape, p=shape))
            points = np.where(changing(release), anew, points)
        points = points.copy()
        points[:, OWN] = (0, 100, 40)[release]
        releases.append(points)
    return releases, levels[:, VICTIM]


def _points(chance: np.random.Generator, levels: Values) -> Values:
    return np.clip(20 * levels + 5 * chance.integers(-2, 2, size=levels.shape), 0, 100)


def released(releases: list[Values], world: int) -> Iterator[Release]:
    """Yield the releases that the engine makes of one world."""
    earlier: list[Release] = []
    for number, points in enumerate(releases):
        present = taking_part(number)
        people = [
            Contributor(f"o{i:03}", PLACES[i], {"A": int(points[world, i])})  # type: ignore[dict-item]
            for i in range(PEOPLE)
            if present[i]
        ]
        day = f"2026-{3 * number + 3:02}-28"
        earlier.append(next_release(people, ["A"], number=number + 1, on=day, earlier=earlier))
        yield earlier[-1]


def figures_by_hand(points: Values, release: int) -> list[Values]:
    """Return low, median, high in half levels and three shares in tens for each watched cut, over all worlds at once."""
    found: list[Values] = []
    for cut in WATCHED:
        inside = np.array([cut.dimension == "all" or row[cut.dimension] == cut.value for row in PLACES])
        rows = np.sort(points[:, inside & taking_part(release)], axis=1)
        for part in (1, 2, 3):
            whole, rest = divmod((rows.shape[1] - 1) * part, 4)
            above = rows[:, min(whole + 1, rows.shape[1] - 1)]
            found.append((4 * rows[:, whole] + rest * (above - rows[:, whole]) + 20) // 40)
        below, top = (rows < 30).sum(1), (rows >= 70).sum(1)
        counts = (below, rows.shape[1] - below - top, top)
        tens = [(20 * count + rows.shape[1]) // (2 * rows.shape[1]) for count in counts]
        told = (np.max(tens, axis=0) <= 9) & (rows.shape[1] >= FEWEST_FOR_SHARES)
        found += [np.where(told, tens_of, 11) for tens_of in tens]
    return found


def figures_shown(release: Release) -> list[int]:
    """Return the same figures as the engine shows them; 11 where nothing is shown."""
    found: list[int] = []
    for cut in WATCHED:
        shown = getattr(release.areas["A"][cut], "figures", None)
        if shown is None:
            found += [11] * 6
            continue
        found += [round(2 * float(shown[key])) for key in ("low", "median", "high")]
        found += [11] * 3 if shown["shares"] is None else [part // 10 for part in shown["shares"]]
    return found
