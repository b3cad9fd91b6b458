"""The lowest level among the key indicators of each part, on the main scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from apps.scoring.plan import Plan
from apps.scoring.sheet import UNANSWERED

# As given; with the unanswered at their lowest level; with the unanswered at their highest.
Foundation = tuple[int | None, int | None, int | None]


def foundations_of(
    plan: Plan, kinds: Sequence[int], levels: Sequence[int]
) -> tuple[Foundation, list[Foundation], list[Foundation]]:
    """Return the foundation of the whole, of every dimension and of every area, in their order."""
    given: list[int | None] = [None] * len(plan.areas)
    opened: list[int | None] = [None] * len(plan.areas)
    for place in plan.keys:
        area, on_main = plan.area_of[place], plan.on_main[place]
        if kinds[place] == UNANSWERED:
            opened[area] = lowest((opened[area], on_main[0]))
        else:
            given[area] = lowest((given[area], on_main[levels[place]]))
    in_dimensions = [
        (lowest([given[a] for a in places]), lowest([opened[a] for a in places])) for places in plan.areas_of
    ]
    highest = plan.framework.scale.highest
    overall = lowest([row[0] for row in in_dimensions]), lowest([row[1] for row in in_dimensions])
    return (
        _readings(*overall, highest),
        [_readings(*row, highest) for row in in_dimensions],
        [_readings(*row, highest) for row in zip(given, opened, strict=True)],
    )


def lowest(levels: Iterable[int | None]) -> int | None:
    """Return the lowest of the levels there are; None when there is none."""
    return min([level for level in levels if level is not None], default=None)


def _readings(given: int | None, opened: int | None, highest: int) -> Foundation:
    if opened is None:
        return given, given, given
    return given, lowest((given, opened)), highest if given is None else given
