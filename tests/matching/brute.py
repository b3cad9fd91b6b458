"""The slow, obvious way: try every set of pairs and rank them by the words of the decision record."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Any

from apps.matching.problem import Link, Objective, Pair, Problem

Rank = tuple[Any, ...]


def usable_pairs(problem: Problem) -> list[Pair]:
    capacity = {m.id: m.capacity for m in problem.mentors}
    return [p for p in problem.pairs if p.link not in problem.excluded and p.cost <= capacity[p.mentor]]


def keeps_the_rules(problem: Problem, pairs: tuple[Pair, ...]) -> bool:
    for member in problem.members:
        if sum(p.member == member.id for p in pairs) > member.demand:
            return False
    for mentor in problem.mentors:
        own = [p for p in pairs if p.mentor == mentor.id]
        if sum(p.cost for p in own) > mentor.capacity or len(own) < mentor.minimum:
            return False
    if not problem.locked <= {p.link for p in pairs}:
        return False
    groups = {m.id: m.groups for m in problem.members}
    return all(sum(f.group in groups[p.member] for p in pairs) >= f.minimum for f in problem.floors)


def assignments(problem: Problem) -> Iterator[tuple[Pair, ...]]:
    usable = usable_pairs(problem)
    for size in range(len(usable) + 1):
        yield from (chosen for chosen in combinations(usable, size) if keeps_the_rules(problem, chosen))


def qualities(problem: Problem, pairs: tuple[Pair, ...]) -> list[Decimal]:
    served = {p.member for p in usable_pairs(problem)}
    return sorted(sum((p.score for p in pairs if p.member == name), Decimal()) for name in served)


def value(problem: Problem, pairs: tuple[Pair, ...]) -> Decimal:
    """Larger is better for every objective."""
    kept: set[Link] = {p.link for p in pairs}
    switching = problem.switching
    penalty = switching.penalty * len(switching.current - kept) if switching else Decimal()
    sign = -1 if problem.objective is Objective.MIN_TOTAL else 1
    return sign * sum((p.score for p in pairs), Decimal()) - penalty


def rank(problem: Problem, pairs: tuple[Pair, ...]) -> Rank:
    priority = {m.id: m.priority for m in problem.members}
    sign = -1 if problem.objective is Objective.MIN_TOTAL else 1
    ties = (
        len(pairs),
        sum(priority[p.member] for p in pairs),
        sum((sign * priority[p.member] * p.score for p in pairs), Decimal()),
    )
    if problem.objective is Objective.MIN_TOTAL:
        return (len(pairs), value(problem, pairs), *ties)
    if problem.objective is Objective.LEXIMIN:
        return (qualities(problem, pairs), value(problem, pairs), *ties)
    return (value(problem, pairs), *ties)


def best_rank(problem: Problem) -> Rank | None:
    return max((rank(problem, pairs) for pairs in assignments(problem)), default=None)
