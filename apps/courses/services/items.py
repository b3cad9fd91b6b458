"""Draw, shuffle and mark questions: plain functions of their arguments, exact and repeatable."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A question as marking needs it; `right` and `options` are option ids."""

    code: str
    kind: str
    objective: str
    critical: bool
    options: tuple[str, ...]
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A marked test. `percent` is rounded down, so it reaches the pass mark only if the exact share does."""

    correct: int
    percent: int
    passed: bool
    review: tuple[str, ...]


def item(question: Any) -> Item:
    """From a row with code, kind, objective, critical and options."""
    ids = tuple(option["id"] for option in question.options)
    right = frozenset(option["id"] for option in question.options if option["correct"])
    return Item(question.code, question.kind, question.objective, question.critical, ids, right)


def mark(question: Item, chosen: Collection[str]) -> Fraction:
    """Points between 0 and 1. With several right options each right choice counts, each wrong one takes as much away."""
    picked = frozenset(chosen)
    if question.kind != "multiple":
        return Fraction(picked == question.right)
    hits, misses = len(picked & question.right), len(picked - question.right)
    return max(Fraction(0), Fraction(hits - misses, len(question.right)))


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


def shuffled(question: Item, seed: str) -> list[str]:
    """The option ids in the order of this attempt; true and false keep theirs."""
    order = list(question.options)
    if question.kind != "truefalse":
        random.Random(f"{seed}:{question.code}").shuffle(order)  # noqa: S311
    return order


def judge(questions: Sequence[Item], answers: Mapping[str, Collection[str]], pass_mark: int) -> Outcome:
    """Mark a test: passed when the share reaches `pass_mark` percent and every critical question is fully right."""
    points = {question.code: mark(question, answers.get(question.code, ())) for question in questions}
    percent = int(100 * sum(points.values(), Fraction(0)) / len(questions)) if questions else 0
    missed = [question for question in questions if points[question.code] < 1]
    passed = bool(questions) and percent >= pass_mark and not any(question.critical for question in missed)
    review = tuple(sorted({question.objective for question in missed}))
    return Outcome(len(questions) - len(missed), percent, passed, review)
