"""Up to three mentors for each member: pairs of whole answers that place as many members as the best one."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from apps.matching.answer import Answer, solve
from apps.matching.problem import Link, Problem

SIZE = 3


@dataclass(frozen=True, slots=True)
class Layer:
    """One whole answer and the pairs that it brings to the shortlists; the first layer is the optimum itself."""

    problem: Problem
    answer: Answer
    new: tuple[Link, ...]


def shortlists(problem: Problem, size: int = SIZE) -> tuple[Layer, ...]:
    """Solve up to `size` times, each time without the pairs listed so far; return the layers that brought something new.

    Each layer is an answer to the whole round, proved, that fills as many places as the first: a pair is listed only if
    nobody is left out because of it. No mentor is listed more often than `size` times its capacity. What a layer loses
    against the first in total is its price.
    """
    first = solve(problem)
    if not first.pairs:
        return ()
    layers = [Layer(problem, first, _ordered(_links(first)))]
    listed = set(_links(first))
    while len(layers) < size and (layer := _next(problem, len(first.pairs), listed)):
        layers.append(layer)
        listed |= set(layer.new)
    return tuple(layers)


def _next(problem: Problem, places: int, listed: Set[Link]) -> Layer | None:
    """The best answer without the listed pairs; whoever loses its place by that gets its own listed pairs back."""
    back: set[str] = {link.member for link in problem.locked}
    while True:
        gone = frozenset(link for link in listed if link.member not in back)
        harder = replace(problem, excluded=problem.excluded | gone)
        answer = solve(harder)
        if len(answer.pairs) >= places:
            new = _ordered(_links(answer) - listed)
            return Layer(harder, answer, new) if new else None
        short = {row.member for row in answer.unmatched} & {link.member for link in gone}
        if not short:
            return None
        back |= short


def _links(answer: Answer) -> set[Link]:
    return {Link(pair.member, pair.mentor) for pair in answer.pairs}


def _ordered(links: Set[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.member, link.mentor)))
