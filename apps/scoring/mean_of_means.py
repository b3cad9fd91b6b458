"""The method `mean-of-means` version 1: mean in the area, mean of areas, mean of dimensions, in stages."""

from __future__ import annotations

from fractions import Fraction

from apps.scoring.interface import Measure
from apps.scoring.linear import LinearMethod
from apps.scoring.linear_steps import Mode, Terms
from apps.scoring.model import FrameworkSpec, MethodRef, Scale


class MeanOfMeans(LinearMethod):
    """Values in the unit of the main scale, such as stages 1–5, shown with one decimal, halves up.

    A level of another scale counts its share of that scale, written in the main one. The label is the
    highest level that the mean reaches; key indicators do not hold it down.
    """

    ref = MethodRef("mean-of-means", 1)
    mode: Mode = "mean"

    def measure(self, framework: FrameworkSpec) -> Measure:
        scales = [framework.scale_of(indicator) for indicator in framework.indicators] or [framework.scale]
        lowest = min(self.worth(framework, scale, 0) for scale in scales)
        return Measure("level", lowest, framework.scale.values[-1], decimals=1)

    def worth(self, framework: FrameworkSpec, scale: Scale, level: int) -> Fraction:
        return scale.fraction(level) * framework.scale.values[-1]

    def labels(self, terms: Terms, value: Fraction | None, foundation: int | None) -> int | None:
        return None if value is None else self.by_score(terms, value)

    def by_score(self, terms: Terms, value: Fraction) -> int:
        return terms.ladder.level_at(value)
