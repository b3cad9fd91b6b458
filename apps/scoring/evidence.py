"""What evidence supports: grades, the level each can carry, and how age wears them down."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from apps.scoring.model import Grade, Rated

HIGHEST_LEVEL: Mapping[Grade, int] = {Grade.E0: 2, Grade.E1: 3, Grade.E2: 4, Grade.E3: 5}
FULL_SCALE = 5
FRESH_FOR_MONTHS = 24
DAYS_KEPT = 4096

Age = Literal["none", "current", "old", "undated"]


@dataclass(frozen=True, slots=True)
class Support:
    """What the evidence of one answer comes to on a given day."""

    grade: Grade
    age: Age
    effective: Grade
    cap: int


def cap_on(grade: Grade, highest: int) -> int:
    """Return the highest level that `grade` supports on a scale of 0–`highest`.

    On other scales than 0–5 a grade supports the same share of the levels, rounded down: on 0–3 they are 1, 1, 2, 3.
    """
    return HIGHEST_LEVEL[grade] * highest // FULL_SCALE


def caps_on(highest: int) -> tuple[int, int, int, int]:
    """Return the highest level that E0, E1, E2 and E3 support on a scale of 0–`highest`."""
    return (
        cap_on(Grade.E0, highest),
        cap_on(Grade.E1, highest),
        cap_on(Grade.E2, highest),
        cap_on(Grade.E3, highest),
    )


def support_of(answer: Rated, *, on: date, highest: int = FULL_SCALE) -> Support:
    """Weigh the evidence of one answer, on a scale of 0–`highest`, on the day `on`.

    Evidence older than 24 months drops one grade. So does evidence without a date: E1 asks for a date
    to be described and E2 for one to be attached, so without it the next lower grade is all that is held.
    """
    effective = effective_grade(answer, on=on)
    return Support(
        grade=answer.grade,
        age=_age(answer, on=on),
        effective=effective,
        cap=cap_on(effective, highest),
    )


def effective_grade(answer: Rated, *, on: date) -> Grade:
    """Return the grade that counts on the day `on`: one lower when the evidence is old or has no date."""
    return answer.grade if _age(answer, on=on) in ("none", "current") else Grade(answer.grade - 1)


def _age(answer: Rated, *, on: date) -> Age:
    if answer.grade is Grade.E0:
        return "none"
    if answer.dated is None:
        return "undated"
    return "old" if on > months_later(answer.dated, FRESH_FOR_MONTHS) else "current"


@lru_cache(maxsize=DAYS_KEPT)
def months_later(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def grade_for(level: int, highest: int = FULL_SCALE) -> Grade:
    """Return the lowest grade that can carry `level` on a scale of 0–`highest`."""
    return next(grade for grade in Grade if cap_on(grade, highest) >= level)
