"""One denominator for every figure a framework can give, so that exact values become whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

MOST_SUMS = 4_096


class NotInBulk(Exception):
    """The framework cannot be scored in 63-bit whole numbers; the sentence says why."""


def whole_weights(weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Return weights as the smallest whole numbers in the same proportion; all 0 stay 0."""
    unit = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * unit) for weight in weights]
    common = gcd(*whole) or 1
    return tuple(weight // common for weight in whole)


def possible_sums(weights: Iterable[int]) -> frozenset[int]:
    """Return every sum above 0 that some of the weights come to. Raises `NotInBulk` when there are too many."""
    sums = {0}
    for weight in weights:
        sums |= {total + weight for total in sums}
        if len(sums) > MOST_SUMS:
            raise NotInBulk(f"the weights of one area add up in more than {MOST_SUMS} ways")
    return frozenset(sums - {0})


def common_denominator(areas: Iterable[Sequence[int]], *, unit: int, counts: Sequence[int]) -> int:
    """Return a number by which every area, dimension and overall value becomes whole.

    `areas` are the whole weights of each area, `unit` makes the worth of every answer whole, `counts` says how many
    areas each dimension has. Raises `NotInBulk` when the weights of an area add up in too many ways.
    """
    within = lcm(*(lcm(*possible_sums(weights)) for weights in areas))
    upwards = lcm(*range(1, max(counts, default=0) + 1)) * lcm(*range(1, len(counts) + 1))
    return unit * within * upwards


def dtype_for(largest: int) -> type[np.signedinteger[Any]]:
    """Return the smaller type of whole numbers that holds `largest`. Raises `NotInBulk` when none does."""
    for dtype in (np.int32, np.int64):
        if largest <= np.iinfo(dtype).max:
            return dtype
    raise NotInBulk(f"its sums would need {largest.bit_length()} bits, and whole numbers here have 63")
