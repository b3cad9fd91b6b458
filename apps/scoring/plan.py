"""A framework compiled once: places instead of codes, so that each assessment only has to be counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.scoring.evidence import caps_on
from apps.scoring.model import FrameworkSpec, Scale


@dataclass(frozen=True, slots=True)
class Plan:
    """Tuples in the order of the framework's indicators, areas and dimensions.

    `area_of` holds the place of each indicator's area, `areas_of` the places of each dimension's areas.
    `caps` holds the highest level that each grade E0–E3 supports on each indicator's own scale, and
    `on_main` the level of the main scale that each of its own levels comes to.
    """

    framework: FrameworkSpec
    codes: tuple[str, ...]
    places: Mapping[str, int]
    highest: tuple[int, ...]
    caps: tuple[tuple[int, int, int, int], ...]
    on_main: tuple[tuple[int, ...], ...]
    keys: tuple[int, ...]
    area_of: tuple[int, ...]
    areas: tuple[str, ...]
    inside: tuple[tuple[int, ...], ...]
    dimensions: tuple[str, ...]
    areas_of: tuple[tuple[int, ...], ...]


def plan_of(framework: FrameworkSpec) -> Plan:
    """Return the plan of a framework, made at its first use and kept with it."""
    plan: Plan | None = framework.compiled.get("plan")
    if plan is None:
        plan = framework.compiled["plan"] = _compiled(framework)
    return plan


def _compiled(framework: FrameworkSpec) -> Plan:
    scales = [framework.scale_of(indicator) for indicator in framework.indicators]
    places = {area.code: place for place, area in enumerate(framework.areas)}
    area_of = tuple(places[indicator.area] for indicator in framework.indicators)
    return Plan(
        framework=framework,
        codes=tuple(indicator.code for indicator in framework.indicators),
        places={indicator.code: place for place, indicator in enumerate(framework.indicators)},
        highest=tuple(scale.highest for scale in scales),
        caps=tuple(caps_on(scale.highest) for scale in scales),
        on_main=tuple(_on_main(scale, framework.scale) for scale in scales),
        keys=tuple(place for place, indicator in enumerate(framework.indicators) if indicator.key),
        area_of=area_of,
        areas=tuple(places),
        inside=tuple(
            tuple(place for place, area in enumerate(area_of) if area == wanted)
            for wanted in range(len(places))
        ),
        dimensions=framework.dimensions,
        areas_of=tuple(
            tuple(places[area.code] for area in framework.areas_of(code)) for code in framework.dimensions
        ),
    )


def _on_main(own: Scale, main: Scale) -> tuple[int, ...]:
    return tuple(main.level_at(own.fraction(level)) for level in range(own.highest + 1))
