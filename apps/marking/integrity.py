"""What in tries at a test a person should look at; plain figures, which never judge by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import combinations

LONG_TEXT = 200  # characters of a question with its options: nobody reads them in two seconds
FAST_SECONDS = 2.0
LEAST_FAST = 3
LEAST_SAME, SAME_SHARE = 3, 0.8
JUMP, LEAST_EXPOSED = 40, 3  # points in per cent; questions seen before, and as many new ones


class Sign(Enum):
    """Why a try is worth a look."""

    FAST = "fast"  # several long questions answered in under two seconds each
    SAME = "same"  # two learners, the same wrong answers, the same network, at the same time
    JUMP = "jump"  # far better than before on questions seen before, not on new ones


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: what was given as text to compare, None when it is not known whether it is right or how long it took."""

    code: str
    given: str
    right: bool | None
    length: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One try that was handed in; `networks` are marks that can only be compared with each other."""

    key: str
    learner: str
    test: str
    number: int
    percent: int
    began: datetime
    ended: datetime
    networks: frozenset[str]
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A sign with the keys of the tries it is about and the figures it rests on."""

    sign: Sign
    tries: tuple[str, ...]
    facts: dict[str, float]


def signs(tries: Sequence[Try]) -> list[Found]:
    """Everything worth a look in these tries of one course, in a stable order."""
    ordered = sorted(tries, key=lambda one: (one.learner, one.test, one.number))
    return [*_fast(ordered), *_same(ordered), *_jumps(ordered)]


def _fast(tries: Sequence[Try]) -> Iterator[Found]:
    for one in tries:
        long = [row for row in one.answers if row.length >= LONG_TEXT and row.seconds is not None]
        quick = [row.seconds for row in long if row.seconds is not None and row.seconds < FAST_SECONDS]
        if len(quick) >= LEAST_FAST:
            facts = {"fast": len(quick), "long": len(long), "seconds": round(min(quick), 1)}
            yield Found(Sign.FAST, (one.key,), facts)


def _same(tries: Sequence[Try]) -> Iterator[Found]:
    groups: dict[tuple[str, str], list[Try]] = {}
    for one in tries:
        for network in one.networks:
            groups.setdefault((one.test, network), []).append(one)
    told: set[tuple[str, str]] = set()
    for _place, together in sorted(groups.items()):
        for first, second in combinations(together, 2):
            key = (first.key, second.key)
            facts = None if key in told or first.learner == second.learner else _alike(first, second)
            if facts:
                told.add(key)
                yield Found(Sign.SAME, key, facts)


def _alike(first: Try, second: Try) -> dict[str, float] | None:
    """How far two tries that ran at the same time share wrong answers; None when that is nothing to look at."""
    overlap = (min(first.ended, second.ended) - max(first.began, second.began)).total_seconds()
    theirs = {row.code: row.given for row in second.answers if row.right is False and row.given}
    both = [
        (row.given, theirs[row.code])
        for row in first.answers
        if row.right is False and row.given and row.code in theirs
    ]
    same = sum(mine == other for mine, other in both)
    if overlap <= 0 or same < LEAST_SAME or same < SAME_SHARE * len(both):
        return None
    return {"same": same, "both": len(both), "minutes": max(1, round(overlap / 60))}


def _jumps(tries: Sequence[Try]) -> Iterator[Found]:
    earlier: dict[tuple[str, str], list[Try]] = {}
    for one in tries:
        before = earlier.setdefault((one.learner, one.test), [])
        facts = _jump(before, one) if before else None
        if facts:
            yield Found(Sign.JUMP, (one.key,), facts)
        before.append(one)


def _jump(before: Sequence[Try], one: Try) -> dict[str, float] | None:
    """How much better a try is than the one before; None unless the rise is far larger on questions seen before."""
    exposed = {row.code for held in before for row in held.answers}
    known = [row.right for row in one.answers if row.code in exposed and row.right is not None]
    new = [row.right for row in one.answers if row.code not in exposed and row.right is not None]
    if one.percent - before[-1].percent < JUMP or min(len(known), len(new)) < LEAST_EXPOSED:
        return None
    seen, fresh = (round(100 * sum(rows) / len(rows)) for rows in (known, new))
    if seen - fresh < JUMP:
        return None
    facts = {"seen": seen, "new": fresh, "before": before[-1].percent, "after": one.percent}
    return {**facts, "exposed": len(known), "fresh": len(new)}
