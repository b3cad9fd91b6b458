"""In which order the steps of a plan are taken: prerequisites first, then priority, with running totals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from apps.planning.chains import Levels, links_by_indicator
from apps.planning.problem import Link, Problem, Work, decimal_text, exact


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a plan in its place (from 1), with the totals once it is done.

    `after` holds the places of the steps it must wait for; `unlocks` the indicators that were waiting for
    this very step and rise in the same plan.
    """

    place: int
    indicator: str
    level: int
    work: Work
    cost: Decimal
    gain: Fraction
    cost_so_far: Decimal
    gain_so_far: Fraction
    after: tuple[int, ...]
    unlocks: tuple[str, ...]

    def as_document(self) -> dict[str, object]:
        return {
            "place": self.place,
            "indicator": self.indicator,
            "from": self.level - 1,
            "to": self.level,
            "work": self.work.value,
            "cost": decimal_text(self.cost),
            "gain": exact(self.gain),
            "cost_so_far": decimal_text(self.cost_so_far),
            "gain_so_far": exact(self.gain_so_far),
            "after": list(self.after),
            "unlocks": list(self.unlocks),
        }


def ordered_steps(problem: Problem, levels: Levels) -> tuple[PlannedStep, ...]:
    """Return the steps that lead to `levels`, of which every prerequisite is part.

    Of what can begin, the higher priority goes first, then the more gain for its cost, then framework order.
    """
    links = links_by_indicator(problem)
    now = {item.id: item.level for item in problem.items}
    places: dict[tuple[str, int], int] = {}
    planned: list[PlannedStep] = []
    cost, gain = Decimal(), Fraction(0)
    while ready := [i for i in levels if now[i] < levels[i] and not _waits(links.get(i, ()), now)]:
        name = min(ready, key=lambda i: _rank(problem, i, now[i] + 1))
        level, now[name] = now[name] + 1, now[name] + 1
        step = problem.by_id[name].step_to(level)
        cost, gain = cost + step.cost, gain + step.gain
        needs = [(name, level - 1), *((link.requires, link.at_level) for link in links.get(name, ()))]
        places[name, level] = len(planned) + 1
        planned.append(
            PlannedStep(
                place=len(planned) + 1,
                indicator=name,
                level=level,
                work=step.work,
                cost=step.cost,
                gain=step.gain,
                cost_so_far=cost,
                gain_so_far=gain,
                after=tuple(sorted(places[at] for at in needs if at in places)),
                unlocks=_unlocked(problem, levels, name, level),
            )
        )
    return tuple(planned)


def _waits(links: Iterable[Link], now: Levels) -> bool:
    return any(now[link.requires] < link.at_level for link in links)


def _rank(problem: Problem, name: str, level: int) -> tuple[Fraction, bool, Fraction]:
    """Smallest first; a step that costs nothing comes before any other of the same priority."""
    item = problem.by_id[name]
    step = item.step_to(level)
    worth = step.gain / Fraction(step.cost) if step.cost else step.gain
    return -item.priority, step.cost > 0, -worth


def _unlocked(problem: Problem, levels: Levels, name: str, level: int) -> tuple[str, ...]:
    waiting = {link.indicator for link in problem.links if link.requires == name and link.at_level == level}
    return tuple(item.id for item in problem.items if item.id in waiting and item.id in levels)
