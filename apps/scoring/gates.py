"""What methods without values share: parts made of indicators that pass or do not pass."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from fractions import Fraction

from apps.scoring.display import named_level
from apps.scoring.explain import score_step
from apps.scoring.foundation import Foundation, foundations_of
from apps.scoring.interface import COMPLETE_IN_PART, COMPLETE_OVERALL, Basis, Case, Method, Step
from apps.scoring.lifts import HeldBack, Lift, in_order
from apps.scoring.linear_steps import lowest_keys, missing_in
from apps.scoring.model import OVERALL, Tier
from apps.scoring.parts import Coverage, Coverages, PartScore, ScoreSet
from apps.scoring.plan import Plan
from apps.scoring.sheet import NOT_APPLICABLE, UNANSWERED, Sheet

# What a part has reached: None while nothing in it counts; with the unanswered failing; with them passing.
Reached = tuple[int | None, int | None, int | None]


class GateMethod(Method):
    """A method that says how far a part has come and never how much: every part has a rank and no value."""

    has_values = False

    @abstractmethod
    def rank(self, plan: Plan, places: Sequence[int], levels: Sequence[int | None]) -> int:
        """Return how far the indicators at `places` have come, 0 or more; a level of None fails everything."""

    @abstractmethod
    def label_of_rank(self, plan: Plan, rank: int | None) -> int | None:
        """Return the label that a rank is shown with, or None."""

    @abstractmethod
    def tier_of_rank(self, plan: Plan, rank: int | None) -> Tier | None:
        """Return the tier that a rank is shown with, or None."""

    @abstractmethod
    def has_rank(self, code: str) -> bool:
        """Say whether the part with this code has a rank."""

    @abstractmethod
    def part_steps(self, case: Case, basis: Basis, part: PartScore) -> list[Step]:
        """Return the steps of one part that has a rank."""

    @abstractmethod
    def blocking(self, case: Case, places: Sequence[int], rank: int) -> tuple[str, ...]:
        """Return the indicators that keep the evidenced rank from being one higher."""

    def score_set(self, plan: Plan, sheet: Sheet, levels: Sequence[int], coverages: Coverages) -> ScoreSet:
        """Rank every area, every dimension and the whole."""
        foundations = foundations_of(plan, sheet.kinds, levels)
        areas = {
            code: self._part(plan, sheet, levels, code, coverages.areas[n], foundations[2][n])
            for n, code in enumerate(plan.areas)
        }
        dimensions = {
            code: self._part(plan, sheet, levels, code, coverages.dimensions[n], foundations[1][n])
            for n, code in enumerate(plan.dimensions)
        }
        provisional = coverages.overall.is_below(COMPLETE_OVERALL) or any(
            part.provisional for part in dimensions.values()
        )
        overall = self._part(
            plan, sheet, levels, OVERALL, coverages.overall, foundations[0], provisional=provisional
        )
        return ScoreSet(overall=overall, dimensions=dimensions, areas=areas)

    def _part(
        self,
        plan: Plan,
        sheet: Sheet,
        levels: Sequence[int],
        code: str,
        coverage: Coverage,
        foundation: Foundation,
        *,
        provisional: bool | None = None,
    ) -> PartScore:
        given, low, high = self._reached(plan, sheet, levels, code, coverage)
        return PartScore(
            code,
            None,
            None,
            None,
            self.label_of_rank(plan, given),
            self.label_of_rank(plan, low),
            self.label_of_rank(plan, high),
            *foundation,
            coverage,
            coverage.is_below(COMPLETE_IN_PART) if provisional is None else provisional,
            None,
            self.tier_of_rank(plan, given),
            self.tier_of_rank(plan, low),
            self.tier_of_rank(plan, high),
        )

    def _reached(
        self, plan: Plan, sheet: Sheet, levels: Sequence[int], code: str, coverage: Coverage
    ) -> Reached:
        if not coverage.applicable or not self.has_rank(code):
            return None, None, None
        places = counted_places(plan, sheet, code)
        low = self.rank(plan, places, lowest_levels(sheet, levels))
        high = self.rank(plan, places, highest_levels(plan, sheet, levels))
        return (low if coverage.answered or coverage.unknown else None), low, high

    def explain(self, case: Case, basis: Basis) -> dict[str, object]:
        """Return the steps of the whole, of every dimension and of every area, as JSON-able data."""
        scores = case.scores(basis)
        return {
            "overall": self._steps(case, basis, scores.overall),
            "dimensions": {c: self._steps(case, basis, part) for c, part in scores.dimensions.items()},
            "areas": {c: self._steps(case, basis, part) for c, part in scores.areas.items()},
        }

    def _steps(self, case: Case, basis: Basis, part: PartScore) -> list[Step]:
        ranked = part.coverage.applicable and self.has_rank(part.code)
        steps = self.part_steps(case, basis, part) if ranked else []
        label = named_level(part.label, self.label_names(case.plan.framework))
        return [*steps, score_step(part, None) | ({"stage": label} if label else {})]

    def lifts(self, case: Case) -> tuple[Lift, ...]:
        """Return the ranks that each single step of one level gains, found by ranking again."""
        return in_order(
            Lift(
                code,
                evidenced=self._gain(case, place, case.sheet.evidenced),
                claimed=self._gain(case, place, case.sheet.claimed),
            )
            for place, code in enumerate(case.plan.codes)
            if case.sheet.kinds[place] < NOT_APPLICABLE
        )

    def _gain(self, case: Case, place: int, levels: Sequence[int]) -> Fraction | None:
        if levels[place] == case.plan.highest[place]:
            return None
        raised = [level + 1 if n == place else level for n, level in enumerate(levels)]
        code = self.ranked_part_of(case.plan, place)
        places = counted_places(case.plan, case.sheet, code)
        before = self.rank(case.plan, places, lowest_levels(case.sheet, levels))
        return Fraction(self.rank(case.plan, places, lowest_levels(case.sheet, raised)) - before)

    @abstractmethod
    def ranked_part_of(self, plan: Plan, place: int) -> str:
        """Return the code of the largest part with a rank that the indicator at `place` belongs to."""

    def held_back(self, case: Case) -> tuple[HeldBack, ...]:
        """Return, for every part that has a rank, what keeps it from the next one."""
        return tuple(
            self._held_back(case, part)
            for part in case.evidenced
            if self.has_rank(part.code) and part.coverage.answered + part.coverage.unknown
        )

    def _held_back(self, case: Case, part: PartScore) -> HeldBack:
        places = counted_places(case.plan, case.sheet, part.code)
        rank = self.rank(case.plan, places, lowest_levels(case.sheet, case.sheet.evidenced))
        return HeldBack(
            code=part.code,
            value=None,
            label=part.label,
            by_score=None,
            capped=False,
            lowest_keys=lowest_keys(case, part),
            losses=(),
            missing=missing_in(case.indicators, part.code),
            blocking=self.blocking(case, places, rank),
        )


def counted_places(plan: Plan, sheet: Sheet, code: str) -> list[int]:
    """Return the places of the applicable indicators of one part."""
    return [
        place
        for place, indicator in enumerate(plan.framework.indicators)
        if sheet.kinds[place] != NOT_APPLICABLE and code in (OVERALL, indicator.dimension, indicator.area)
    ]


def lowest_levels(sheet: Sheet, levels: Sequence[int]) -> list[int | None]:
    """Return the levels with None where nothing is answered, which passes nothing."""
    return [None if kind == UNANSWERED else level for kind, level in zip(sheet.kinds, levels, strict=True)]


def highest_levels(plan: Plan, sheet: Sheet, levels: Sequence[int]) -> list[int | None]:
    """Return the levels with the highest one where nothing is answered."""
    rows = zip(sheet.kinds, levels, plan.highest, strict=True)
    return [highest if kind == UNANSWERED else level for kind, level, highest in rows]
