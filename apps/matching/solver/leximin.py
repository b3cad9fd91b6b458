"""Weakest first: raise the worst-off member as far as it goes, keep that, go on with the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from apps.matching.progress import Progress, Stage, Tell, quiet
from apps.matching.solver.model import Flags, Model, Solver


def climb(solver: Solver, model: Model, tell: Tell = quiet) -> int:
    """Restrict `solver` to the leximin assignments; returns how many levels were settled.

    `tell` hears after each level how many members have their final quality.

    An assignment is leximin exactly when, for each level from the lowest up, as many members as
    possible reach it given the levels below. Levels that the last answer passes anyway are free:
    the number who reach a level never rises with it.
    """
    levels, settled, position = attainable_levels(model), 0, 0
    solved: tuple[int, Flags] | None = None
    served = len(model.served_members)
    while position < len(levels):
        if solved is None or solved[0] != position:
            solved = position, solver.most_at_least(levels[position])
        settled += 1
        reached = _reached(model, solved[1], levels[position])
        tell(Progress(Stage.GUARANTEE, settled, served - reached, served))
        if reached == 0:
            solver.keep_level(levels[position], 0)
            break
        position, solved = _raise(solver, model, levels, reached, solved[1])
    return settled


def attainable_levels(model: Model) -> Sequence[int]:
    """Scaled qualities above 0 that a member may have, lowest first (all whole numbers if they add up)."""
    if model.one_place_each:
        return [int(level) for level in np.unique(model.score[model.score > 0])]
    return range(1, int(model.qualities(np.ones(len(model.pairs), dtype=bool)).max(initial=0)) + 1)


def _raise(
    solver: Solver, model: Model, levels: Sequence[int], reached: int, chosen: Flags
) -> tuple[int, tuple[int, Flags] | None]:
    """Lift `reached` members together, in growing steps; returns the first level that fewer reach.

    The height reached is kept before the next step, so that no later one may give it up again.
    The answer for the level returned comes along when it was the last one solved.
    """
    low, high, step = _passed(model, levels, reached, chosen), len(levels), 1
    solver.keep_level(levels[low], reached)
    last: tuple[int, Flags] | None = None
    while low + 1 < high:
        probe = min(low + step, high - 1)
        chosen = solver.most_at_least(levels[probe])
        if _reached(model, chosen, levels[probe]) == reached:
            low, step, last = _passed(model, levels, reached, chosen), step * 2, None
            solver.keep_level(levels[low], reached)
        else:
            high, step, last = probe, max(1, (probe - low) // 2), (probe, chosen)
    return low + 1, last


def _reached(model: Model, chosen: Flags, level: int) -> int:
    return int((model.qualities(chosen)[model.served_members] >= level).sum())


def _passed(model: Model, levels: Sequence[int], reached: int, chosen: Flags) -> int:
    """Index of the highest level that the `reached` best members all have."""
    best_first = np.sort(model.qualities(chosen)[model.served_members])[::-1]
    return bisect_right(levels, int(best_first[reached - 1])) - 1
