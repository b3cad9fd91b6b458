"""How exact values are shown. Rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from apps.scoring.model import Tier

MATERIAL_CHANGE = 2


def exact(value: Fraction) -> str:
    """Return "numerator/denominator" in lowest terms, also for whole numbers ("60/1")."""
    return f"{value.numerator}/{value.denominator}"


def rounded(value: Fraction, decimals: int) -> str:
    """Return the value with `decimals` decimals, halves away from zero: 89.165 with two → "89.17"."""
    units = 10**decimals
    amount = (abs(value) * 2 * units + 1) // 2
    sign = "-" if value < 0 and amount else ""
    whole, part = divmod(amount, units)
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"


def one_decimal(value: Fraction) -> str:
    """Return the value with one decimal, halves away from zero: 52.75 → "52.8", −0.25 → "-0.3"."""
    return rounded(value, 1)


def figure(value: Fraction | None, decimals: int = 1) -> Mapping[str, str] | None:
    """Return the value exactly and as shown, or None where there is nothing to show."""
    return None if value is None else {"exact": exact(value), "display": rounded(value, decimals)}


def named_level(level: int | None, names: Sequence[str]) -> Mapping[str, int | str] | None:
    """Return the level with its name among `names` (from 0 up), or None where there is no level."""
    return None if level is None else {"level": level, "name": names[level]}


def named_tier(tier: Tier | None) -> Mapping[str, str] | None:
    """Return the id and the name of a tier, or None where there is none."""
    return None if tier is None else {"id": tier.code, "name": tier.name}


def is_material(change: Fraction) -> bool:
    """Say whether a difference of two scores (in points) is more than "no material change"."""
    return abs(change) >= MATERIAL_CHANGE
