"""The figures of many assessments on one basis, and the same score of any one of them as the exact path has it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from apps.scoring.bulk.cells import FIRST_LEVEL, NOT_APPLICABLE, UNANSWERED, UNKNOWN, Bytes
from apps.scoring.bulk.tables import READINGS, Reading, Whole
from apps.scoring.display import one_decimal
from apps.scoring.interface import COMPLETE_IN_PART, COMPLETE_OVERALL
from apps.scoring.linear import tier_at
from apps.scoring.model import OVERALL, Grade
from apps.scoring.parts import Coverage, PartScore, ScoreSet

if TYPE_CHECKING:
    from apps.scoring.bulk.plan import BulkPlan

NO_LEVEL = 255
MOST_IN_A_BYTE = 255
KINDS = (UNANSWERED, NOT_APPLICABLE, UNKNOWN, *(FIRST_LEVEL + grade for grade in Grade))
HIGHEST = Fraction(100)

Counts = NDArray[np.unsignedinteger[Any]]
Flags = NDArray[np.bool_]


class Figures:
    """Values of one reading, parts × assessments, over the plan's denominator.

    `marked` (int32 or int64, as the plan needs) holds numerators, and −1 where a part has no value: add nothing up
    from it without looking at `there`.
    """

    def __init__(self, marked: Whole) -> None:
        self.marked = marked

    @cached_property
    def there(self) -> Flags:
        """Where a part has a value."""
        return self.marked >= 0

    @cached_property
    def numerators(self) -> Whole:
        """The numerators, 0 where there is no value."""
        return np.maximum(self.marked, 0)


@dataclass(frozen=True, slots=True)
class BulkCoverage:
    """How many indicators of each part are answered in which way: uint8 or, for many, uint16; parts × assessments.

    `by_grade` (4 × parts × assessments) counts the levels given by evidence grade E0–E3.
    """

    answered: Counts
    unknown: Counts
    not_applicable: Counts
    unanswered: Counts
    by_grade: Counts

    def at(self, row: int, number: int) -> Coverage:
        """Return the coverage of one part in one assessment."""
        none, described, attached, accepted = (int(n) for n in self.by_grade[:, row, number])
        return Coverage(
            answered=int(self.answered[row, number]),
            unknown=int(self.unknown[row, number]),
            not_applicable=int(self.not_applicable[row, number]),
            unanswered=int(self.unanswered[row, number]),
            by_grade=(none, described, attached, accepted),
        )


class BulkScores:
    """Scores of many assessments on one basis; rows are the parts of the plan, columns the assessments.

    `figures["value"]` is worked out at once; ranges, labels, foundation levels and coverage at first use.
    """

    def __init__(self, plan: BulkPlan, *, cells: Bytes, grades: Bytes) -> None:
        self.plan, self.cells, self.grades = plan, cells, grades
        self._figures: dict[Reading, Figures] = {"value": plan.figures(cells, "value")}
        self._labels: dict[Reading, Bytes] = {}
        self._foundations: dict[Reading, Bytes] = {}

    def __len__(self) -> int:
        """Return the number of assessments."""
        return int(self.cells.shape[1])

    def figures(self, reading: Reading = "value") -> Figures:
        """Return the values of one reading: as answered, or with the unanswered at their lowest or highest."""
        if reading not in self._figures:
            self._figures[reading] = self.plan.figures(self.cells, reading)
        return self._figures[reading]

    def tenths(self, reading: Reading = "value") -> Whole:
        """Return values rounded half up to one decimal, times ten: 52.75 → 528; 0 where there is no value."""
        whole, rest = np.divmod(self.figures(reading).numerators.astype(np.int64), self.plan.denominator)
        tenths: Whole = 10 * whole + (20 * rest + self.plan.denominator) // (2 * self.plan.denominator)
        return tenths

    def foundations(self, reading: Reading = "value") -> Bytes:
        """Return the lowest key level of every part, on the main scale; `NO_LEVEL` where no key counts."""
        if reading not in self._foundations:
            self._foundations[reading] = self._lowest_keys(reading)
        return self._foundations[reading]

    def _lowest_keys(self, reading: Reading) -> Bytes:
        lowest = np.full((len(self.plan.parts), len(self)), NO_LEVEL, np.uint8)
        for key in self.plan.exact.keys:
            level = self.plan.key_levels(key, reading).take(self.cells[key])
            for row in self.plan.rows_of(key):
                np.minimum(lowest[row], level, out=lowest[row])
        return lowest

    def labels(self, reading: Reading = "value") -> Bytes:
        """Return the level each value is called by, at most one above the lowest key; `NO_LEVEL` without one."""
        if reading not in self._labels:
            figures, lowest = self.figures(reading), self.foundations(reading)
            labels = np.zeros(lowest.shape, np.uint8)
            for threshold in self.plan.thresholds:
                labels += (figures.marked >= threshold).view(np.uint8)
            np.minimum(labels, lowest + (lowest != NO_LEVEL).view(np.uint8), out=labels)
            np.maximum(labels, NO_LEVEL * (~figures.there).view(np.uint8), out=labels)
            self._labels[reading] = labels
        return self._labels[reading]

    @cached_property
    def coverage(self) -> BulkCoverage:
        """How far each part is answered and supported."""
        # Cells below the levels become the numbers 0–2, and levels 3 + their grade: one number for each thing counted.
        kinds = np.where(self.cells >= FIRST_LEVEL, FIRST_LEVEL + self.grades, self.cells)
        unanswered, not_applicable, unknown, *by_grade = (self._counted(kinds == kind) for kind in KINDS)
        grades = np.stack(by_grade)
        return BulkCoverage(
            answered=np.add.reduce(grades, axis=0, dtype=grades.dtype),
            unknown=unknown,
            not_applicable=not_applicable,
            unanswered=unanswered,
            by_grade=grades,
        )

    def _counted(self, mask: Flags) -> Counts:
        """Count where `mask` (indicators × assessments) holds in each part, in the smallest type that is enough."""
        dtype = np.uint8 if len(mask) <= MOST_IN_A_BYTE else np.uint16
        counts = np.zeros((len(self.plan.parts), len(self)), dtype)
        areas, dimensions, whole = np.split(counts, [len(self.plan.inside), len(counts) - 1])
        for row, inside in zip(areas, self.plan.inside, strict=True):
            np.add.reduce(mask[inside].view(np.uint8), axis=0, dtype=dtype, out=row)
        for row, places in zip(dimensions, self.plan.areas_of, strict=True):
            np.add.reduce(areas[places], axis=0, dtype=dtype, out=row)
        np.add.reduce(dimensions, axis=0, dtype=dtype, out=whole[0])
        return counts

    @cached_property
    def provisional(self) -> Flags:
        """Where less is answered than a score needs: 75 % of a part, 90 % of the whole and 75 % of each dimension."""
        counts = self.coverage
        complete = counts.answered.astype(np.uint32) + counts.unknown
        applicable = complete + counts.unanswered
        flags: Flags = 100 * complete < COMPLETE_IN_PART * applicable
        dimensions = flags[len(self.plan.exact.areas) : -1]
        flags[-1] = (100 * complete[-1] < COMPLETE_OVERALL * applicable[-1]) | dimensions.any(axis=0)
        return flags

    def fraction(self, code: str, number: int, reading: Reading = "value") -> Fraction | None:
        """Return the exact value of a part, by code, in the assessment of that number; None without one."""
        row, figures = self.plan.row_of[code], self.figures(reading)
        numerator = int(figures.marked[row, number])
        return None if numerator < 0 else Fraction(numerator, self.plan.denominator)

    def display(self, code: str, number: int, reading: Reading = "value") -> str | None:
        """Return the value as pages show it, with one decimal; None without one."""
        value = self.fraction(code, number, reading)
        return None if value is None else one_decimal(value)

    def score_set(self, number: int) -> ScoreSet:
        """Return all scores of one assessment, equal to those of the exact path."""
        exact = self.plan.exact
        return ScoreSet(
            overall=self.part(OVERALL, number),
            dimensions={code: self.part(code, number) for code in exact.dimensions},
            areas={code: self.part(code, number) for code in exact.areas},
        )

    def part(self, code: str, number: int) -> PartScore:
        """Return the score of one part in one assessment, equal to that of the exact path."""
        row = self.plan.row_of[code]
        value, low, high = (self.fraction(code, number, reading) for reading in READINGS)
        label, label_low, label_high = (_level(self.labels(r)[row, number]) for r in READINGS)
        lowest, lowest_low, lowest_high = (_level(self.foundations(r)[row, number]) for r in READINGS)
        tiers = self.plan.framework.tiers if code == OVERALL else ()
        return PartScore(
            code=code,
            value=value,
            low=low,
            high=high,
            label=label,
            label_low=label_low,
            label_high=label_high,
            foundation=lowest,
            foundation_low=lowest_low,
            foundation_high=lowest_high,
            coverage=self.coverage.at(row, number),
            provisional=bool(self.provisional[row, number]),
            possible=None if low is None else HIGHEST,
            tier=tier_at(tiers, value),
            tier_low=tier_at(tiers, low),
            tier_high=tier_at(tiers, high),
        )


def _level(byte: np.uint8) -> int | None:
    return None if byte == NO_LEVEL else int(byte)
