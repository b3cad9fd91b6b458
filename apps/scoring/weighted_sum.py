"""The method `weighted-sum` version 1: each indicator's share of its scale times its own weight, summed."""

from __future__ import annotations

from fractions import Fraction

from apps.scoring.interface import Measure
from apps.scoring.linear import LinearMethod
from apps.scoring.linear_steps import Mode
from apps.scoring.model import FrameworkSpec, MethodRef, Scale


class WeightedSum(LinearMethod):
    """Sums by area, by dimension (pillar) and overall, never rounded on the way; tiers name the overall sum.

    What is not applicable is not made up for: it adds nothing, and `possible` of every part is smaller by its
    weight. What is unanswered adds nothing yet, so the value is also the floor.
    """

    ref = MethodRef("weighted-sum", 1)
    mode: Mode = "sum"

    def measure(self, framework: FrameworkSpec) -> Measure:
        total = sum((indicator.weight for indicator in framework.indicators), Fraction(0))
        return Measure("sum", Fraction(0), total, decimals=2)

    def worth(self, framework: FrameworkSpec, scale: Scale, level: int) -> Fraction:
        return scale.fraction(level)
