"""What evidence supports: grades, the level each can carry, and how age wears them down."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from apps.scoring.model import Answer, Grade, Rated

HIGHEST_LEVEL: Mapping[Grade, int] = {Grade.E0: 2, Grade.E1: 3, Grade.E2: 4, Grade.E3: 5}
FRESH_FOR_MONTHS = 24

Age = Literal["none", "current", "old", "undated"]


@dataclass(frozen=True, slots=True)
class Support:
    """What the evidence of one answer comes to on a given day."""

    grade: Grade
    age: Age
    effective: Grade
    cap: int


def support_of(answer: Rated, *, on: date) -> Support:
    """Weigh the evidence of one answer on the day `on`.

    Evidence older than 24 months drops one grade. So does evidence without a date: E1 asks for a date
    to be described and E2 for one to be attached, so without it the next lower grade is all that is held.
    """
    age = _age(answer, on=on)
    lost = 1 if age in ("old", "undated") else 0
    effective = Grade(answer.grade - lost)
    return Support(grade=answer.grade, age=age, effective=effective, cap=HIGHEST_LEVEL[effective])


def _age(answer: Rated, *, on: date) -> Age:
    if answer.grade is Grade.E0:
        return "none"
    if answer.dated is None:
        return "undated"
    return "old" if on > months_later(answer.dated, FRESH_FOR_MONTHS) else "current"


def months_later(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def as_claimed(answer: Answer, *, on: date) -> Answer:
    """Return the answer with its level as claimed and its grade as it stands on the day `on`."""
    if not isinstance(answer, Rated):
        return answer
    return Rated(answer.level, support_of(answer, on=on).effective, answer.dated)


def as_evidenced(answer: Answer, *, on: date) -> Answer:
    """Return the answer with its level cut to what the evidence supports: `min(claimed, cap(grade))`."""
    if not isinstance(answer, Rated):
        return answer
    support = support_of(answer, on=on)
    return Rated(min(answer.level, support.cap), support.effective, answer.dated)


def grade_for(level: int) -> Grade:
    """Return the lowest grade that can carry `level` (0–5)."""
    return next(grade for grade in Grade if HIGHEST_LEVEL[grade] >= level)
