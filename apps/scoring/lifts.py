"""What holds a score back, and what one level more anywhere would add to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apps.scoring.model import OVERALL, FrameworkSpec
from apps.scoring.parts import PartScore, ScoreSet, Shares
from apps.scoring.priorities import IndicatorResult


@dataclass(frozen=True, slots=True)
class Lift:
    """Points that one level more on one indicator, everything else as it is, adds to the overall score.

    `evidenced` is for one evidenced level more and `claimed` for one claimed level more; None where the
    level is the highest already.
    """

    code: str
    evidenced: Fraction | None
    claimed: Fraction | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Points of a score missing to 100 because of one indicator: not claimed, and claimed without support."""

    code: str
    practice: Fraction
    evidence: Fraction

    @property
    def total(self) -> Fraction:
        return self.practice + self.evidence


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What holds the evidenced score of one part back.

    `by_score` is the label that the points alone would give; `capped` says that the lowest key
    indicators (`lowest_keys`) keep the label below it. `losses` add up, with the score, to 100.
    """

    code: str
    value: Fraction
    label: int
    by_score: int
    capped: bool
    lowest_keys: tuple[str, ...]
    losses: tuple[Loss, ...]


def lifts_of(
    indicators: Iterable[IndicatorResult],
    shares: Mapping[str, Fraction],
    *,
    points_per_level: int,
    highest: int,
) -> tuple[Lift, ...]:
    """Return the gain of each single step of one level, the largest evidenced gain first.

    Not applicable and unanswered indicators have no level to step from and are left out. The gain is
    exact: a step changes no denominator, so it moves the score by its points times its share.
    """
    lifts = [
        Lift(
            row.code,
            evidenced=None if row.evidenced == highest else points_per_level * shares[row.code],
            claimed=None if row.claimed == highest else points_per_level * shares[row.code],
        )
        for row in indicators
        if row.code in shares
    ]
    possible = (lift for lift in lifts if lift.evidenced or lift.claimed)
    return tuple(sorted(possible, key=lambda lift: (-(lift.evidenced or 0), -(lift.claimed or 0))))


def held_back(
    framework: FrameworkSpec,
    evidenced: ScoreSet,
    indicators: Sequence[IndicatorResult],
    shares: Shares,
    *,
    points_per_level: int,
) -> tuple[HeldBack, ...]:
    """Return what holds back the whole, each dimension and each area that has a score, in that order."""
    deciding = [(evidenced.overall, shares.overall)]
    deciding += [(part, shares.in_dimension) for part in evidenced.dimensions.values()]
    deciding += [(part, shares.in_area) for part in evidenced.areas.values()]
    found = (
        _held_back(
            part,
            [row for row in indicators if _is_inside(row, part.code)],
            {code: points_per_level * share for code, share in part_shares.items()},
            by_score=None if part.value is None else part.value // points_per_level,
            highest=framework.scale.highest,
        )
        for part, part_shares in deciding
    )
    return tuple(part for part in found if part is not None)


def _held_back(
    part: PartScore,
    rows: Sequence[IndicatorResult],
    steps: Mapping[str, Fraction],
    *,
    by_score: int | None,
    highest: int,
) -> HeldBack | None:
    """`steps` holds the points of this part that one level of each counted indicator is worth."""
    if part.value is None or part.label is None or by_score is None:
        return None
    losses = [_loss(row, steps[row.code], highest) for row in rows if row.code in steps]
    return HeldBack(
        code=part.code,
        value=part.value,
        label=part.label,
        by_score=by_score,
        capped=part.label < by_score,
        lowest_keys=_lowest_keys(rows, part.foundation),
        losses=tuple(sorted((loss for loss in losses if loss.total), key=lambda loss: -loss.total)),
    )


def _lowest_keys(rows: Iterable[IndicatorResult], foundation: int | None) -> tuple[str, ...]:
    if foundation is None:
        return ()
    return tuple(row.code for row in rows if row.spec.key and row.evidenced == foundation)


def _is_inside(row: IndicatorResult, code: str) -> bool:
    return code in (OVERALL, row.spec.dimension, row.spec.area)


def _loss(row: IndicatorResult, step: Fraction, highest: int) -> Loss:
    claimed, evidenced = row.claimed or 0, row.evidenced or 0
    return Loss(row.code, practice=(highest - claimed) * step, evidence=(claimed - evidenced) * step)
