"""Chains of prerequisites, exactly and without a solver: how far each indicator can rise, and what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from apps.planning.problem import Link, Problem

Levels = Mapping[str, int]


class Obstacle(StrEnum):
    """What keeps an indicator from a level, whatever the budget."""

    TOP = "no-step-further"
    LOCK = "locked"
    PREREQUISITE = "prerequisite-cannot-rise"


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why `indicator` cannot pass `level`; for a prerequisite, which one, at which level it is needed."""

    obstacle: Obstacle
    indicator: str
    level: int
    requires: str | None = None
    at_level: int | None = None

    def sentence(self) -> str:
        """One English sentence for messages and command lines; pages make their own from the facts."""
        if self.obstacle is Obstacle.TOP:
            return f"{self.indicator} can rise to level {self.level} at most."
        if self.obstacle is Obstacle.LOCK:
            return f"{self.indicator} is locked at level {self.level}."
        return f"{self.indicator} needs {self.requires} at level {self.at_level}, which cannot be reached."

    def as_document(self) -> dict[str, object]:
        document: dict[str, object] = {
            "obstacle": self.obstacle.value,
            "indicator": self.indicator,
            "level": self.level,
        }
        if self.requires is not None:
            document |= {"requires": self.requires, "at_level": self.at_level}
        return document


def links_by_indicator(problem: Problem) -> dict[str, list[Link]]:
    """The prerequisites of each indicator that has any, in the order of the problem."""
    found: dict[str, list[Link]] = {}
    for link in problem.links:
        found.setdefault(link.indicator, []).append(link)
    return found


def reach_of(problem: Problem) -> dict[str, int]:
    """The highest level each indicator could come to with an endless budget, locks and prerequisites kept."""
    reach = {i.id: max(i.level, min(i.highest, problem.at_most.get(i.id, i.highest))) for i in problem.items}
    waiting: dict[str, list[Link]] = {}
    for link in problem.links:
        waiting.setdefault(link.requires, []).append(link)
    changed = list(reach)
    while changed:
        name = changed.pop()
        for link in waiting.get(name, ()):
            level = problem.by_id[link.indicator].level
            if reach[name] < link.at_level and reach[link.indicator] > level:
                reach[link.indicator] = level
                changed.append(link.indicator)
    return reach


def closure_of(problem: Problem, wanted: Levels) -> dict[str, int]:
    """The least levels that hold `wanted` and every prerequisite of what rises; only what rises is named.

    Prerequisites are all needed together, so these levels are in every plan that holds `wanted`.
    """
    links = links_by_indicator(problem)
    levels: dict[str, int] = {}
    waiting = list(wanted.items())
    while waiting:
        name, level = waiting.pop()
        if level <= levels.get(name, problem.by_id[name].level):
            continue
        if name not in levels:
            waiting += [(link.requires, link.at_level) for link in links.get(name, ())]
        levels[name] = level
    return {item.id: levels[item.id] for item in problem.items if item.id in levels}


def stuck_at(problem: Problem, reach: Levels, name: str) -> Stuck:
    """Why an indicator cannot pass the level in `reach`."""
    item, level = problem.by_id[name], reach[name]
    if level == item.highest:
        return Stuck(Obstacle.TOP, name, level)
    for link in links_by_indicator(problem).get(name, ()):
        if reach[link.requires] < link.at_level:
            return Stuck(Obstacle.PREREQUISITE, name, level, link.requires, link.at_level)
    return Stuck(Obstacle.LOCK, name, level)


def cost_of(problem: Problem, levels: Levels) -> Decimal:
    """What it costs to raise indicators from where they are to `levels`."""
    rising = ((problem.by_id[name], level) for name, level in levels.items())
    return sum((s.cost for i, level in rising for s in i.steps[: max(0, level - i.level)]), Decimal())


def gain_of(problem: Problem, levels: Levels, among: Iterable[str] | None = None) -> Fraction:
    """Points of the overall score that `levels` add; `among` counts only the indicators it names."""
    names = levels.keys() if among is None else levels.keys() & set(among)
    rising = ((problem.by_id[name], levels[name]) for name in names)
    return sum((s.gain for i, level in rising for s in i.steps[: max(0, level - i.level)]), Fraction(0))
