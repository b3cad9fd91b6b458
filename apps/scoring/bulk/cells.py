"""Answers as arrays: one byte for the answer, one for the grade of its evidence, indicators × assessments.

An answer is `UNANSWERED`, `NOT_APPLICABLE`, `UNKNOWN`, or `FIRST_LEVEL` + level. All that is not a level stands
below every level, so that cutting levels to what evidence supports leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from apps.scoring.evidence import FRESH_FOR_MONTHS, effective_grade, months_later
from apps.scoring.model import Answer, FrameworkSpec, NotApplicable, Rated, Unanswered, Unknown

UNANSWERED, NOT_APPLICABLE, UNKNOWN, FIRST_LEVEL = range(4)

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class BulkAnswers:
    """`cells` and `grades`, both uint8, C-contiguous, indicators of the framework in its order × assessments.

    `grades` are 0–3 as they stand on the day of scoring (`worn` makes them so) and 0 where no level is given.
    """

    cells: Bytes
    grades: Bytes

    def __len__(self) -> int:
        """Return the number of assessments."""
        return int(self.cells.shape[1])


def encode(framework: FrameworkSpec, sheets: Sequence[Mapping[str, Answer]], *, on: date) -> BulkAnswers:
    """Return the answers of many assessments (each by indicator code; a missing one is unanswered).

    Evidence is aged to the day `on`. This walks in Python; readers of many rows fill the arrays themselves.
    """
    shape = (len(framework.indicators), len(sheets))
    cells, grades = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for column, sheet in enumerate(sheets):
        for row, indicator in enumerate(framework.indicators):
            answer = sheet.get(indicator.code, Unanswered())
            cells[row, column] = cell_of(answer)
            if isinstance(answer, Rated):
                grades[row, column] = effective_grade(answer, on=on)
    return BulkAnswers(cells, grades)


def cell_of(answer: Answer) -> int:
    """Return the byte that stands for an answer."""
    match answer:
        case Rated(level=level):
            return FIRST_LEVEL + level
        case Unknown():
            return UNKNOWN
        case NotApplicable():
            return NOT_APPLICABLE
        case _:
            return UNANSWERED


def fresh_since(on: date) -> date:
    """Return the first day whose evidence is not yet old on the day `on`, by the rule of `support_of`."""
    if on.year - FRESH_FOR_MONTHS // 12 < date.min.year:
        return date.min
    day = months_later(on, -FRESH_FOR_MONTHS)
    while months_later(day, FRESH_FOR_MONTHS) < on:
        day += timedelta(days=1)
    return day


def worn(grades: Bytes, dated: NDArray[np.int32], *, on: date) -> Bytes:
    """Return the grades as they stand on the day `on`: one lower where evidence is old or has no date.

    `dated` holds days as `date.toordinal` counts them, 0 where there is none; a day after `on` counts as fresh.
    """
    old = dated < np.int32(fresh_since(on).toordinal())
    return grades - (old & (grades > 0))
