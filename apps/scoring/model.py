"""Values the engine works on: a framework as seen from one scope, and the answers given to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, get_args

from apps.scoring.faults import InputFaults

Scope = Literal["national", "organisational"]
IndicatorScope = Literal["national", "organisational", "both"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
INDICATOR_SCOPES: tuple[IndicatorScope, ...] = get_args(IndicatorScope)
EFFORTS = (1, 2, 3)
OVERALL = "overall"


class Grade(IntEnum):
    """How well an answer is supported: E0 statement only … E3 accepted by someone independent."""

    E0 = 0
    E1 = 1
    E2 = 2
    E3 = 3


@dataclass(frozen=True, slots=True)
class Rated:
    """Answered with a level; `grade` and `dated` describe the evidence behind it."""

    level: int
    grade: Grade = Grade.E0
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Leaves numerator and denominator, with a reason; never allowed on a key indicator."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Asked, and nobody could say: counts 0 and is listed as "to find out"."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Not answered yet: exists only in a draft and widens the range, never moves the value."""


Answer = Rated | NotApplicable | Unknown | Unanswered
State = Literal["rated", "unknown", "not_applicable", "unanswered"]


def state_of(answer: Answer) -> State:
    """Return the name of the kind of answer, for documents and pages."""
    match answer:
        case Rated():
            return "rated"
        case Unknown():
            return "unknown"
        case NotApplicable():
            return "not_applicable"
    return "unanswered"


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels 0 … highest, each with its name in the language of the framework and what it counts.

    `values` rise from level to level; left out, every level counts its number.
    """

    names: tuple[str, ...]
    values: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        if not self.values:
            object.__setattr__(self, "values", tuple(Fraction(level) for level in range(len(self.names))))

    @property
    def highest(self) -> int:
        return len(self.names) - 1

    @property
    def is_plain(self) -> bool:
        """Whether every level counts its own number."""
        return self.values == tuple(range(len(self.names)))

    def fraction(self, level: int) -> Fraction:
        """Return what the level counts as a share of what the highest counts, 0–1."""
        return self.values[level] / self.values[-1]

    def level_at(self, share: Fraction) -> int:
        """Return the highest level that counts no more than `share` of the scale; at least level 0."""
        return max((n for n in range(len(self.names)) if self.fraction(n) <= share), default=0)

    def level_reaching(self, share: Fraction) -> int:
        """Return the lowest level that counts `share` of the scale or more; at most the highest."""
        return min((n for n in range(len(self.names)) if self.fraction(n) >= share), default=self.highest)

    def __contains__(self, level: object) -> bool:
        return isinstance(level, int) and not isinstance(level, bool) and 0 <= level <= self.highest

    def __str__(self) -> str:
        return f"0–{self.highest}"


@dataclass(frozen=True, slots=True)
class MethodRef:
    """The scoring method a framework names."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a framework tells its method. Each method says which of these it needs.

    `implemented_at` and `stages` (names, from stage 0 up) are for cumulative; `profiles` for threshold-profile.
    """

    implemented_at: int | None = None
    stages: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """A name for the overall values from `at_least` up, in the unit of the method."""

    code: str
    name: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class AreaSpec:
    code: str
    dimension: str


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """One indicator. `weight` counts in means and priorities, `key` in labels and the foundation level.

    `scale` is the id of a scale other than the main one; `stage` the maturity stage it belongs to.
    """

    code: str
    area: str
    dimension: str
    key: bool
    weight: Fraction
    effort: int
    scope: IndicatorScope = "both"
    scale: str = ""
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """`indicator` is blocked until `requires` has reached `at_level`."""

    indicator: str
    requires: str
    at_level: int


@dataclass(frozen=True, slots=True)
class TargetProfile:
    """Named target levels: `default`, on the main scale, for every indicator that `targets` does not name."""

    code: str
    default: int
    targets: Mapping[str, int]
    name: str = ""


@dataclass(frozen=True, slots=True)
class FrameworkSpec:
    """A framework version as one scope sees it; indicators of the other scope are not in it.

    Raises `InputFaults` when its parts do not fit together.
    """

    id: str
    version: str
    scope: Scope
    method: MethodRef
    scale: Scale
    dimensions: tuple[str, ...]
    areas: tuple[AreaSpec, ...]
    indicators: tuple[IndicatorSpec, ...]
    prerequisites: tuple[Prerequisite, ...] = ()
    profiles: tuple[TargetProfile, ...] = ()
    scales: Mapping[str, Scale] = field(default_factory=dict)
    parameters: Parameters = Parameters()
    tiers: tuple[Tier, ...] = ()
    by_code: Mapping[str, IndicatorSpec] = field(init=False, repr=False, compare=False)
    compiled: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {indicator.code: indicator for indicator in self.indicators})
        object.__setattr__(self, "compiled", {})
        faults = list(_spec_faults(self))
        if faults:
            raise InputFaults(faults)

    def areas_of(self, dimension: str) -> tuple[AreaSpec, ...]:
        return tuple(area for area in self.areas if area.dimension == dimension)

    def scale_of(self, indicator: IndicatorSpec) -> Scale:
        """Return the scale that the indicator is answered on."""
        return self.scales[indicator.scale] if indicator.scale else self.scale

    def own_level(self, indicator: IndicatorSpec, level: int) -> int:
        """Return the level of the indicator's own scale that reaches `level` of the main scale."""
        return (
            self.scale_of(indicator).level_reaching(self.scale.fraction(level)) if indicator.scale else level
        )

    def target_in(self, profile: TargetProfile, indicator: IndicatorSpec) -> int:
        """Return the level that a profile wants of an indicator, on the indicator's own scale."""
        own = profile.targets.get(indicator.code)
        return self.own_level(indicator, profile.default) if own is None else own


def _spec_faults(spec: FrameworkSpec) -> Iterator[str]:
    yield from _repeated("framework.indicators", (indicator.code for indicator in spec.indicators))
    yield from _scale_faults("framework.scale.levels", spec.scale)
    for code, scale in spec.scales.items():
        yield from _scale_faults(f"framework.scales.{code}.levels", scale)
    yield from _repeated(
        "framework areas and dimensions", (OVERALL, *spec.dimensions, *(a.code for a in spec.areas))
    )
    for area in spec.areas:
        if area.dimension not in spec.dimensions:
            yield f"framework.areas.{area.code}.dimension: {area.dimension!r} is not a dimension of this framework"
    areas = {area.code: area for area in spec.areas}
    for indicator in spec.indicators:
        yield from _indicator_faults(indicator, areas.get(indicator.area))
        if indicator.scale and indicator.scale not in spec.scales:
            yield f"framework.indicators.{indicator.code}.scale: {indicator.scale!r} is not a scale of this framework"
    yield from _prerequisite_faults(spec)


def _scale_faults(place: str, scale: Scale) -> Iterator[str]:
    if scale.highest < 1:
        yield f"{place}: a scale has at least two levels"
    elif len(scale.values) != len(scale.names):
        yield f"{place}: {len(scale.values)} values for {len(scale.names)} levels"
    elif scale.values[0] < 0 or any(low >= high for low, high in pairwise(scale.values)):
        yield f"{place}: values rise from level to level and are not below 0"


def _indicator_faults(indicator: IndicatorSpec, area: AreaSpec | None) -> Iterator[str]:
    place = f"framework.indicators.{indicator.code}"
    if area is None:
        yield f"{place}.area: {indicator.area!r} is not an area of this framework"
    elif area.dimension != indicator.dimension:
        yield f"{place}.dimension: {indicator.dimension!r} is not the dimension of area {area.code}"
    if indicator.weight < 0:
        yield f"{place}.weight: it cannot be below 0"
    if indicator.effort not in EFFORTS:
        yield f"{place}.effort: it is 1, 2 or 3"


def _prerequisite_faults(spec: FrameworkSpec) -> Iterator[str]:
    links = [(p.indicator, p.requires) for p in spec.prerequisites]
    yield from _repeated(
        "framework.prerequisites", (f"{indicator} requires {requires}" for indicator, requires in links)
    )
    for prerequisite in spec.prerequisites:
        for code in (prerequisite.indicator, prerequisite.requires):
            if code not in spec.by_code:
                yield f"framework.prerequisites.{prerequisite.indicator}: {code!r} is not an indicator of this scope"
        required = spec.by_code.get(prerequisite.requires)
        scale = spec.scales.get(required.scale, spec.scale) if required else spec.scale
        if prerequisite.at_level not in scale:
            yield f"framework.prerequisites.{prerequisite.indicator}.at_level: outside {scale}"
    circle = circle_in(links)
    if circle:
        yield f"framework.prerequisites: {' → '.join(circle)} is a circle, so none of them could ever come first"


def _repeated(place: str, codes: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield f"{place}: {code!r} appears twice"
        seen.add(code)


def circle_in(links: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return one circle among (indicator, requires) links as codes, first repeated last; empty if none.

    Leaves are peeled off without recursion, so a chain of any length is safe.
    """
    requires: dict[str, list[str]] = {}
    for indicator, required in links:
        requires.setdefault(indicator, []).append(required)
    while leaves := [c for c, needs in requires.items() if not any(n in requires for n in needs)]:
        for code in leaves:
            del requires[code]
    if not requires:
        return ()
    walk = [next(iter(requires))]
    while walk[-1] not in walk[:-1]:
        walk.append(next(n for n in requires[walk[-1]] if n in requires))
    return tuple(walk[walk.index(walk[-1]) :])
