"""The few rounded figures that are published of a cell. Exact until the last step."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any, NamedTuple

from apps.benchmark.rules import FEWEST_FOR_SHARES, FEWEST_IN_BAND, LARGEST_SHARE, SIZE

QUARTERS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
POINTS_PER_HALF_LEVEL = 10
LOWER_THIRD, UPPER_THIRD = Fraction(30), Fraction(70)


class Quartiles(NamedTuple):
    """Lower quartile, median and upper quartile, in points 0–100."""

    low: Fraction
    median: Fraction
    high: Fraction


def quartiles(values: Sequence[Fraction]) -> Quartiles:
    """Return the three quartiles of the sorted `values`, between neighbours in proportion (Hyndman and Fan, type 7)."""
    return Quartiles(*(_at(values, part) for part in QUARTERS))


def _at(values: Sequence[Fraction], part: Fraction) -> Fraction:
    place = (len(values) - 1) * part
    before = floor(place)
    rest = place - before
    return values[before] if not rest else values[before] + rest * (values[before + 1] - values[before])


def half_level(points: Fraction) -> str:
    """Return points 0–100 as a level in steps of a half, halves up: 44 → "2.0", 45 → "2.5"."""
    halves = floor(points / POINTS_PER_HALF_LEVEL + Fraction(1, 2))
    return f"{halves // 2}.{5 * (halves % 2)}"


def fewest_in_a_quarter(values: Sequence[Fraction], cut: Quartiles) -> int:
    """Return how many of the sorted values the emptiest of the four quarters holds; one on an edge is in both."""
    edges = (values[0], *cut, values[-1])
    return min(bisect_right(values, high) - bisect_left(values, low) for low, high in pairwise(edges))


def is_spread(values: Sequence[Fraction]) -> bool:
    """Say whether each quarter holds enough contributors for its edges to be shown."""
    return fewest_in_a_quarter(values, quartiles(values)) >= FEWEST_IN_BAND


def figures(points: Sequence[Fraction]) -> dict[str, Any]:
    """Return what is shown of the values of a cell: half levels, shares in tens of per cent, a size class."""
    values = sorted(points)
    low, median, high = quartiles(values)
    shown = {"low": half_level(low), "median": half_level(median), "high": half_level(high)}
    return {**shown, "shares": shares(values), "size": SIZE}


def shares(values: Sequence[Fraction]) -> list[int] | None:
    """Return the share of the sorted values at levels 0–1, 2–3 and 4–5, in tens of per cent; None for few, or if nearly all agree."""
    if len(values) < FEWEST_FOR_SHARES:
        return None
    below = bisect_left(values, LOWER_THIRD)
    above = len(values) - bisect_left(values, UPPER_THIRD)
    parts = [_tens(count, len(values)) for count in (below, len(values) - below - above, above)]
    return None if max(parts) > LARGEST_SHARE else parts


def _tens(count: int, behind: int) -> int:
    return 10 * floor(Fraction(10 * count, behind) + Fraction(1, 2))
