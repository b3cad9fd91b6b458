"""The method `shared-mean` version 1: weighted mean in an area, then plain means upwards."""

from __future__ import annotations

from fractions import Fraction

from apps.scoring.interface import OTHER_WEIGHT, Measure
from apps.scoring.linear import LinearMethod, points_of
from apps.scoring.linear_steps import Ladder, Mode, Terms
from apps.scoring.model import FrameworkSpec, MethodRef, Scale

KEY_WEIGHT = Fraction(2)
TWENTIES = Ladder(steps=(20, 40, 60, 80, 100), unit=1)


class SharedMean(LinearMethod):
    """Points 0–100; the label is held at most one level above the lowest key indicator.

    Source: the shared framework. On another scale a level counts its share of that scale.
    """

    ref = MethodRef("shared-mean", 1)
    mode: Mode = "mean"

    def default_weight(self, *, key: bool) -> Fraction:
        return KEY_WEIGHT if key else OTHER_WEIGHT

    def measure(self, framework: FrameworkSpec) -> Measure:
        return Measure("points", Fraction(0), Fraction(100), decimals=1)

    def worth(self, framework: FrameworkSpec, scale: Scale, level: int) -> Fraction:
        return points_of(scale, level)

    def labels(self, terms: Terms, value: Fraction | None, foundation: int | None) -> int | None:
        return label_of(value, foundation, terms.ladder)

    def by_score(self, terms: Terms, value: Fraction) -> int:
        return terms.ladder.level_at(value)


def label_of(value: Fraction | None, foundation: int | None, ladder: Ladder = TWENTIES) -> int | None:
    """Return the level a score is called by: the highest it reaches, at most one above the lowest key.

    `ladder` holds the points of the levels 1, 2 …: 20, 40, 60, 80, 100 on the scale 0–5.
    """
    if value is None:
        return None
    by_score = ladder.level_at(value)
    return by_score if foundation is None else min(by_score, foundation + 1)
