"""Draw and judge whole tests: exact and repeatable."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

from apps.marking.base import Given, Item, Outcome
from apps.marking.engine import mark


def draw(pool: Sequence[Item], count: int, seed: str) -> list[Item]:
    """Choose `count` questions: every critical one, then the objectives in turn; the same seed gives the same test."""
    # A seed, not a secret: what is drawn is stored with the attempt.
    chance = random.Random(seed)  # noqa: S311
    mixed = sorted(pool, key=lambda question: question.code)
    chance.shuffle(mixed)
    taken = [question for question in mixed if question.critical][:count]
    while len(taken) < min(count, len(mixed)):
        held = [question.objective for question in taken]
        rest = [question for question in mixed if question not in taken]
        taken.append(min(rest, key=lambda question: held.count(question.objective)))
    chance.shuffle(taken)
    return taken


def judge(
    questions: Sequence[Item],
    answers: Mapping[str, Given],
    pass_mark: int,
    marked: Mapping[str, Fraction] | None = None,
) -> Outcome:
    """Mark a test: passed when the share reaches `pass_mark` per cent and every critical question is fully right.

    `marked` holds the points that a person gave, by code; a question that still waits for them counts as nothing.
    """
    found = {question.code: mark(question, answers.get(question.code, [])) for question in questions}
    by_hand = {code for code, points in found.items() if points is None}
    points = {
        code: (marked or {}).get(code, Fraction(0)) if value is None else value
        for code, value in found.items()
    }
    percent = int(100 * sum(points.values(), Fraction(0)) / len(questions)) if questions else 0
    missed = [question for question in questions if points[question.code] < 1]
    waiting = len(by_hand - set(marked or {}))
    enough = bool(questions) and percent >= pass_mark and not any(question.critical for question in missed)
    review = tuple(sorted({question.objective for question in missed}))
    return Outcome(len(questions) - len(missed), percent, enough and not waiting, review, waiting)
