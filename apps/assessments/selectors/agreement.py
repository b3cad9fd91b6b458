"""How far two people who rated the same questions agree: plain arithmetic on exact fractions, no rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

NOTHING, ALL_THE_SAME, ONE_IS_CONSTANT = "nothing", "all_the_same", "one_is_constant"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Statistics of `n` pairs (first, second) of whole levels.

    `mean_difference` is the mean of second minus first, `within_one` the share that differs by at most one level, `kappa`
    Cohen's kappa with quadratic weights (Cohen 1968). A figure that is not defined is None and `reason` says why;
    with "one_is_constant" kappa is 0 whatever the other did, and says nothing.
    """

    n: int
    mean_difference: Fraction | None
    within_one: Fraction | None
    exact: Fraction | None
    kappa: Fraction | None
    reason: str = ""


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement:
    """Compare two ratings of the same questions.

    Kappa is 1 - observed / expected, where observed is the mean squared difference of the pairs, and expected that of
    every rating of the first with every rating of the second. It is not defined when expected is 0.
    """
    n = len(pairs)
    if n == 0:
        return Agreement(0, None, None, None, None, NOTHING)
    steps = [second - first for first, second in pairs]
    expected = sum((second - first) ** 2 for first, _s in pairs for _f, second in pairs)
    kappa = 1 - Fraction(n * sum(step**2 for step in steps), expected) if expected else None
    return Agreement(
        n=n,
        mean_difference=Fraction(sum(steps), n),
        within_one=Fraction(sum(abs(step) <= 1 for step in steps), n),
        exact=Fraction(sum(step == 0 for step in steps), n),
        kappa=kappa,
        reason=_reason(pairs, kappa),
    )


def _reason(pairs: Sequence[tuple[int, int]], kappa: Fraction | None) -> str:
    if kappa is None:
        return ALL_THE_SAME
    constant = any(len({pair[side] for pair in pairs}) == 1 for side in (0, 1))
    return ONE_IS_CONSTANT if constant else ""
