"""The scoring methods there are, by name and version. A published version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from apps.scoring.cumulative import Cumulative
from apps.scoring.faults import InputFaults, shown
from apps.scoring.interface import OTHER_WEIGHT, Method
from apps.scoring.mean_of_means import MeanOfMeans
from apps.scoring.model import FrameworkSpec, MethodRef
from apps.scoring.points_ratio import PointsRatio
from apps.scoring.shared_mean import SharedMean
from apps.scoring.threshold_profile import ThresholdProfile
from apps.scoring.weighted_sum import WeightedSum

_METHODS: Mapping[MethodRef, Method] = {
    method.ref: method
    for method in (
        SharedMean(),
        MeanOfMeans(),
        WeightedSum(),
        Cumulative(),
        ThresholdProfile(),
        PointsRatio(),
    )
}


def known_methods() -> tuple[MethodRef, ...]:
    """Return every method that a framework may name."""
    return tuple(_METHODS)


def find_method(ref: MethodRef) -> Method:
    """Return the method, or raise `InputFaults` naming those that exist."""
    method = _METHODS.get(ref)
    if method is None:
        known = ", ".join(f"{known.name} version {known.version}" for known in known_methods())
        raise InputFaults(
            [f"framework.method: {shown(ref.name)} version {shown(ref.version)} is not known; known: {known}"]
        )
    return method


def default_weight(ref: MethodRef | None, *, key: bool) -> Fraction:
    """Return the weight that a method gives an indicator without one; 1 where there is no such method."""
    method = None if ref is None else _METHODS.get(ref)
    return OTHER_WEIGHT if method is None else method.default_weight(key=key)


def method_faults(framework: FrameworkSpec) -> list[str]:
    """Return why the framework's own method cannot score it; judged once, kept with the framework."""
    faults: list[str] | None = framework.compiled.get("faults")
    if faults is None:
        faults = framework.compiled["faults"] = find_method(framework.method).faults(framework)
    return faults
