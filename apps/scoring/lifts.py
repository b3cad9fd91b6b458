"""What holds a score back, and what one level more anywhere would add: the shapes that every method fills."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Lift:
    """What one level more on one indicator, everything else as it is, adds to the whole, in the method's unit.

    `evidenced` is for one evidenced level more and `claimed` for one claimed level more; None where the
    level is the highest already.
    """

    code: str
    evidenced: Fraction | None
    claimed: Fraction | None


@dataclass(frozen=True, slots=True)
class Loss:
    """What of a score is missing because of one indicator: not claimed, and claimed without support."""

    code: str
    practice: Fraction
    evidence: Fraction

    @property
    def total(self) -> Fraction:
        return self.practice + self.evidence


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What holds the evidenced score of one part back.

    `by_score` is the label that the value alone would give; `capped` says that the lowest key
    indicators (`lowest_keys`) keep the label below it. `losses` add up, with the value, to what is possible
    with what is answered.
    `missing` names the unanswered indicators. A method without values says in `blocking` which indicators
    keep the part from its next stage or profile, and has no value and no losses.
    """

    code: str
    value: Fraction | None
    label: int | None
    by_score: int | None
    capped: bool
    lowest_keys: tuple[str, ...]
    losses: tuple[Loss, ...]
    missing: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()


def in_order(lifts: Iterable[Lift]) -> tuple[Lift, ...]:
    """Return the lifts that add anything, the largest evidenced gain first, then the largest claimed one."""
    possible = (lift for lift in lifts if lift.evidenced or lift.claimed)
    return tuple(sorted(possible, key=lambda lift: (-(lift.evidenced or 0), -(lift.claimed or 0))))
