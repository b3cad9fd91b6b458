"""Explanations as data: the steps that made each score, so that anyone can add them up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.scoring.display import exact, figure, named_level, named_tier
from apps.scoring.evidence import Support
from apps.scoring.model import FrameworkSpec
from apps.scoring.parts import PartScore

Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Closing:
    """How a method ends its explanations: decimals shown, names of labels, and the label of a value alone."""

    decimals: int
    names: Sequence[str]
    by_score: Callable[[Fraction], int | None]


def evidence_step(claimed: int | None, support: Support) -> Step:
    """Return how the evidence of one answer was weighed: grade held, age, grade counted, highest level."""
    return {
        "claimed": claimed,
        "grade": support.grade.name,
        "age": support.age,
        "effective_grade": support.effective.name,
        "cap": support.cap,
    }


def left_out(code: str, reason: str) -> Step:
    """Return the step of something that does not count, with the reason."""
    return {"step": "left_out", "code": code, "reason": reason}


def closing_steps(part: PartScore, framework: FrameworkSpec, closing: Closing) -> list[Step]:
    """Return the sum, its range when answers are missing, and how label and tier came from it."""
    steps: list[Step] = [score_step(part, figure(part.value, closing.decimals))]
    if part.coverage.unanswered:
        steps.append(
            {
                "step": "range",
                "low": figure(part.low, closing.decimals),
                "high": figure(part.high, closing.decimals),
            }
        )
    if part.value is not None and part.label is not None:
        by_score = named_level(closing.by_score(part.value), closing.names)
        label = named_level(part.label, closing.names)
        steps.append({"step": "label", "by_score": by_score, "lowest_key": part.foundation, "label": label})
    return steps


def score_step(part: PartScore, value: Mapping[str, str] | None) -> Step:
    """Return the step that closes a sum, with the tier that the value falls in where there is one."""
    step: Step = {"step": "score", "value": value}
    if part.tier is not None:
        step |= {"tier": named_tier(part.tier), "at_least": exact(part.tier.at_least)}
    return step
