"""The method `cumulative` version 1: a stage is reached when every practice up to it is implemented."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from apps.scoring.display import named_level
from apps.scoring.gates import GateMethod, counted_places, lowest_levels
from apps.scoring.interface import Basis, Case, Measure, Step
from apps.scoring.model import OVERALL, FrameworkSpec, MethodRef, Tier
from apps.scoring.parts import PartScore
from apps.scoring.plan import Plan


class Cumulative(GateMethod):
    """Stages by dimension and by area, never one for the whole; "not applicable" is no answer.

    One practice of stage 1 that is only partly implemented keeps its part at stage 0, whatever else is
    there. A stage without practices of its own blocks nothing.
    """

    ref = MethodRef("cumulative", 1)
    uses = frozenset({"implemented_at", "stages"})
    takes_not_applicable = False

    def faults(self, framework: FrameworkSpec) -> list[str]:
        place, given = "framework.method.parameters", framework.parameters
        faults, last = super().faults(framework), len(given.stages) - 1
        if last < 1:
            faults.append(f"{place}.stages: {self.ref.name} needs the names of at least the stages 0 and 1")
        for indicator in framework.indicators:
            if indicator.stage is None or not 1 <= indicator.stage <= max(last, 1):
                faults.append(f"framework.indicators.{indicator.code}.stage: it is 1 to {max(last, 1)}")
        lowest = min((framework.scale_of(i).highest for i in framework.indicators), default=1)
        if given.implemented_at is None or not 1 <= given.implemented_at <= lowest:
            faults.append(f"{place}.implemented_at: it is a level from 1 to {lowest} of every scale in use")
        return faults

    def label_names(self, framework: FrameworkSpec) -> tuple[str, ...]:
        return framework.parameters.stages

    def measure(self, framework: FrameworkSpec) -> Measure:
        return Measure("stage", Fraction(0), Fraction(_last(framework)), decimals=0)

    def rank(self, plan: Plan, places: Sequence[int], levels: Sequence[int | None]) -> int:
        behind = [_stage(plan, place) for place in places if not _is_implemented(plan, levels[place])]
        return min(behind, default=_last(plan.framework) + 1) - 1

    def label_of_rank(self, plan: Plan, rank: int | None) -> int | None:
        return rank

    def tier_of_rank(self, plan: Plan, rank: int | None) -> Tier | None:
        return None

    def has_rank(self, code: str) -> bool:
        return code != OVERALL

    def ranked_part_of(self, plan: Plan, place: int) -> str:
        return plan.framework.indicators[place].dimension

    def blocking(self, case: Case, places: Sequence[int], rank: int) -> tuple[str, ...]:
        return tuple(
            case.plan.codes[place] for place in _behind(case, case.sheet.evidenced, places, rank + 1)
        )

    def outcome(self, case: Case, basis: Basis) -> dict[str, Any]:
        """Return the stage of every dimension and area, the next one, and the practices missing for it."""
        framework, scores = case.plan.framework, case.scores(basis)
        return {
            "kind": "stages",
            "implemented_at": named_level(framework.parameters.implemented_at, framework.scale.names),
            "dimensions": [self._row(case, basis, part) for part in scores.dimensions.values()],
            "areas": [self._row(case, basis, part) for part in scores.areas.values()],
        }

    def _row(self, case: Case, basis: Basis, part: PartScore) -> dict[str, Any]:
        names = case.plan.framework.parameters.stages
        following = None if part.label_low in (None, len(names) - 1) else (part.label_low or 0) + 1
        places = counted_places(case.plan, case.sheet, part.code)
        return {
            "code": part.code,
            "stage": named_level(part.label, names),
            "stage_low": named_level(part.label_low, names),
            "stage_high": named_level(part.label_high, names),
            "next": named_level(following, names),
            "missing": [
                case.plan.codes[n] for n in _behind(case, case.levels(basis), places, following or 0)
            ],
        }

    def part_steps(self, case: Case, basis: Basis, part: PartScore) -> list[Step]:
        """Return a step a stage: how many practices it has, how many are implemented, which are not."""
        places = counted_places(case.plan, case.sheet, part.code)
        names = case.plan.framework.parameters.stages
        steps: list[Step] = []
        for stage in range(1, len(names)):
            own = [place for place in places if _stage(case.plan, place) == stage]
            missing = _behind(case, case.levels(basis), own, stage)
            steps.append(
                {
                    "step": "stage",
                    "code": str(stage),
                    "stage": named_level(stage, names),
                    "practices": len(own),
                    "implemented": len(own) - len(missing),
                    "missing": [case.plan.codes[place] for place in missing],
                    "reached": stage <= (part.label_low or 0),
                }
            )
        return steps


def _last(framework: FrameworkSpec) -> int:
    return len(framework.parameters.stages) - 1


def _stage(plan: Plan, place: int) -> int:
    return plan.framework.indicators[place].stage or 0


def _is_implemented(plan: Plan, level: int | None) -> bool:
    return level is not None and level >= (plan.framework.parameters.implemented_at or 0)


def _behind(case: Case, levels: Sequence[int], places: Sequence[int], stage: int) -> list[int]:
    """Return the places of practices up to `stage` that are not implemented."""
    lowest = lowest_levels(case.sheet, levels)
    return [
        place
        for place in places
        if _stage(case.plan, place) <= stage and not _is_implemented(case.plan, lowest[place])
    ]
