"""The method `points-ratio` version 1: 100 × points got ÷ points possible, all or nothing."""

from __future__ import annotations

from fractions import Fraction

from apps.scoring.interface import Measure
from apps.scoring.linear import LinearMethod
from apps.scoring.linear_steps import Mode
from apps.scoring.model import FrameworkSpec, MethodRef, Scale


class PointsRatio(LinearMethod):
    """An indicator gives all its points (its weight) at the highest level of its scale, and none below."""

    ref = MethodRef("points-ratio", 1)
    mode: Mode = "ratio"

    def measure(self, framework: FrameworkSpec) -> Measure:
        return Measure("percent", Fraction(0), Fraction(100), decimals=2)

    def worth(self, framework: FrameworkSpec, scale: Scale, level: int) -> Fraction:
        return Fraction(100 if level == scale.highest else 0)
