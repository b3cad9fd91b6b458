"""One table of kinds; mark, arrange, read and check any question through it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.marking import choice, placed, typed
from apps.marking.base import Given, Item, Marks

BODY = (
    "options",
    "answers",
    "unit",
    "pairs",
    "extra",
    "items",
    "blanks",
    "words",
    "rubric",
    "explanation",
    "penalty",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the engine does with questions of one kind."""

    faults: Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]
    arrange: Callable[[Item, random.Random], list[str]]
    read: Callable[[Item, Mapping[str, Sequence[str]]], Given]
    mark: Callable[[Item, Given], Marks]


CHOICE = Kind(choice.faults, choice.arrange, choice.read, choice.mark)
KINDS = {
    "single": CHOICE,
    "multiple": CHOICE,
    "truefalse": CHOICE,
    "short": Kind(typed.answer_faults, typed.arrange, typed.read_line, typed.mark_short),
    "numeric": Kind(typed.answer_faults, typed.arrange, typed.read_number, typed.mark_number),
    "matching": Kind(
        placed.matching_faults, placed.arrange_matching, placed.read_matching, placed.mark_matching
    ),
    "ordering": Kind(
        placed.ordering_faults, placed.arrange_ordering, placed.read_ordering, placed.mark_ordering
    ),
    "fill": Kind(placed.fill_faults, placed.arrange_fill, placed.read_fill, placed.mark_fill),
    "essay": Kind(typed.essay_faults, typed.arrange, typed.read_essay, typed.mark_essay),
}


def item(question: Any) -> Item:
    """From a row with code, kind, objective, critical, options and body."""
    return Item(
        question.code, question.kind, question.objective, question.critical,
        {**question.body, "options": question.options},
    )  # fmt: skip


def mark(question: Item, given: Given) -> Marks:
    """Points between 0 and 1, exact; None when a person marks."""
    return KINDS[question.kind].mark(question, given)


def after_tries(points: Fraction, penalty: int, wrong: int) -> Fraction:
    """What is left of the points after `wrong` earlier tries, each taking `penalty` per cent off."""
    return max(Fraction(0), points - Fraction(penalty * wrong, 100))


def shuffled(question: Item, seed: str) -> list[str]:
    """The order in which this seed shows the parts of a question; the same seed gives the same order."""
    # A seed, not a secret: what is shown is stored with the attempt.
    chance = random.Random(f"{seed}:{question.code}")  # noqa: S311
    return KINDS[question.kind].arrange(question, chance)


def read_answer(question: Item, given: Mapping[str, Sequence[str]]) -> Given:
    """An answer from the fields of a form. Raises `BadAnswer`; what was left empty gives an empty answer."""
    return KINDS[question.kind].read(question, given)


def is_whole(question: Item, given: Given) -> bool:
    """Whether every part of the question has an answer."""
    parts = {"matching": "pairs", "fill": "blanks", "ordering": "items"}.get(question.kind)
    return len(given) == len(question.body[parts]) if parts else bool(given)


def faults_of(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a question as written cannot be: the part of it and a sentence. The schema was kept already."""
    return KINDS[row["kind"]].faults(row)


def asked(row: Mapping[str, Any]) -> str:
    """What makes two questions the same question: the text, and for typed kinds nothing else."""
    return str(row["text"])
