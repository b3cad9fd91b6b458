"""Explanations as data: the steps that made each score, so that anyone can add them up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from apps.scoring.display import exact, figure, named_level
from apps.scoring.evidence import Support
from apps.scoring.model import FrameworkSpec
from apps.scoring.parts import PartScore, ScoreSet, Shares
from apps.scoring.priorities import IndicatorResult

Basis = Literal["claimed", "evidenced"]
Step = dict[str, Any]


def explain_scores(
    framework: FrameworkSpec,
    scores: ScoreSet,
    indicators: Sequence[IndicatorResult],
    shares: Shares,
    *,
    basis: Basis,
    points_per_level: int,
) -> dict[str, Any]:
    """Return the steps of the whole, of every dimension and of every area, as JSON-able data.

    In each list the `contribution` of the "indicator", "area" or "dimension" steps adds up exactly to the
    `value` of the "score" step. Values are {"exact": "numerator/denominator", "display": one decimal}.
    """
    areas = {
        code: _area_steps(
            part, [row for row in indicators if row.spec.area == code], shares, basis, points_per_level
        )
        + _closing_steps(part, framework, points_per_level)
        for code, part in scores.areas.items()
    }
    dimensions = {
        code: _mean_steps("area", [scores.areas[area.code] for area in framework.areas_of(code)])
        + _closing_steps(part, framework, points_per_level)
        for code, part in scores.dimensions.items()
    }
    overall = _mean_steps("dimension", scores.dimensions.values())
    overall += _closing_steps(scores.overall, framework, points_per_level)
    return {"overall": overall, "dimensions": dimensions, "areas": areas}


def _area_steps(
    part: PartScore, rows: Iterable[IndicatorResult], shares: Shares, basis: Basis, points_per_level: int
) -> list[Step]:
    steps: list[Step] = []
    for row in rows:
        level = row.claimed if basis == "claimed" else row.evidenced
        if level is None or part.value is None:
            steps.append(_left_out(row.code, row.state if level is None else "no_weight"))
            continue
        points, share = Fraction(points_per_level * level), shares.in_area[row.code]
        step = {
            "step": "indicator",
            "code": row.code,
            "state": row.state,
            "level": level,
            "key": row.spec.key,
        }
        step |= {"points": figure(points), "weight": exact(row.spec.weight), "share": exact(share)}
        step |= {"contribution": figure(points * share)}
        if basis == "evidenced" and row.support is not None:
            step["evidence"] = evidence_step(row.claimed, row.support)
        steps.append(step)
    return steps


def evidence_step(claimed: int | None, support: Support) -> Step:
    """Return how the evidence of one answer was weighed: grade held, age, grade counted, highest level."""
    return {
        "claimed": claimed,
        "grade": support.grade.name,
        "age": support.age,
        "effective_grade": support.effective.name,
        "cap": support.cap,
    }


def _mean_steps(kind: Literal["area", "dimension"], parts: Iterable[PartScore]) -> list[Step]:
    rows = list(parts)
    present = sum(row.value is not None for row in rows)
    steps: list[Step] = []
    for row in rows:
        if row.value is None:
            steps.append(_left_out(row.code, "no_value"))
            continue
        share = Fraction(1, present)
        step = {"step": kind, "code": row.code, "value": figure(row.value), "share": exact(share)}
        steps.append(step | {"contribution": figure(row.value * share)})
    return steps


def _left_out(code: str, reason: str) -> Step:
    return {"step": "left_out", "code": code, "reason": reason}


def _closing_steps(part: PartScore, framework: FrameworkSpec, points_per_level: int) -> list[Step]:
    """The sum, its range when answers are missing, and how the label came from it."""
    steps: list[Step] = [{"step": "score", "value": figure(part.value)}]
    if part.coverage.unanswered:
        steps.append({"step": "range", "low": figure(part.low), "high": figure(part.high)})
    if part.value is not None:
        by_score = part.value // points_per_level
        label: Mapping[str, Any] = {
            "by_score": named_level(by_score, framework.scale),
            "lowest_key": part.foundation,
            "label": named_level(part.label, framework.scale),
        }
        steps.append({"step": "label"} | dict(label))
    return steps
