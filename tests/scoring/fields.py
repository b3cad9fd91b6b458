"""Small frameworks of the other methods, in code, for the scoring tests."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from apps.scoring import FrameworkSpec
from apps.scoring.model import (
    IndicatorSpec,
    MethodRef,
    Parameters,
    Prerequisite,
    Scale,
    TargetProfile,
    Tier,
)
from tests.scoring.small import framework

YES_NO = Scale(("No", "Yes"))
FOUR = Scale(("Not", "Partly", "Largely", "Fully"))
STAGES = Scale(("Beginning", "Forming", "Settled", "Steered", "Renewing"), tuple(map(Fraction, range(1, 6))))
TIERS = (
    Tier("T1", "Leading", Fraction(95)),
    Tier("T2", "Advancing", Fraction(85)),
    Tier("T3", "Establishing", Fraction(55)),
    Tier("T4", "Evolving", Fraction(20)),
)


def by(
    method: str, *indicators: IndicatorSpec, requires: tuple[Any, ...] = (), **changes: Any
) -> FrameworkSpec:
    """A framework of these indicators that names another method; `changes` are fields of the spec."""
    spec = framework(*(replace(indicator, scale="") for indicator in indicators))
    links = tuple(Prerequisite(*link) for link in requires)
    named = MethodRef(method, 1)
    return replace(spec, indicators=indicators, method=named, prerequisites=links, **changes)


def staged(
    *indicators: tuple[IndicatorSpec, int], names: tuple[str, ...] = ("Not yet", "Begun", "Arranged")
) -> FrameworkSpec:
    """A cumulative framework of (indicator, stage) on the scale Not, Partly, Largely, Fully; implemented from Largely."""
    return by(
        "cumulative",
        *(replace(indicator, stage=stage) for indicator, stage in indicators),
        scale=FOUR,
        parameters=Parameters(implemented_at=2, stages=names),
    )


def profiled(*indicators: IndicatorSpec, **changes: Any) -> FrameworkSpec:
    """A threshold-profile framework: basic wants 1 everywhere and 2 of the first, full wants 3 everywhere."""
    first = indicators[0].code
    return by(
        "threshold-profile",
        *indicators,
        profiles=(
            TargetProfile("full", 3, {}, "Full"),
            TargetProfile("basic", 1, {first: 2}, "Basic"),
        ),
        parameters=Parameters(profiles=("basic", "full")),
        **changes,
    )
