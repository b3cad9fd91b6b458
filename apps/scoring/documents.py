"""A result as plain data, for storing, showing and printing. Every display figure is made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from apps.scoring.display import exact, figure, named_level, named_tier
from apps.scoring.explain import evidence_step
from apps.scoring.interface import BASES, Measure
from apps.scoring.lifts import HeldBack, Lift
from apps.scoring.model import Grade
from apps.scoring.parts import Coverage, PartScore, ScoreSet
from apps.scoring.priorities import IndicatorResult, Priorities

if TYPE_CHECKING:
    from apps.scoring.result import ScoreResult

FORMAT = "belay-score"
FORMAT_VERSION = 2


@dataclass(frozen=True, slots=True)
class _Style:
    """How the figures and labels of one framework are written."""

    decimals: int
    labels: Sequence[str]
    levels: Sequence[str]

    def value(self, value: Fraction | None) -> Mapping[str, str] | None:
        return figure(value, self.decimals)


def document_of(result: ScoreResult) -> dict[str, Any]:
    """Return the whole result as JSON-able data (format version 2, which only adds keys to version 1)."""
    framework, measure, style = result.framework, result.measure, _style(result)
    return {
        "format": {"name": FORMAT, "version": FORMAT_VERSION},
        "framework": {"id": framework.id, "version": framework.version},
        "method": {"name": framework.method.name, "version": framework.method.version},
        "scope": framework.scope,
        "on": result.on.isoformat(),
        "input_hash": result.input_hash,
        "measure": _measure(measure),
        "tiers": [
            {"id": tier.code, "name": tier.name, "at_least": figure(tier.at_least, measure.decimals)}
            for tier in framework.tiers
        ],
        **scores_of(result),
        "outcome": _outcome(result),
        "indicators": [_indicator(row) for row in result.indicators],
        "priorities": _priorities(result.priorities),
        "lifts": [_lift(lift, style) for lift in result.lifts],
        "held_back": [_held_back(part, style) for part in result.held_back],
        "explanation": result.explanation(),
    }


def scores_of(result: ScoreResult) -> dict[str, Any]:
    """Return the scores alone, claimed and evidenced, as they stand in the document."""
    style = _style(result)
    return {
        "claimed": _score_set(result.claimed, style),
        "evidenced": _score_set(result.evidenced, style),
    }


def _style(result: ScoreResult) -> _Style:
    framework = result.framework
    return _Style(result.measure.decimals, result.method.label_names(framework), framework.scale.names)


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "unit": measure.unit,
        "lowest": figure(measure.lowest, measure.decimals),
        "highest": figure(measure.highest, measure.decimals),
        "decimals": measure.decimals,
    }


def _outcome(result: ScoreResult) -> dict[str, Any] | None:
    return None if result.method.has_values else {basis: result.outcome(basis) for basis in BASES}


def _score_set(scores: ScoreSet, style: _Style) -> dict[str, Any]:
    return {
        "overall": _part(scores.overall, style),
        "dimensions": [_part(part, style) for part in scores.dimensions.values()],
        "areas": [_part(part, style) for part in scores.areas.values()],
    }


def _part(part: PartScore, style: _Style) -> dict[str, Any]:
    return {
        "code": part.code,
        "value": style.value(part.value),
        "low": style.value(part.low),
        "high": style.value(part.high),
        "possible": style.value(part.possible),
        "label": named_level(part.label, style.labels),
        "label_low": named_level(part.label_low, style.labels),
        "label_high": named_level(part.label_high, style.labels),
        "tier": named_tier(part.tier),
        "tier_low": named_tier(part.tier_low),
        "tier_high": named_tier(part.tier_high),
        "foundation": named_level(part.foundation, style.levels),
        "foundation_low": named_level(part.foundation_low, style.levels),
        "foundation_high": named_level(part.foundation_high, style.levels),
        "coverage": _coverage(part.coverage),
        "provisional": part.provisional,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    complete = coverage.completeness
    return {
        "answered": coverage.answered,
        "unknown": coverage.unknown,
        "not_applicable": coverage.not_applicable,
        "unanswered": coverage.unanswered,
        "applicable": coverage.applicable,
        "completeness_percent": None if complete is None else figure(100 * complete),
        "with_evidence": coverage.with_evidence,
        "by_grade": {grade.name: coverage.by_grade[grade] for grade in Grade},
    }


def _indicator(row: IndicatorResult) -> dict[str, Any]:
    step = row.next_step
    return {
        "code": row.code,
        "area": row.spec.area,
        "dimension": row.spec.dimension,
        "key": row.spec.key,
        "weight": exact(row.spec.weight),
        "effort": row.spec.effort,
        "state": row.state,
        "reason": row.reason,
        "claimed": row.claimed,
        "evidenced": row.evidenced,
        "highest": row.highest,
        "evidence": None if row.support is None else evidence_step(row.claimed, row.support),
        "target": row.target,
        "gap": None if row.gap is None else exact(row.gap),
        "unlock": figure(row.unlock),
        "priority": figure(row.priority),
        "list": row.work_list,
        "blocked_by": [{"code": b.code, "required": b.required, "level": b.level} for b in row.blocked_by],
        "start_with": list(row.start_with),
        "next": None if step is None else {"level": step.level, "work": step.work, "grade": step.grade.name},
    }


def _priorities(priorities: Priorities) -> dict[str, Any]:
    lists = {
        "do_now": priorities.do_now,
        "build": priorities.build,
        "prepare": priorities.prepare,
        "find_out": priorities.find_out,
    }
    return {
        name: [{"code": r.code, "priority": figure(r.priority)} for r in rows] for name, rows in lists.items()
    }


def _lift(lift: Lift, style: _Style) -> dict[str, Any]:
    return {
        "code": lift.code,
        "evidenced": style.value(lift.evidenced),
        "claimed": style.value(lift.claimed),
    }


def _held_back(part: HeldBack, style: _Style) -> dict[str, Any]:
    return {
        "code": part.code,
        "value": style.value(part.value),
        "label": named_level(part.label, style.labels),
        "by_score": named_level(part.by_score, style.labels),
        "capped": part.capped,
        "lowest_keys": list(part.lowest_keys),
        "losses": [
            {
                "code": loss.code,
                "practice": style.value(loss.practice),
                "evidence": style.value(loss.evidence),
                "total": style.value(loss.total),
            }
            for loss in part.losses
        ],
        "missing": list(part.missing),
        "blocking": list(part.blocking),
    }
