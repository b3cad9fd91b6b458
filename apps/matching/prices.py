"""What a change costs and what one more mentor would bring: always by solving again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.matching.answer import objective_value, worst_off
from apps.matching.explain import links_of
from apps.matching.faults import NoAssignment
from apps.matching.problem import Link, Mentor, Pair, Problem
from apps.matching.solver import Outcome, optimise


@dataclass(frozen=True, slots=True)
class Price:
    """What a change of the rules does to the best answer. `possible` is False when no assignment keeps the new rules.

    `loss` is in points of the total (below 0 for a gain), the worst-off figures are qualities, `places` the change in
    places filled; the links are pairs that would go and come.
    """

    possible: bool
    loss: Decimal = Decimal()
    worst_off_before: Decimal | None = None
    worst_off_after: Decimal | None = None
    places: int = 0
    released: frozenset[Link] = frozenset()
    added: frozenset[Link] = frozenset()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A mentor who is not in the problem, with the pairs that it would make possible."""

    mentor: Mentor
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a newcomer changes: more places filled, points of the total, and quality of the worst off."""

    mentor: str
    places: int
    value: Decimal
    worst_off: Decimal | None


def price_of(before: Problem, after: Problem) -> Price:
    """Solve both and compare. Raises NoAssignment when the problem before has no answer either."""
    old = optimise(before)
    try:
        new = optimise(after)
    except NoAssignment:
        return Price(False, worst_off_before=worst_off(old))
    was, now = links_of(old), links_of(new)
    return Price(
        possible=True,
        loss=old.model.sign * (objective_value(old) - objective_value(new)),
        worst_off_before=worst_off(old),
        worst_off_after=worst_off(new),
        places=len(now) - len(was),
        released=was - now,
        added=now - was,
    )


def with_newcomer(problem: Problem, newcomer: Newcomer) -> Problem:
    """The same problem with one mentor more."""
    return replace(
        problem,
        mentors=(*problem.mentors, newcomer.mentor),
        pairs=(*problem.pairs, *newcomer.pairs),
    )


def gains(problem: Problem, newcomers: Sequence[Newcomer]) -> tuple[Gain, ...]:
    """What each newcomer alone would bring, the most useful first. One solve each, and one."""
    before = optimise(problem)
    found = [_gain(problem, before, newcomer) for newcomer in newcomers]
    return tuple(sorted(found, key=lambda g: (-g.places, -(g.worst_off or 0), -g.value, g.mentor)))


def _gain(problem: Problem, before: Outcome, newcomer: Newcomer) -> Gain:
    after = optimise(with_newcomer(problem, newcomer))
    old, new = worst_off(before), worst_off(after)
    return Gain(
        mentor=newcomer.mentor.id,
        places=int(after.chosen.sum()) - int(before.chosen.sum()),
        value=before.model.sign * (objective_value(after) - objective_value(before)),
        worst_off=None if new is None else new - (old or Decimal()),
    )
