"""From a framework document to what the engine works on. Every fault is collected with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import cast

from apps.scoring.faults import FaultList, InputFaults
from apps.scoring.fields import CODE, Fields
from apps.scoring.methods import default_weight, find_method
from apps.scoring.model import (
    INDICATOR_SCOPES,
    SCOPES,
    AreaSpec,
    FrameworkSpec,
    IndicatorScope,
    IndicatorSpec,
    MethodRef,
    Parameters,
    Prerequisite,
    Scale,
    Scope,
    TargetProfile,
    Tier,
)

MOST_PARTS, MOST_INDICATORS, MOST_PREREQUISITES, MOST_PROFILES = 200, 1_000, 5_000, 200
MOST_LEVELS, MOST_SCALES, MOST_TIERS = 11, 20, 20


def parse_framework(document: object, *, scope: Scope) -> FrameworkSpec:
    """Return the framework as `scope` sees it: its indicators, and the areas and dimensions that have any.

    Prerequisites and targets that name an indicator of the other scope are left out. Fields that do not
    touch the score (names, descriptors, crosswalks …) are not read. Raises `InputFaults` listing all.
    """
    faults = FaultList()
    if scope not in SCOPES:
        raise InputFaults([f"scope: {scope!r} is not one of {', '.join(SCOPES)}"])
    spec = _FrameworkReader(Fields(document, "framework", faults), faults, scope).read()
    find_method(spec.method)
    return spec


@dataclass(frozen=True, slots=True)
class _Profile:
    profile: TargetProfile
    scope: str


class _FrameworkReader:
    """Reads one framework document; what cannot be read is left out and kept as a fault."""

    def __init__(self, fields: Fields, faults: FaultList, scope: Scope) -> None:
        self.fields, self.faults, self.scope = fields, faults, scope
        self.scale, self.scales = Scale(()), dict[str, Scale]()

    def read(self) -> FrameworkSpec:
        code, version = self.fields.code("id"), self.fields.version("version")
        method, parameters = self._method()
        self.scale = _scale(self.fields.mapping("scale"))
        self.scales = dict(self._scales())
        dimensions = [row.code("id") for row in self.fields.rows("dimensions", MOST_PARTS)]
        areas = [area for row in self.fields.rows("areas", MOST_PARTS) if (area := self._area(row))]
        every = list(self._indicators({area.code: area for area in areas}, method))
        prerequisites = list(self._prerequisites(every))
        profiles = list(self._profiles(every))
        self._check_profiles(parameters, profiles)
        tiers = self._tiers()
        if self.faults or code is None or version is None or method is None:
            raise InputFaults(self.faults)
        # Both scopes are checked together, so a fault that only the other scope would meet is found as well.
        whole = FrameworkSpec(
            code,
            version,
            self.scope,
            method,
            self.scale,
            dimensions=tuple(dimension for dimension in dimensions if dimension),
            areas=tuple(areas),
            indicators=tuple(every),
            prerequisites=tuple(prerequisites),
            profiles=tuple(row.profile for row in profiles if row.scope in (self.scope, "both")),
            scales=self.scales,
            parameters=parameters,
            tiers=tiers,
        )
        return _seen_from(whole, self.scope)

    def _method(self) -> tuple[MethodRef | None, Parameters]:
        fields = self.fields.mapping("method")
        name, version = fields.text("name"), fields.whole("version")
        parameters = _parameters(fields.mapping("parameters")) if "parameters" in fields else Parameters()
        return (MethodRef(name, version) if name is not None and version is not None else None), parameters

    def _scales(self) -> Iterator[tuple[str, Scale]]:
        if "scales" not in self.fields:
            return
        seen: set[str] = set()
        for row in self.fields.rows("scales", MOST_SCALES):
            code, scale = row.code("id"), _scale(row)
            if code in seen:
                row.fault("id", f"{code!r} appears twice")
            elif code is not None:
                seen.add(code)
                yield code, scale

    def _area(self, row: Fields) -> AreaSpec | None:
        code, dimension = row.code("id"), row.code("dimension")
        return AreaSpec(code, dimension) if code is not None and dimension is not None else None

    def _indicators(self, areas: Mapping[str, AreaSpec], method: MethodRef | None) -> Iterator[IndicatorSpec]:
        for row in self.fields.rows("indicators", MOST_INDICATORS):
            code, area, key = row.code("id"), row.code("area"), row.flag("key")
            scope, effort = row.choice("scope", INDICATOR_SCOPES), row.whole("effort")
            weight = row.weight("weight") if "weight" in row else default_weight(method, key=bool(key))
            scale, stage = self._own_scale(row), row.whole("stage") if "stage" in row else None
            if effort not in (1, 2, 3, None):
                row.fault("effort", "it is 1, 2 or 3")
            if area is not None and area not in areas:
                row.fault("area", f"{area!r} is not an area of this framework")
            elif code and area and scope and effort and key is not None and weight is not None:
                yield IndicatorSpec(
                    code,
                    area,
                    areas[area].dimension,
                    key,
                    weight,
                    effort,
                    cast(IndicatorScope, scope),
                    scale,
                    stage,
                )

    def _own_scale(self, row: Fields) -> str:
        code = row.code("scale") if "scale" in row else None
        if code is not None and code not in self.scales:
            row.fault("scale", f"{code!r} is not a scale of this framework")
        return code or ""

    def _highest(self, indicator: IndicatorSpec | None) -> int:
        scale = self.scales.get(indicator.scale) if indicator else None
        return (scale or self.scale).highest

    def _prerequisites(self, every: list[IndicatorSpec]) -> Iterator[Prerequisite]:
        known = {indicator.code: indicator for indicator in every}
        if "prerequisites" not in self.fields:
            return
        for row in self.fields.rows("prerequisites", MOST_PREREQUISITES):
            indicator, requires = row.code("indicator"), row.code("requires")
            at_level = row.level("at_level", self._highest(known.get(requires or "")))
            for name, code in (("indicator", indicator), ("requires", requires)):
                if code is not None and code not in known:
                    row.fault(name, f"{code!r} is not an indicator of this framework")
            if indicator and requires and at_level is not None:
                yield Prerequisite(indicator, requires, at_level)

    def _profiles(self, every: list[IndicatorSpec]) -> Iterator[_Profile]:
        known = {indicator.code: indicator for indicator in every}
        if "profiles" not in self.fields:
            return
        for row in self.fields.rows("profiles", MOST_PROFILES):
            code, scope = row.code("id"), row.choice("scope", INDICATOR_SCOPES)
            name = row.text("name") if "name" in row else ""
            targets = row.mapping("targets")
            default = targets.level("default", self.scale.highest)
            levels = self._levels(targets.mapping("indicators"), known) if "indicators" in targets else {}
            for unknown in sorted(set(levels) - set(known)):
                targets.fault(f"indicators.{unknown}", "not an indicator of this framework")
            if code and default is not None and scope is not None:
                yield _Profile(TargetProfile(code, default, levels, name or ""), scope)

    def _levels(self, fields: Fields, known: Mapping[str, IndicatorSpec]) -> dict[str, int]:
        found = {code: fields.level(code, self._highest(known.get(code))) for code in fields.codes()}
        return {code: level for code, level in found.items() if level is not None}

    def _check_profiles(self, parameters: Parameters, profiles: list[_Profile]) -> None:
        known = {row.profile.code for row in profiles}
        for code in parameters.profiles:
            if code not in known:
                self.fields.fault(
                    "method.parameters.profiles", f"{code!r} is not a profile of this framework"
                )

    def _tiers(self) -> tuple[Tier, ...]:
        if "tiers" not in self.fields:
            return ()
        tiers: list[Tier] = []
        for row in self.fields.rows("tiers", MOST_TIERS):
            code, name, least = row.code("id"), row.text("name"), row.weight("at_least")
            if code is not None and name is not None and least is not None:
                tiers.append(Tier(code, name, least))
        tiers.sort(key=lambda tier: -tier.at_least)
        if any(one.at_least == two.at_least for one, two in pairwise(tiers)):
            self.fields.fault("tiers", "two tiers begin at the same value")
        if len({tier.code for tier in tiers}) < len(tiers):
            self.fields.fault("tiers", "two tiers have the same id")
        return tuple(tiers)


def _scale(fields: Fields) -> Scale:
    names: list[str] = []
    values: list[Fraction] = []
    for number, row in enumerate(fields.rows("levels", MOST_LEVELS)):
        if row.whole("level") not in (number, None):
            row.fault("level", f"levels go up one by one from 0, so this one is {number}")
        names.append(row.text("name") or "")
        value = row.weight("value") if "value" in row else Fraction(number)
        values.append(Fraction(number) if value is None else value)
    if len(names) < 2:
        fields.fault("levels", "a scale has at least two levels")
    return Scale(tuple(names), tuple(values))


def _parameters(fields: Fields) -> Parameters:
    fields.only(("implemented_at", "stages", "profiles"))
    return Parameters(
        implemented_at=fields.whole("implemented_at") if "implemented_at" in fields else None,
        stages=tuple(_stages(fields)) if "stages" in fields else (),
        profiles=tuple(_codes(fields)) if "profiles" in fields else (),
    )


def _stages(fields: Fields) -> Iterator[str]:
    for number, row in enumerate(fields.rows("stages", MOST_LEVELS)):
        if row.whole("stage") not in (number, None):
            row.fault("stage", f"stages go up one by one from 0, so this one is {number}")
        yield row.text("name") or ""


def _codes(fields: Fields) -> Iterator[str]:
    codes = fields.raw("profiles")
    if not isinstance(codes, list) or not all(isinstance(c, str) and CODE.fullmatch(c) for c in codes):
        fields.fault("profiles", "it is a list of ids")
        return
    yield from codes


def _seen_from(whole: FrameworkSpec, scope: Scope) -> FrameworkSpec:
    indicators = tuple(i for i in whole.indicators if i.scope in (scope, "both"))
    asked = {indicator.code for indicator in indicators}
    areas = {indicator.area for indicator in indicators}
    dimensions = {indicator.dimension for indicator in indicators}
    profiles = tuple(
        replace(p, targets={c: level for c, level in p.targets.items() if c in asked}) for p in whole.profiles
    )
    mine = {profile.code for profile in profiles}
    named = tuple(code for code in whole.parameters.profiles if code in mine)
    return replace(
        whole,
        dimensions=tuple(code for code in whole.dimensions if code in dimensions),
        areas=tuple(area for area in whole.areas if area.code in areas),
        indicators=indicators,
        prerequisites=tuple(p for p in whole.prerequisites if {p.indicator, p.requires} <= asked),
        profiles=profiles,
        parameters=replace(whole.parameters, profiles=named),
    )
