"""Shares, steps, lifts and losses of methods that add up; worked out only when somebody asks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from apps.scoring.display import exact, figure
from apps.scoring.explain import Closing, closing_steps, evidence_step, left_out
from apps.scoring.interface import Basis, Case, Explained, Step
from apps.scoring.lifts import HeldBack, Lift, Loss, in_order
from apps.scoring.model import OVERALL, FrameworkSpec
from apps.scoring.parts import PartScore, ScoreSet, Shares
from apps.scoring.priorities import IndicatorResult
from apps.scoring.sheet import NOT_APPLICABLE, UNANSWERED

Mode = Literal["mean", "sum", "ratio"]


@dataclass(frozen=True, slots=True)
class Ladder:
    """What the levels 1, 2 … of the main scale are worth, as rising whole numbers of `unit`ths."""

    steps: tuple[int, ...]
    unit: int

    @classmethod
    def of(cls, thresholds: Sequence[Fraction]) -> Ladder:
        """Return the ladder of rising thresholds."""
        unit = lcm(*(step.denominator for step in thresholds))
        return cls(tuple(int(step * unit) for step in thresholds), unit)

    def level_at(self, value: Fraction) -> int:
        """Return the highest level that the value reaches."""
        return bisect_right(self.steps, value.numerator * self.unit // value.denominator)


@dataclass(frozen=True, slots=True)
class Terms:
    """Weights and what each level is worth as whole numbers, in `weight_unit`ths and `worth_unit`ths.

    `highest` is the highest value of a mean.
    """

    mode: Mode
    weights: tuple[int, ...]
    worths: tuple[tuple[int, ...], ...]
    weight_unit: int
    worth_unit: int
    ladder: Ladder
    highest: Fraction

    def worth(self, place: int, level: int) -> Fraction:
        """Return what a level of the indicator at `place` is worth."""
        return Fraction(self.worths[place][level], self.worth_unit)

    def step(self, place: int, level: int) -> Fraction:
        """Return what one level more is worth."""
        return self.worth(place, level + 1) - self.worth(place, level)


@dataclass(frozen=True, slots=True)
class Tree:
    """The share of each counted indicator in its area, of each area in its dimension, of each dimension."""

    indicators: Mapping[str, Fraction]
    areas: Mapping[str, Fraction]
    dimensions: Mapping[str, Fraction]


def tree_of(terms: Terms, case: Case) -> Tree:
    """Return all shares. They depend on which indicators count, never on their levels."""
    framework, weights = case.plan.framework, _counted_weights(case)
    in_area = {
        area.code: sum((w for c, w in weights.items() if framework.by_code[c].area == area.code), Fraction(0))
        for area in framework.areas
    }
    in_dimension = {
        code: sum((in_area[area.code] for area in framework.areas_of(code)), Fraction(0))
        for code in framework.dimensions
    }
    indicators: dict[str, Fraction] = {}
    for code, weight in weights.items():
        total = in_area[framework.by_code[code].area]
        if total:
            indicators[code] = weight if terms.mode == "sum" else weight / total
    areas: dict[str, Fraction] = {}
    for code in framework.dimensions:
        areas |= _shares_among({area.code: in_area[area.code] for area in framework.areas_of(code)}, terms)
    return Tree(indicators, areas, _shares_among(in_dimension, terms))


def _counted_weights(case: Case) -> dict[str, Fraction]:
    return {
        indicator.code: indicator.weight
        for indicator, kind in zip(case.plan.framework.indicators, case.sheet.kinds, strict=True)
        if kind not in (NOT_APPLICABLE, UNANSWERED)
    }


def _shares_among(weights: Mapping[str, Fraction], terms: Terms) -> dict[str, Fraction]:
    """Return the shares of parts in the part above: even in means, by weight in ratios, whole in sums."""
    present = {code: weight for code, weight in weights.items() if weight}
    if terms.mode == "sum":
        return dict.fromkeys(present, Fraction(1))
    if terms.mode == "mean":
        return dict.fromkeys(present, Fraction(1, len(present) or 1))
    total = sum(present.values(), Fraction(0))
    return {code: weight / total for code, weight in present.items()}


def shares_of(terms: Terms, case: Case) -> Shares:
    """Return what one unit of each counted indicator adds to its area, its dimension and the whole."""
    by_code, tree = case.plan.framework.by_code, tree_of(terms, case)
    in_dimension = {c: share * tree.areas[by_code[c].area] for c, share in tree.indicators.items()}
    overall = {c: share * tree.dimensions[by_code[c].dimension] for c, share in in_dimension.items()}
    return Shares(overall=overall, in_dimension=in_dimension, in_area=tree.indicators)


def explained(terms: Terms, case: Case, basis: Basis, closing: Closing) -> Explained:
    """Return the steps of the whole, of every dimension and of every area, as JSON-able data.

    In each list the `contribution` of the "indicator", "area" or "dimension" steps adds up exactly to the
    `value` of the "score" step. Values are {"exact": "numerator/denominator", "display": as shown}.
    """
    framework, tree, scores = case.plan.framework, tree_of(terms, case), case.scores(basis)
    areas = {
        code: _area_steps(terms, case, part, tree, basis, closing.decimals)
        + closing_steps(part, framework, closing)
        for code, part in scores.areas.items()
    }
    dimensions = {
        code: _part_steps("area", _areas_in(framework, scores, code), tree.areas, closing.decimals)
        + closing_steps(part, framework, closing)
        for code, part in scores.dimensions.items()
    }
    overall = _part_steps("dimension", scores.dimensions.values(), tree.dimensions, closing.decimals)
    overall += closing_steps(scores.overall, framework, closing)
    return {"overall": overall, "dimensions": dimensions, "areas": areas}


def _areas_in(framework: FrameworkSpec, scores: ScoreSet, dimension: str) -> list[PartScore]:
    return [scores.areas[area.code] for area in framework.areas_of(dimension)]


def _area_steps(
    terms: Terms, case: Case, part: PartScore, tree: Tree, basis: Basis, decimals: int
) -> list[Step]:
    steps: list[Step] = []
    for place, row in enumerate(case.indicators):
        if row.spec.area != part.code:
            continue
        level = row.claimed if basis == "claimed" else row.evidenced
        if level is None or row.code not in tree.indicators:
            steps.append(left_out(row.code, row.state if level is None else "no_weight"))
            continue
        steps.append(
            _indicator_step(row, level, terms.worth(place, level), tree.indicators[row.code], decimals)
        )
        if basis == "evidenced" and row.support is not None:
            steps[-1]["evidence"] = evidence_step(row.claimed, row.support)
    return steps


def _indicator_step(
    row: IndicatorResult, level: int, worth: Fraction, share: Fraction, decimals: int
) -> Step:
    return {
        "step": "indicator",
        "code": row.code,
        "state": row.state,
        "level": level,
        "highest": row.highest,
        "key": row.spec.key,
        "points": figure(worth, decimals),
        "weight": exact(row.spec.weight),
        "share": exact(share),
        "contribution": figure(worth * share, decimals),
    }


def _part_steps(
    kind: Literal["area", "dimension"],
    parts: Iterable[PartScore],
    shares: Mapping[str, Fraction],
    decimals: int,
) -> list[Step]:
    steps: list[Step] = []
    for part in parts:
        if part.value is None:
            steps.append(left_out(part.code, "no_value"))
            continue
        share = shares[part.code]
        step = {"step": kind, "code": part.code, "value": figure(part.value, decimals), "share": exact(share)}
        steps.append(step | {"contribution": figure(part.value * share, decimals)})
    return steps


def lifts_of(terms: Terms, case: Case) -> tuple[Lift, ...]:
    """Return the gain of each single step of one level, the largest evidenced gain first.

    Not applicable and unanswered indicators have no level to step from and are left out. The gain is
    exact: a step changes no denominator, so it moves the score by its worth times its share.
    """
    shares = shares_of(terms, case).overall
    return in_order(
        Lift(
            row.code,
            evidenced=_gain(terms, place, row.evidenced, row.highest, shares[row.code]),
            claimed=_gain(terms, place, row.claimed, row.highest, shares[row.code]),
        )
        for place, row in enumerate(case.indicators)
        if row.code in shares
    )


def _gain(terms: Terms, place: int, level: int | None, highest: int, share: Fraction) -> Fraction | None:
    return None if level is None or level == highest else share * terms.step(place, level)


def held_back(terms: Terms, case: Case, closing: Closing) -> tuple[HeldBack, ...]:
    """Return what holds back the whole, each dimension and each area that has a value, in that order."""
    shares, scores = shares_of(terms, case), case.evidenced
    deciding = [(scores.overall, shares.overall)]
    deciding += [(part, shares.in_dimension) for part in scores.dimensions.values()]
    deciding += [(part, shares.in_area) for part in scores.areas.values()]
    return tuple(
        _held_back(terms, case, part, part_shares, closing.by_score)
        for part, part_shares in deciding
        if part.value is not None
    )


def _held_back(
    terms: Terms,
    case: Case,
    part: PartScore,
    shares: Mapping[str, Fraction],
    by_score: Callable[[Fraction], int | None],
) -> HeldBack:
    inside = [(place, row) for place, row in enumerate(case.indicators) if is_inside(row, part.code)]
    losses = [_loss(terms, place, row, shares[row.code]) for place, row in inside if row.code in shares]
    alone = None if part.value is None else by_score(part.value)
    return HeldBack(
        code=part.code,
        value=part.value,
        label=part.label,
        by_score=alone,
        capped=part.label is not None and alone is not None and part.label < alone,
        lowest_keys=lowest_keys(case, part),
        losses=tuple(sorted((loss for loss in losses if loss.total), key=lambda loss: -loss.total)),
        missing=missing_in(case.indicators, part.code),
    )


def lowest_keys(case: Case, part: PartScore) -> tuple[str, ...]:
    """Return the key indicators that stand at the foundation level of a part."""
    if part.foundation is None:
        return ()
    return tuple(
        row.code
        for place, row in enumerate(case.indicators)
        if row.spec.key
        and is_inside(row, part.code)
        and row.evidenced is not None
        and case.plan.on_main[place][row.evidenced] == part.foundation
    )


def missing_in(indicators: Sequence[IndicatorResult], code: str) -> tuple[str, ...]:
    """Return the unanswered indicators of a part."""
    return tuple(row.code for row in indicators if row.state == "unanswered" and is_inside(row, code))


def is_inside(row: IndicatorResult, code: str) -> bool:
    """Say whether an indicator belongs to the part with this code."""
    return code in (OVERALL, row.spec.dimension, row.spec.area)


def _loss(terms: Terms, place: int, row: IndicatorResult, share: Fraction) -> Loss:
    claimed = terms.worth(place, row.claimed or 0)
    evidenced = terms.worth(place, row.evidenced or 0)
    return Loss(
        row.code,
        practice=(terms.worth(place, row.highest) - claimed) * share,
        evidence=(claimed - evidenced) * share,
    )
