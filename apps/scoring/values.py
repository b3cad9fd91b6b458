"""From the values of parts to those above them: published tables give values, not answers. Exact, no evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apps.scoring.faults import InputFaults
from apps.scoring.interface import Measure
from apps.scoring.linear import LinearMethod, tier_at
from apps.scoring.linear_steps import Mode
from apps.scoring.methods import find_method, method_faults
from apps.scoring.model import OVERALL, FrameworkSpec, IndicatorSpec, Tier


@dataclass(frozen=True, slots=True)
class PartValues:
    """The values of the whole, the dimensions and the areas of one member, by code; None where there is none."""

    measure: Measure
    values: Mapping[str, Fraction | None]
    tier: Tier | None


def add_up(framework: FrameworkSpec, given: Mapping[str, Fraction]) -> PartValues:
    """Work out what stands above the given values, by the framework's own method and without rounding.

    `given` holds values by the code of an indicator, an area or a dimension. Methods of means take values and
    average them; `weighted-sum` and `points-ratio` take points got and add them up. A part that is given is taken
    as it is. Raises `InputFaults` for a method without values, and for values outside what a part can have.
    """
    method = find_method(framework.method)
    if not isinstance(method, LinearMethod):
        raise InputFaults([f"framework.method: {framework.method.name} takes answers, not values"])
    faults = method_faults(framework) or _faults(framework, method, given)
    if faults:
        raise InputFaults(faults)
    areas = {area.code: _area(framework, method.mode, area.code, given) for area in framework.areas}
    dimensions = {
        code: given.get(code, _together(method.mode, [areas[area.code] for area in framework.areas_of(code)]))
        for code in framework.dimensions
    }
    parts = {OVERALL: _together(method.mode, list(dimensions.values()))} | dimensions | areas
    if method.mode == "ratio":
        parts = {
            code: None if got is None else 100 * got / _weight(framework, code) for code, got in parts.items()
        }
    return PartValues(method.measure(framework), parts, tier_at(framework.tiers, parts[OVERALL]))


def _faults(framework: FrameworkSpec, method: LinearMethod, given: Mapping[str, Fraction]) -> list[str]:
    measure = method.measure(framework)
    faults: list[str] = []
    for code, value in given.items():
        lowest, highest = measure.lowest, measure.highest
        if method.mode != "mean":
            lowest, highest = Fraction(0), _weight(framework, code)
        if not lowest <= value <= highest:
            faults.append(f"{code}: {value} is outside {lowest} to {highest}")
    return faults


def _inside(framework: FrameworkSpec, code: str) -> list[IndicatorSpec]:
    return [i for i in framework.indicators if code in (OVERALL, i.dimension, i.area, i.code)]


def _weight(framework: FrameworkSpec, code: str) -> Fraction:
    """Return all the points that a part can get."""
    return sum((indicator.weight for indicator in _inside(framework, code)), Fraction(0))


def _area(framework: FrameworkSpec, mode: Mode, code: str, given: Mapping[str, Fraction]) -> Fraction | None:
    if code in given:
        return given[code]
    inside = [indicator for indicator in _inside(framework, code) if indicator.code in given]
    if mode != "mean":
        return _together(mode, [given[indicator.code] for indicator in inside])
    total = sum((indicator.weight for indicator in inside), Fraction(0))
    weighted = sum((indicator.weight * given[indicator.code] for indicator in inside), Fraction(0))
    return weighted / total if total else None


def _together(mode: Mode, values: Sequence[Fraction | None]) -> Fraction | None:
    present = [value for value in values if value is not None]
    if not present:
        return None
    total = sum(present, Fraction(0))
    return total / len(present) if mode == "mean" else total
