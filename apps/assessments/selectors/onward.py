"""Where a person goes on after an answer, without laying out the whole assessment."""

from __future__ import annotations

from apps.accounts.models import User
from apps.assessments.selectors import hot
from apps.assessments.selectors.places import Place
from apps.assessments.selectors.progress import Turn, next_turn
from apps.core import statements


def next_question(user: User, place: Place) -> tuple[str, str] | None:
    """(area code, indicator code) of the next open question of the person's areas, as `next_open` says it; one query."""
    found = next_turn(_turns(user, place), after=place.indicator.code)
    return (found.area, found.code) if found else None


def _turns(user: User, place: Place) -> list[Turn]:
    """The question that the person comes from, and those that somebody has to answer; no other can be next."""
    turns = []
    found = statements.rows(hot.TURNS, place.assessment.pk, place.indicator.pk)
    for code, area, respondent, by, again in found:
        waits = by is None or (bool(again) and (respondent or by) == user.pk)
        turns.append(Turn(area, code, respondent in (None, user.pk), respondent == user.pk, waits))
    return turns
