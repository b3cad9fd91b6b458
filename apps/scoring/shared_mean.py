"""The method `shared-mean` version 1: weighted mean in an area, then plain means upwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from apps.scoring.model import OVERALL, Answer, FrameworkSpec, IndicatorSpec, Rated, Unanswered
from apps.scoring.parts import (
    Coverage,
    PartScore,
    ScoreSet,
    Shares,
    answers_of,
    counts,
    coverage_of,
    level_of,
)

NAME = "shared-mean"
VERSION = 1
HIGHEST_LEVEL = 5
POINTS_PER_LEVEL = 20
COMPLETE_OVERALL = Fraction(90, 100)
COMPLETE_IN_PART = Fraction(75, 100)

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class _Reading:
    """The means of one reading of the answers: as given, or with the unanswered at 0 or at 5."""

    answers: Answers
    overall: Fraction | None
    dimensions: Mapping[str, Fraction | None]
    areas: Mapping[str, Fraction | None]


def scale_faults(framework: FrameworkSpec) -> list[str]:
    """Return why this method cannot score the framework; empty when it can."""
    if framework.scale.highest == HIGHEST_LEVEL:
        return []
    return [
        f"framework.scale.levels: {NAME} {VERSION} needs the levels 0–{HIGHEST_LEVEL}, not {framework.scale}"
    ]


def score_set(framework: FrameworkSpec, answers: Answers) -> ScoreSet:
    """Score every area, every dimension and the whole, in exact points 0–100.

    `answers` holds one answer for every indicator of the framework. Source: the shared framework,
    method shared-mean version 1.
    """
    low, high = _filled(answers, 0), _filled(answers, HIGHEST_LEVEL)
    readings = [_read(framework, reading) for reading in (answers, low, high)]
    areas = {
        area.code: _part(
            area.code, _in_area(framework, area.code), readings, [r.areas[area.code] for r in readings]
        )
        for area in framework.areas
    }
    dimensions = {
        code: _part(code, _in_dimension(framework, code), readings, [r.dimensions[code] for r in readings])
        for code in framework.dimensions
    }
    whole = _part(OVERALL, framework.indicators, readings, [r.overall for r in readings])
    provisional = _is_provisional(whole.coverage, COMPLETE_OVERALL) or any(
        d.provisional for d in dimensions.values()
    )
    return ScoreSet(overall=replace(whole, provisional=provisional), dimensions=dimensions, areas=areas)


def _part(
    code: str,
    indicators: Sequence[IndicatorSpec],
    readings: Sequence[_Reading],
    values: Sequence[Fraction | None],
) -> PartScore:
    """Put the three readings (as given, lowest, highest) of one part side by side."""
    foundations = [foundation_of(indicators, reading.answers) for reading in readings]
    labels = [label_of(value, lowest) for value, lowest in zip(values, foundations, strict=True)]
    coverage = coverage_of(answers_of(indicators, readings[0].answers))
    return PartScore(
        code=code,
        value=values[0],
        low=values[1],
        high=values[2],
        label=labels[0],
        label_low=labels[1],
        label_high=labels[2],
        foundation=foundations[0],
        foundation_low=foundations[1],
        foundation_high=foundations[2],
        coverage=coverage,
        provisional=_is_provisional(coverage, COMPLETE_IN_PART),
    )


def shares(framework: FrameworkSpec, answers: Answers) -> Shares:
    """Return the share of the overall, dimension and area score that each counted indicator decides.

    Shares depend on which indicators count, never on their levels.
    """
    in_area = _shares_in_areas(framework, answers)
    areas = {framework.by_code[code].area for code in in_area}
    counted_areas = {
        d: sum(area.code in areas for area in framework.areas_of(d)) for d in framework.dimensions
    }
    counted_dimensions = sum(1 for number in counted_areas.values() if number)
    in_dimension = {c: s / counted_areas[framework.by_code[c].dimension] for c, s in in_area.items()}
    overall = {code: share / counted_dimensions for code, share in in_dimension.items()}
    return Shares(overall=overall, in_dimension=in_dimension, in_area=in_area)


def _shares_in_areas(framework: FrameworkSpec, answers: Answers) -> dict[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for area in framework.areas:
        counted = [i for i in _in_area(framework, area.code) if counts(answers[i.code])]
        total = sum((i.weight for i in counted), Fraction(0))
        if total:
            shares |= {i.code: i.weight / total for i in counted}
    return shares


def label_of(value: Fraction | None, foundation: int | None) -> int | None:
    """Return the whole level a score is called by: floor(score / 20), at most one above the lowest key."""
    if value is None:
        return None
    by_score = value // POINTS_PER_LEVEL
    return by_score if foundation is None else min(by_score, foundation + 1)


def foundation_of(indicators: Iterable[IndicatorSpec], answers: Answers) -> int | None:
    """Return the lowest level among the key indicators that count; None when there are none."""
    levels = (level_of(answers[indicator.code]) for indicator in indicators if indicator.key)
    return min((level for level in levels if level is not None), default=None)


def _read(framework: FrameworkSpec, answers: Answers) -> _Reading:
    areas = {a.code: _weighted_mean(_in_area(framework, a.code), answers) for a in framework.areas}
    dimensions = {d: _mean(areas[a.code] for a in framework.areas_of(d)) for d in framework.dimensions}
    return _Reading(answers=answers, overall=_mean(dimensions.values()), dimensions=dimensions, areas=areas)


def _weighted_mean(indicators: Iterable[IndicatorSpec], answers: Answers) -> Fraction | None:
    """Return Σ w·points / Σ w over what counts; None when the weights come to 0."""
    total, points = Fraction(0), Fraction(0)
    for indicator in indicators:
        level = level_of(answers[indicator.code])
        if level is not None:
            total += indicator.weight
            points += indicator.weight * POINTS_PER_LEVEL * level
    return points / total if total else None


def _mean(values: Iterable[Fraction | None]) -> Fraction | None:
    present = [value for value in values if value is not None]
    return sum(present, Fraction(0)) / len(present) if present else None


def _filled(answers: Answers, level: int) -> Answers:
    return {code: Rated(level) if isinstance(a, Unanswered) else a for code, a in answers.items()}


def _is_provisional(coverage: Coverage, least: Fraction) -> bool:
    return coverage.completeness is not None and coverage.completeness < least


def _in_area(framework: FrameworkSpec, code: str) -> list[IndicatorSpec]:
    return [indicator for indicator in framework.indicators if indicator.area == code]


def _in_dimension(framework: FrameworkSpec, code: str) -> list[IndicatorSpec]:
    return [indicator for indicator in framework.indicators if indicator.dimension == code]
