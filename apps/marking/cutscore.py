"""Where a test is passed, from what experts expect of a person who is just good enough (modified Angoff).

Each judge says for every question how likely such a person answers it rightly, in per cent. A judge's cut is the mean of
their estimates; the cut score is the mean of the judges' cuts. Its spread is the sample standard deviation (n - 1) of
the judges' cuts, and its standard error that spread divided by the root of their number.
Source: W. H. Angoff, "Scales, norms, and equivalent scores", in Educational Measurement, 2nd edition, 1971, pages 514-515.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt

LEAST_JUDGES = 3
FAR_APART = 30  # points between the highest and the lowest estimate of one question


@dataclass(frozen=True, slots=True)
class QuestionCut:
    """What the judges expect at one question, in per cent; `far_apart` asks for a talk before the cut is used."""

    code: str
    mean: Fraction
    low: int
    high: int

    @property
    def far_apart(self) -> bool:
        return self.high - self.low >= FAR_APART


@dataclass(frozen=True, slots=True)
class CutScore:
    """`cut` in per cent of the points, exact; `judges` are their own cuts in the order given."""

    cut: Fraction
    spread: float
    error: float
    judges: tuple[Fraction, ...]
    questions: tuple[QuestionCut, ...]

    @property
    def pass_mark(self) -> int:
        """Whole per cent that a test asks for: never less than the judges expect."""
        return ceil(self.cut)


def cut_score(estimates: Sequence[Mapping[str, int]]) -> CutScore:
    """The cut of judges who each estimated the same questions, 0 to 100 per cent.

    Raises ValueError for fewer than three judges, no question, different questions, or an estimate out of range.
    """
    if len(estimates) < LEAST_JUDGES:
        raise ValueError("A cut score needs at least three judges.")
    codes = list(estimates[0])
    if not codes or any(set(one) != set(codes) for one in estimates):
        raise ValueError("Every judge estimates the same questions.")
    if any(not 0 <= value <= 100 for one in estimates for value in one.values()):
        raise ValueError("An estimate is between 0 and 100 per cent.")
    judges = tuple(Fraction(sum(one.values()), len(codes)) for one in estimates)
    cut = sum(judges, Fraction(0)) / len(judges)
    variance = sum(((one - cut) ** 2 for one in judges), Fraction(0)) / (len(judges) - 1)
    spread = sqrt(variance)
    questions = tuple(_question(code, [one[code] for one in estimates]) for code in codes)
    return CutScore(cut, spread, spread / sqrt(len(judges)), judges, questions)


def _question(code: str, values: Sequence[int]) -> QuestionCut:
    return QuestionCut(code, Fraction(sum(values), len(values)), min(values), max(values))
