"""The answers of one assessment as they are counted: one kind and two levels for each indicator, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from apps.scoring.evidence import effective_grade
from apps.scoring.model import Answer, NotApplicable, Rated, Unknown
from apps.scoring.plan import Plan

UNKNOWN, NOT_APPLICABLE, UNANSWERED = 4, 5, 6
KINDS = 7


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lists in the order of the framework's indicators.

    `kinds` holds the evidence grade 0–3 that counts for a level given, else UNKNOWN, NOT_APPLICABLE or
    UNANSWERED. Both lists of levels hold 0 where no level was given; Unknown counts with it.
    """

    kinds: list[int]
    claimed: list[int]
    evidenced: list[int]


def sheet_of(plan: Plan, answers: Mapping[str, Answer], *, on: date) -> Sheet:
    """Return the sheet of checked answers on the day `on`; an indicator without an answer is unanswered."""
    size = len(plan.codes)
    kinds, claimed, evidenced = [UNANSWERED] * size, [0] * size, [0] * size
    for code, answer in answers.items():
        place = plan.places[code]
        if isinstance(answer, Rated):
            grade = effective_grade(answer, on=on)
            kinds[place], claimed[place] = grade, answer.level
            evidenced[place] = min(answer.level, plan.caps[place][grade])
        elif isinstance(answer, Unknown):
            kinds[place] = UNKNOWN
        elif isinstance(answer, NotApplicable):
            kinds[place] = NOT_APPLICABLE
    return Sheet(kinds=kinds, claimed=claimed, evidenced=evidenced)
