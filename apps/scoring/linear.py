"""Methods whose every value is a sum of shares times what levels are worth: means, sums and ratios."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from apps.scoring import linear_steps
from apps.scoring.explain import Closing
from apps.scoring.foundation import Foundation, foundations_of
from apps.scoring.interface import COMPLETE_IN_PART, COMPLETE_OVERALL, Basis, Case, Explained, Method
from apps.scoring.lifts import HeldBack, Lift
from apps.scoring.linear_steps import Ladder, Mode, Terms
from apps.scoring.model import FrameworkSpec, Scale, Tier
from apps.scoring.parts import Coverage, Coverages, PartScore, ScoreSet, Shares
from apps.scoring.plan import Plan
from apps.scoring.sheet import NOT_APPLICABLE, UNANSWERED, Sheet

# A value as numerator and denominator, not reduced; None where nothing that carries weight counts.
Pair = tuple[int, int] | None
Reading = Literal["value", "low", "high"]


@dataclass(slots=True)
class Tally:
    """Whole-number sums over some indicators: weights, and weights times what the levels are worth.

    `counted` are answered or unknown, `opened` unanswered; the latter at their lowest and at their highest level.
    """

    weight: int = 0
    worth: int = 0
    open_weight: int = 0
    open_lowest: int = 0
    open_highest: int = 0
    possible: int = 0

    def add(self, other: Tally) -> None:
        self.weight += other.weight
        self.worth += other.worth
        self.open_weight += other.open_weight
        self.open_lowest += other.open_lowest
        self.open_highest += other.open_highest
        self.possible += other.possible


class LinearMethod(Method):
    """A method of means, sums or ratios. Scored in whole numbers; a Fraction is made once for each figure."""

    mode: Mode

    @abstractmethod
    def worth(self, framework: FrameworkSpec, scale: Scale, level: int) -> Fraction:
        """Return what a level of a scale counts before its weight."""

    def labels(self, terms: Terms, value: Fraction | None, foundation: int | None) -> int | None:
        """Return the label of a value; None in a method without labels."""
        return None

    def by_score(self, terms: Terms, value: Fraction) -> int | None:
        """Return the label that the value alone would give; None in a method without labels."""
        return None

    def terms(self, plan: Plan) -> Terms:
        """Return weights and worths as whole numbers, made at the first use and kept with the framework."""
        terms: Terms | None = plan.framework.compiled.get("terms")
        if terms is None:
            terms = plan.framework.compiled["terms"] = self._compiled(plan.framework)
        return terms

    def _compiled(self, framework: FrameworkSpec) -> Terms:
        worths = [
            [self.worth(framework, scale, level) for level in range(scale.highest + 1)]
            for scale in (framework.scale_of(indicator) for indicator in framework.indicators)
        ]
        weights = [indicator.weight for indicator in framework.indicators]
        weight_unit = lcm(*(weight.denominator for weight in weights))
        worth_unit = lcm(*(worth.denominator for row in worths for worth in row))
        main = framework.scale
        return Terms(
            mode=self.mode,
            weights=tuple(int(weight * weight_unit) for weight in weights),
            worths=tuple(tuple(int(worth * worth_unit) for worth in row) for row in worths),
            weight_unit=weight_unit,
            worth_unit=worth_unit,
            ladder=Ladder.of([self.worth(framework, main, level) for level in range(1, main.highest + 1)]),
            highest=self.measure(framework).highest,
        )

    def score_set(self, plan: Plan, sheet: Sheet, levels: Sequence[int], coverages: Coverages) -> ScoreSet:
        """Score every area, every dimension and the whole, exactly."""
        terms = self.terms(plan)
        areas = _tallies(plan, terms, sheet.kinds, levels)
        dimensions = [_total([areas[place] for place in places]) for places in plan.areas_of]
        whole = _total(dimensions)
        readings: tuple[Reading, ...] = (
            ("value", "low", "high") if coverages.overall.unanswered else ("value",)
        )
        rows = [_pairs(plan, terms, areas, dimensions, whole, reading) for reading in readings]
        of_whole, of_dimensions, of_areas = foundations_of(plan, sheet.kinds, levels)
        area_parts = {
            code: self._part(
                terms, code, [row.areas[n] for row in rows], of_areas[n], coverages.areas[n], areas[n]
            )
            for n, code in enumerate(plan.areas)
        }
        dimension_parts = {
            code: self._part(
                terms,
                code,
                [row.dimensions[n] for row in rows],
                of_dimensions[n],
                coverages.dimensions[n],
                dimensions[n],
            )
            for n, code in enumerate(plan.dimensions)
        }
        provisional = coverages.overall.is_below(COMPLETE_OVERALL) or any(
            part.provisional for part in dimension_parts.values()
        )
        overall = self._part(
            terms, "overall", [row.overall for row in rows], of_whole, coverages.overall, whole,
            provisional=provisional, tiers=plan.framework.tiers,
        )  # fmt: skip
        return ScoreSet(overall=overall, dimensions=dimension_parts, areas=area_parts)

    def _part(
        self,
        terms: Terms,
        code: str,
        pairs: Sequence[Pair],
        foundations: Foundation,
        coverage: Coverage,
        tally: Tally,
        *,
        provisional: bool | None = None,
        tiers: tuple[Tier, ...] = (),
    ) -> PartScore:
        value = low = high = None if pairs[0] is None else Fraction(*pairs[0])
        label = label_low = label_high = self.labels(terms, value, foundations[0])
        if coverage.unanswered:
            low, high = (None if pair is None else Fraction(*pair) for pair in pairs[1:])
            label_low = self.labels(terms, low, foundations[1])
            label_high = self.labels(terms, high, foundations[2])
        return PartScore(
            code,
            value,
            low,
            high,
            label,
            label_low,
            label_high,
            *foundations,
            coverage,
            coverage.is_below(COMPLETE_IN_PART) if provisional is None else provisional,
            _possible(terms, tally),
            *((tier_at(tiers, value), tier_at(tiers, low), tier_at(tiers, high)) if tiers else ()),
        )

    def shares(self, case: Case) -> Shares:
        """Return what one unit of each counted indicator adds to the whole, its dimension and its area."""
        return linear_steps.shares_of(self.terms(case.plan), case)

    def explain(self, case: Case, basis: Basis) -> Explained:
        """Return the steps; in each list the contributions add up exactly to the value of the "score" step."""
        return linear_steps.explained(self.terms(case.plan), case, basis, self._closing(case))

    def _closing(self, case: Case) -> Closing:
        terms, framework = self.terms(case.plan), case.plan.framework
        return Closing(
            decimals=self.measure(framework).decimals,
            names=self.label_names(framework),
            by_score=lambda value: self.by_score(terms, value),
        )

    def lifts(self, case: Case) -> tuple[Lift, ...]:
        """Return the exact gain of each step: its worth times the share, since no step moves a denominator."""
        return linear_steps.lifts_of(self.terms(case.plan), case)

    def held_back(self, case: Case) -> tuple[HeldBack, ...]:
        """Return, for every part with a value, the losses that make it up with what is possible."""
        return linear_steps.held_back(self.terms(case.plan), case, self._closing(case))


@dataclass(frozen=True, slots=True)
class _Pairs:
    overall: Pair
    dimensions: list[Pair]
    areas: list[Pair]


def _tallies(plan: Plan, terms: Terms, kinds: Sequence[int], levels: Sequence[int]) -> list[Tally]:
    tallies = [Tally() for _ in plan.areas]
    for area, kind, level, weight, worths in zip(
        plan.area_of, kinds, levels, terms.weights, terms.worths, strict=True
    ):
        if kind == NOT_APPLICABLE:
            continue
        tally, most = tallies[area], weight * worths[-1]
        tally.possible += most
        if kind == UNANSWERED:
            tally.open_weight += weight
            tally.open_lowest += weight * worths[0]
            tally.open_highest += most
        else:
            tally.weight += weight
            tally.worth += weight * worths[level]
    return tallies


def _total(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _pairs(
    plan: Plan,
    terms: Terms,
    areas: Sequence[Tally],
    dimensions: Sequence[Tally],
    whole: Tally,
    reading: Reading,
) -> _Pairs:
    of_areas = [_pair(terms, tally, reading) for tally in areas]
    if terms.mode != "mean":
        of_dimensions = [_pair(terms, tally, reading) for tally in dimensions]
        return _Pairs(_pair(terms, whole, reading), of_dimensions, of_areas)
    of_dimensions = [_mean([of_areas[place] for place in places]) for places in plan.areas_of]
    return _Pairs(_mean(of_dimensions), of_dimensions, of_areas)


def _pair(terms: Terms, tally: Tally, reading: Reading) -> Pair:
    """Return the weighted mean of a tally, or in a method of sums its sum."""
    weight, worth = tally.weight, tally.worth
    if reading != "value":
        weight += tally.open_weight
        if reading == "high":
            worth += tally.open_highest
        elif terms.mode != "sum":
            worth += tally.open_lowest
    if not weight:
        return None
    return worth, terms.worth_unit * (terms.weight_unit if terms.mode == "sum" else weight)


def _mean(pairs: Iterable[Pair]) -> Pair:
    present = [pair for pair in pairs if pair is not None]
    if not present:
        return None
    common = lcm(*[below for _, below in present])
    return sum([above * (common // below) for above, below in present]), common * len(present)


def _possible(terms: Terms, tally: Tally) -> Fraction | None:
    if not tally.weight + tally.open_weight:
        return None
    if terms.mode == "sum":
        return Fraction(tally.possible, terms.worth_unit * terms.weight_unit)
    return terms.highest


def tier_at(tiers: Iterable[Tier], value: Fraction | None) -> Tier | None:
    """Return the tier of a value, of tiers that stand from the highest down; None below the lowest."""
    if value is None:
        return None
    return next((tier for tier in tiers if value >= tier.at_least), None)


def points_of(scale: Scale, level: int) -> Fraction:
    """Return a level as points, 0–100: its share of the scale."""
    return 100 * scale.fraction(level)
