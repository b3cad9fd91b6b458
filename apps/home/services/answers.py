"""What a member answers: levels from its profile, and how it holds evidence. Plain functions of a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from apps.home.services.chance import Chance
from apps.home.services.content import MemberPlan
from apps.scoring import FrameworkSpec
from apps.scoring.model import IndicatorSpec

HIGHEST = 5
# Until what an indicator rests on has reached its level, it is in place for part of the scope at most.
HELD_BACK_AT = 2
SPREAD, KEY_SPREAD, AREA_SPREAD, DRIFT = 0.45, 0.3, 0.45, 0.25

# Chances of the grades E0–E3 by habit, for levels 0–2, 3 and 4–5.
HABITS: Mapping[str, tuple[tuple[int, int, int, int], ...]] = {
    "solid": ((15, 45, 40, 0), (2, 20, 68, 10), (0, 5, 35, 60)),
    "mixed": ((50, 40, 10, 0), (12, 48, 38, 2), (5, 30, 55, 10)),
    "thin": ((80, 18, 2, 0), (50, 42, 8, 0), (30, 55, 15, 0)),
    "paper": ((92, 8, 0, 0), (92, 8, 0, 0), (90, 9, 1, 0)),
}
UNKNOWN_CHANCE = {"solid": 0.005, "mixed": 0.02, "thin": 0.04, "paper": 0.0}
NOT_APPLICABLE_CHANCE = 0.02
OLD_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `level` None means unknown, or not applicable when `reason` is given. `grade` is 0–3."""

    level: int | None
    reason: str = ""
    grade: int = 0
    dated: date | None = None


def levels_of(plan: MemberPlan, year: int, spec: FrameworkSpec, chance: Chance) -> dict[str, int]:
    """The level of every indicator: the profile of its dimension, the member's own bent, and what holds it back."""
    profile = dict(zip(spec.dimensions, plan.levels[year], strict=True))
    levels = {
        indicator.code: _drawn_level(plan, year, indicator, profile[indicator.dimension], chance)
        for indicator in spec.indicators
    }
    _hold_back(levels, spec)
    return levels


def _drawn_level(plan: MemberPlan, year: int, indicator: IndicatorSpec, middle: float, chance: Chance) -> int:
    # The bent is the same in every round, so that a difference between rounds is the story and not the dice.
    bent = chance.at("bent", plan.slug, indicator.code).gauss(
        0.1 if indicator.key else 0.0, KEY_SPREAD if indicator.key else SPREAD
    )
    area = chance.at("area", plan.slug, indicator.area).gauss(0.0, AREA_SPREAD)
    drift = chance.at("drift", plan.slug, indicator.code, year).gauss(0.0, DRIFT)
    return min(HIGHEST, max(0, round(middle + area + bent + drift)))


def _hold_back(levels: dict[str, int], spec: FrameworkSpec) -> None:
    """Lower what stands on something that is not there yet; again, until nothing moves."""
    moved = True
    while moved:
        moved = False
        for rule in spec.prerequisites:
            if levels[rule.requires] < rule.at_level and levels[rule.indicator] > HELD_BACK_AT:
                levels[rule.indicator] = HELD_BACK_AT
                moved = True


def answers_of(
    plan: MemberPlan, year: int, spec: FrameworkSpec, on: date, chance: Chance
) -> dict[str, Answer]:
    """All answers of a member in the round of `year`, as they stood on the day `on`."""
    levels = levels_of(plan, year, spec, chance)
    return {
        indicator.code: _answer(plan, year, indicator, levels[indicator.code], on, chance)
        for indicator in spec.indicators
    }


def _answer(
    plan: MemberPlan, year: int, indicator: IndicatorSpec, level: int, on: date, chance: Chance
) -> Answer:
    habit = plan.habits[year]
    dice = chance.at("answer", plan.slug, year, indicator.code)
    if dice.random() < UNKNOWN_CHANCE[habit] and level <= HELD_BACK_AT:
        return Answer(None)
    if not indicator.key and not plan.is_mentor and dice.random() < NOT_APPLICABLE_CHANCE:
        return Answer(None, reason=dice.choice(("no_mandate", "no_such_system", "done_by_other")))
    band = max(0, min(level - 2, 2))
    grade = dice.choices(range(4), weights=HABITS[habit][band])[0] if level else 0
    age = dice.randint(800, 1100) if dice.random() < OLD_CHANCE else dice.randint(20, 420)
    return Answer(level, grade=grade, dated=on - timedelta(days=age) if grade else None)
