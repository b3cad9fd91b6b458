"""Statistics of items and tests, with the formulas that Moodle's quiz statistics use (sample variances, n - 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import fsum, sqrt

from apps.intervals import t_95

LEAST_SHOWN, LEAST_SURE = 10, 30
LEAST_ITEMS = 5
LEAST_PER_LANGUAGE = 50
LANGUAGE_GAP = 0.15


class Flag(Enum):
    """What a person should look at; a flag never judges by itself."""

    TOO_HARD = "hard"  # facility under 0.25
    TOO_EASY = "easy"  # facility over 0.95
    WEAK = "weak"  # discrimination under 20
    WRONG_KEY = "key"  # discrimination below nothing
    BLUNT = "blunt"  # discriminative efficiency under 15
    TRANSLATION = "translation"  # facility differs by more than 0.15 between languages with 50 learners each
    DEAD = "dead"  # an option chosen by fewer than one in twenty
    TOP_CHOOSES_OTHER = "other"  # the best third chose a wrong option more often than the key


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """`facility` 0-1; `sd` of the marks; `discrimination` and `efficiency` in per cent, None where they have no meaning."""

    n: int
    facility: float
    sd: float
    discrimination: float | None
    efficiency: float | None


@dataclass(frozen=True, slots=True)
class TestStatistics:
    """`alpha` (KR-20 for right-or-wrong items) and `sem` are None for fewer than 5 items or without variance."""

    __test__ = False

    n: int
    mean: float
    sd: float
    alpha: float | None
    sem: float | None
    items: dict[str, ItemStatistics]


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def covariance(first: Sequence[float], second: Sequence[float]) -> float:
    """Sample covariance; 0 for fewer than two values."""
    if len(first) < 2:
        return 0.0
    a, b = _mean(first), _mean(second)
    return fsum((x - a) * (y - b) for x, y in zip(first, second, strict=True)) / (len(first) - 1)


def item_statistics(marks: Sequence[float], rest: Sequence[float], most: float = 1.0) -> ItemStatistics:
    """Statistics of one item: `marks` of each learner on it (0 to `most`), `rest` is each learner's total without it.

    Discrimination is the correlation of the two; efficiency is their covariance as a share of the largest that the same
    marks and totals could have, which is the one of both in order.
    """
    variance, others = covariance(marks, marks), covariance(rest, rest)
    together = covariance(marks, rest)
    largest = covariance(sorted(marks), sorted(rest))
    spread = sqrt(variance * others)
    return ItemStatistics(
        n=len(marks),
        facility=_mean(marks) / most if marks else 0.0,
        sd=sqrt(variance),
        discrimination=100 * together / spread if spread else None,
        efficiency=100 * together / largest if largest else None,
    )


def test_statistics(
    rows: Sequence[Mapping[str, float]], most: Mapping[str, float] | None = None
) -> TestStatistics:
    """Statistics of a test where every learner met the same items: a row a learner, marks by item code.

    Raises ValueError when learners met different items: with drawn tests use `drawn_statistics`.
    """
    codes = sorted(rows[0]) if rows else []
    if any(sorted(row) != codes for row in rows):
        raise ValueError("Learners met different items; alpha has no meaning then.")
    totals = [fsum(row.values()) for row in rows]
    items = {}
    for code in codes:
        marks = [row[code] for row in rows]
        rest = [total - mark for total, mark in zip(totals, marks, strict=True)]
        items[code] = item_statistics(marks, rest, (most or {}).get(code, 1.0))
    variance = covariance(totals, totals)
    alpha = None
    if len(codes) >= LEAST_ITEMS and variance:
        alpha = len(codes) / (len(codes) - 1) * (1 - fsum(one.sd**2 for one in items.values()) / variance)
    sd = sqrt(variance)
    sem = sd * sqrt(1 - alpha) if alpha is not None and alpha <= 1 else None
    return TestStatistics(len(rows), _mean(totals) if totals else 0.0, sd, alpha, sem, items)


def drawn_statistics(rows: Sequence[Mapping[str, float]]) -> dict[str, ItemStatistics]:
    """Per item, where learners met different items: the rest of each learner is the mean mark on the other items."""
    met: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        total, count = fsum(row.values()), len(row)
        for code, mark in row.items():
            if count > 1:
                met.setdefault(code, []).append((mark, (total - mark) / (count - 1)))
    return {
        code: item_statistics([mark for mark, _rest in pairs], [rest for _mark, rest in pairs])
        for code, pairs in sorted(met.items())
    }


def flags_of(one: ItemStatistics, languages: Mapping[str, ItemStatistics] | None = None) -> tuple[Flag, ...]:
    """What to look at. Nothing is flagged under 30 learners."""
    if one.n < LEAST_SURE:
        return ()
    sure = [held for held in (languages or {}).values() if held.n >= LEAST_PER_LANGUAGE]
    gap = max((held.facility for held in sure), default=0.0) - min(
        (held.facility for held in sure), default=0.0
    )
    found = {
        Flag.TOO_HARD: one.facility < 0.25,
        Flag.TOO_EASY: one.facility > 0.95,
        Flag.WRONG_KEY: one.discrimination is not None and one.discrimination < 0,
        Flag.WEAK: one.discrimination is not None and 0 <= one.discrimination < 20,
        Flag.BLUNT: one.efficiency is not None and one.efficiency < 15,
        Flag.TRANSLATION: gap > LANGUAGE_GAP,
    }
    return tuple(flag for flag, holds in found.items() if holds)


@dataclass(frozen=True, slots=True)
class OptionRow:
    """How many in a hundred chose an option: of all, and of the top, middle and bottom third by their total."""

    option: str
    right: bool
    share: float
    thirds: tuple[float, float, float]


def option_table(
    chosen: Sequence[tuple[Sequence[str], float]], options: Sequence[str], right: frozenset[str]
) -> tuple[OptionRow, ...]:
    """For each option who chose it; `chosen` holds each learner's options and total."""
    order = sorted(chosen, key=lambda pair: -pair[1])
    size = len(order)
    cuts = [order[: size // 3], order[size // 3 : size - size // 3], order[size - size // 3 :]]
    return tuple(
        OptionRow(
            option,
            option in right,
            _share(order, option),
            (_share(cuts[0], option), _share(cuts[1], option), _share(cuts[2], option)),
        )
        for option in options
    )


def _share(group: Sequence[tuple[Sequence[str], float]], option: str) -> float:
    return 100 * sum(option in picked for picked, _total in group) / len(group) if group else 0.0


def option_flags(table: Sequence[OptionRow], n: int) -> tuple[Flag, ...]:
    """A wrong option that nobody believes, and one that the best believe more than the key."""
    if n < LEAST_SURE:
        return ()
    best = max((row.thirds[0] for row in table if row.right), default=0.0)
    dead = any(not row.right and row.share < 5 for row in table)
    other = any(not row.right and row.thirds[0] > best for row in table)
    return tuple(flag for flag, holds in ((Flag.DEAD, dead), (Flag.TOP_CHOOSES_OTHER, other)) if holds)


@dataclass(frozen=True, slots=True)
class Gain:
    """Mean shares right before and after in per cent, the mean difference with its 95 % interval, and normalised gain."""

    n: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    normalised: float | None


def gain(pairs: Sequence[tuple[float, float]]) -> Gain | None:
    """From each learner's per cent before and after. None for fewer than 10 pairs.

    The interval is Student's t of the differences; normalised gain is (after - before) / (100 - before) of the means.
    """
    if len(pairs) < LEAST_SHOWN:
        return None
    before, after = _mean([pair[0] for pair in pairs]), _mean([pair[1] for pair in pairs])
    differences = [pair[1] - pair[0] for pair in pairs]
    half = t_95(len(pairs) - 1) * sqrt(covariance(differences, differences) / len(pairs))
    middle = _mean(differences)
    share = (after - before) / (100 - before) if before < 100 else None
    return Gain(len(pairs), before, after, middle, middle - half, middle + half, share)
