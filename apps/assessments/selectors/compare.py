"""Two answers to one question, side by side, with the differing words marked."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from apps.accounts.models import User
from apps.assessments.models import Assessment, Response
from apps.assessments.selectors.places import Place, place_for
from apps.assessments.selectors.question import Answer, drafted_answer, own_draft, saved_answer
from apps.assessments.selectors.scales import scale_of


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `changed` when the other answer does not have it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of two answers."""

    answer: Answer
    why: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What is stored beside what this person wrote; `mine` is None when there is nothing left to decide."""

    assessment: Assessment
    place: Place
    theirs: Side | None
    mine: Side | None
    same_choice: bool

    @property
    def version(self) -> int:
        """The stored version that the person has seen on this page."""
        return self.theirs.answer.version if self.theirs else 0


def compare_page(user: User, member: str, assessment: str, area: str, indicator: str) -> ComparePage:
    """The stored answer and the person's own draft. Raises Http404."""
    place = place_for(user, member, assessment, area, indicator)
    rows = Response.objects.filter(assessment=place.assessment, indicator=place.indicator)
    scale = scale_of(place.assessment, indicator)
    theirs = saved_answer(rows.select_related("answered_by").first(), scale)
    mine = drafted_answer(own_draft(user, place), user, scale)
    return ComparePage(place.assessment, place, *sides(theirs, mine), same_choice(theirs, mine))


def sides(theirs: Answer | None, mine: Answer | None) -> tuple[Side | None, Side | None]:
    """Both answers with the words marked in which they differ."""
    if theirs is None or mine is None:
        return (
            Side(theirs, (Run(theirs.why, False),)) if theirs else None,
            Side(mine, (Run(mine.why, False),)) if mine else None,
        )
    left, right = marked(theirs.why, mine.why)
    return Side(theirs, left), Side(mine, right)


def same_choice(theirs: Answer | None, mine: Answer | None) -> bool:
    """Whether both chose the same level or the same other answer."""
    return bool(theirs and mine and (theirs.choice, theirs.reason) == (mine.choice, mine.reason))


def marked(left: str, right: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts as runs, word by word."""
    first, second = re.findall(r"\s+|\S+", left), re.findall(r"\s+|\S+", right)
    steps = difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    before = tuple(Run("".join(first[a:b]), tag != "equal") for tag, a, b, _c, _d in steps if b > a)
    after = tuple(Run("".join(second[c:d]), tag != "equal") for tag, _a, _b, c, d in steps if d > c)
    return before, after
