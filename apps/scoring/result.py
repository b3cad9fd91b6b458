"""The result of one scoring: every figure that any page, report or file may show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.scoring.display import exact, figure, named_level
from apps.scoring.explain import Basis, evidence_step, explain_scores
from apps.scoring.lifts import HeldBack, Lift
from apps.scoring.model import Answer, FrameworkSpec, Grade, NotApplicable, Rated, Scale, Unanswered, state_of
from apps.scoring.parts import Coverage, PartScore, ScoreSet, Shares
from apps.scoring.priorities import IndicatorResult, Priorities

FORMAT = "belay-score"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Claimed and evidenced scores side by side, what to do first, and why.

    `input_hash` is the SHA-256, in hexadecimal, of the canonical JSON of everything that went in.
    """

    framework: FrameworkSpec
    on: date
    claimed: ScoreSet
    evidenced: ScoreSet
    indicators: tuple[IndicatorResult, ...]
    priorities: Priorities
    lifts: tuple[Lift, ...]
    held_back: tuple[HeldBack, ...]
    shares: Shares
    points_per_level: int
    input_hash: str

    def explanation(self) -> dict[str, Any]:
        """Return the steps of every score on both bases, as JSON-able data (see `explain_scores`)."""
        return {"claimed": self._explained("claimed"), "evidenced": self._explained("evidenced")}

    def _explained(self, basis: Basis) -> dict[str, Any]:
        return explain_scores(
            self.framework,
            self.claimed if basis == "claimed" else self.evidenced,
            self.indicators,
            self.shares,
            basis=basis,
            points_per_level=self.points_per_level,
        )

    def as_document(self) -> dict[str, Any]:
        """Return the result as JSON-able data: lists in framework order, exact values as "p/q" strings."""
        return {
            "format": {"name": FORMAT, "version": FORMAT_VERSION},
            "framework": {"id": self.framework.id, "version": self.framework.version},
            "method": {"name": self.framework.method.name, "version": self.framework.method.version},
            "scope": self.framework.scope,
            "on": self.on.isoformat(),
            "input_hash": self.input_hash,
            "claimed": _score_set(self.claimed, self.framework.scale),
            "evidenced": _score_set(self.evidenced, self.framework.scale),
            "indicators": [_indicator(row) for row in self.indicators],
            "priorities": _priorities(self.priorities),
            "lifts": [_lift(lift) for lift in self.lifts],
            "held_back": [_held_back(part, self.framework.scale) for part in self.held_back],
            "explanation": self.explanation(),
        }


def canonical_json(document: object) -> str:
    """Return JSON with sorted keys and no spaces. Exact for text, whole numbers, true, false and null."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of_inputs(
    framework: FrameworkSpec, given: Mapping[str, Answer], *, targets: Mapping[str, int], on: date
) -> str:
    """Return the SHA-256 of the inputs in hexadecimal.

    Names are left out, so that a translation of the same framework gives the same hash.
    """
    inputs = {
        "framework": _framework_inputs(framework),
        "answers": {c: _answer_input(a) for c, a in given.items() if not isinstance(a, Unanswered)},
        "targets": dict(targets),
        "on": on.isoformat(),
    }
    return hashlib.sha256(canonical_json(inputs).encode()).hexdigest()


def _framework_inputs(framework: FrameworkSpec) -> dict[str, Any]:
    return {
        "id": framework.id,
        "version": framework.version,
        "scope": framework.scope,
        "method": [framework.method.name, framework.method.version],
        "highest_level": framework.scale.highest,
        "dimensions": list(framework.dimensions),
        "areas": [[area.code, area.dimension] for area in framework.areas],
        "indicators": [
            [i.code, i.area, i.key, exact(i.weight), i.effort, i.scope] for i in framework.indicators
        ],
        "prerequisites": sorted([p.indicator, p.requires, p.at_level] for p in framework.prerequisites),
    }


def _answer_input(answer: Answer) -> dict[str, Any]:
    content: dict[str, Any] = {"state": state_of(answer)}
    if isinstance(answer, Rated):
        dated = answer.dated.isoformat() if answer.dated else None
        content |= {"level": answer.level, "grade": Grade(answer.grade).name, "dated": dated}
    if isinstance(answer, NotApplicable):
        content["reason"] = answer.reason
    return content


def _score_set(scores: ScoreSet, scale: Scale) -> dict[str, Any]:
    return {
        "overall": _part(scores.overall, scale),
        "dimensions": [_part(part, scale) for part in scores.dimensions.values()],
        "areas": [_part(part, scale) for part in scores.areas.values()],
    }


def _part(part: PartScore, scale: Scale) -> dict[str, Any]:
    return {
        "code": part.code,
        "value": figure(part.value),
        "low": figure(part.low),
        "high": figure(part.high),
        "label": named_level(part.label, scale),
        "label_low": named_level(part.label_low, scale),
        "label_high": named_level(part.label_high, scale),
        "foundation": named_level(part.foundation, scale),
        "foundation_low": named_level(part.foundation_low, scale),
        "foundation_high": named_level(part.foundation_high, scale),
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


def _lift(lift: Lift) -> dict[str, Any]:
    return {"code": lift.code, "evidenced": figure(lift.evidenced), "claimed": figure(lift.claimed)}


def _held_back(part: HeldBack, scale: Scale) -> dict[str, Any]:
    return {
        "code": part.code,
        "value": figure(part.value),
        "label": named_level(part.label, scale),
        "by_score": named_level(part.by_score, scale),
        "capped": part.capped,
        "lowest_keys": list(part.lowest_keys),
        "losses": [
            {
                "code": loss.code,
                "practice": figure(loss.practice),
                "evidence": figure(loss.evidence),
                "total": figure(loss.total),
            }
            for loss in part.losses
        ],
    }
