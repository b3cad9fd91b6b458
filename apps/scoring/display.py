"""How exact values are shown. Rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from apps.scoring.model import Scale

MATERIAL_CHANGE = 2


def exact(value: Fraction) -> str:
    """Return "numerator/denominator" in lowest terms, also for whole numbers ("60/1")."""
    return f"{value.numerator}/{value.denominator}"


def one_decimal(value: Fraction) -> str:
    """Return the value with one decimal, halves away from zero: 52.75 → "52.8", −0.25 → "-0.3"."""
    tenths = (abs(value) * 20 + 1) // 2
    sign = "-" if value < 0 and tenths else ""
    whole, tenth = divmod(tenths, 10)
    return f"{sign}{whole}.{tenth}"


def figure(value: Fraction | None) -> Mapping[str, str] | None:
    """Return the value exactly and as shown, or None where there is nothing to show."""
    return None if value is None else {"exact": exact(value), "display": one_decimal(value)}


def named_level(level: int | None, scale: Scale) -> Mapping[str, int | str] | None:
    """Return the level with its name on the scale, or None where there is no level."""
    return None if level is None else {"level": level, "name": scale.names[level]}


def is_material(change: Fraction) -> bool:
    """Say whether a difference of two scores (in points) is more than "no material change"."""
    return abs(change) >= MATERIAL_CHANGE
