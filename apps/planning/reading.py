"""From a JSON document to a Problem: every fault is collected with its place, then told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from math import lcm

from apps.planning import problem as p
from apps.planning.grain import Grain, load_json, shown

_KEYS = (
    "unit", "budget", "indicators", "prerequisites", "at_least", "at_most", "wanted", "parts", "target",
)  # fmt: skip
_WORKS = tuple(work.value for work in p.Work)
_TARGETS = ("wanted", "score", "label")


def parse_problem(document: str | bytes | Mapping[str, object]) -> p.Problem:
    """Read and check one planning problem.

    Takes JSON text or the same document already decoded. Raises ProblemFaults with all faults.
    """
    return _Reader().problem(load_json(document) if isinstance(document, str | bytes) else document)


def checked(problem: p.Problem) -> p.Problem:
    """Return a problem made in code after the checks that a document gets, or raise ProblemFaults."""
    parse_problem(problem.as_document())
    return problem


def with_target(problem: p.Problem, target: p.Target) -> p.Problem:
    """Return the problem with another target, after checking that it knows what the target names."""
    return checked(replace(problem, target=target))


class _Reader(Grain):
    """Walks the document once and gathers faults; nothing is built while one remains."""

    def problem(self, document: object) -> p.Problem:
        top = self.mapping(document, "document", _KEYS, required=("unit", "indicators"))
        items = [self.item(row, place) for place, row in self.rows(top, "indicators", p.MAX_INDICATORS)]
        self.unique("indicators", [item.id for item in items])
        self.gains_add_up(items)
        known = {item.id: item for item in items}
        budget = top.get("budget")
        links = self.links(top, known)
        at_least, at_most, wanted = (
            self.levels(top, key, known) for key in ("at_least", "at_most", "wanted")
        )
        self.locks_agree(known, at_least, at_most)
        parts = [self.part(row, place, known) for place, row in self.rows(top, "parts", p.MAX_PARTS)]
        self.unique("parts", [part.id for part in parts])
        made = p.Problem(
            items=tuple(items),
            unit=self.text(top.get("unit"), "unit"),
            budget=None if budget is None else self.cost(budget, "budget"),
            links=tuple(sorted(links, key=lambda link: (link.indicator, link.requires))),
            at_least=at_least,
            at_most=at_most,
            wanted=wanted,
            parts=tuple(parts),
            target=self.target(top.get("target"), {part.id: part for part in parts}),
        )
        self.raise_if_any()
        return made

    def item(self, value: object, place: str) -> p.Item:
        row = self.mapping(
            value, place, ("id", "level", "priority", "steps"), required=("id", "level", "steps")
        )
        steps = [self.step(step, at) for at, step in self.rows(row, "steps", p.MAX_STEPS, f"{place}.")]
        return p.Item(
            id=self.text(row.get("id"), f"{place}.id"),
            level=self.integer(row.get("level"), f"{place}.level", p.MAX_LEVEL),
            steps=tuple(steps),
            priority=self.points(row.get("priority", 0), f"{place}.priority"),
        )

    def step(self, value: object, place: str) -> p.Step:
        row = self.mapping(value, place, ("cost", "gain", "work"), required=("cost", "gain"))
        return p.Step(
            cost=self.cost(row.get("cost"), f"{place}.cost"),
            gain=self.points(row.get("gain"), f"{place}.gain"),
            work=p.Work(self.choice(row.get("work", _WORKS[0]), f"{place}.work", _WORKS)),
        )

    def gains_add_up(self, items: list[p.Item]) -> None:
        common = 1
        for gain in (step.gain for item in items for step in item.steps):
            common = lcm(common, gain.denominator)
            if common.bit_length() > p.MAX_COMMON:
                self.fault(
                    "indicators", "the gains have too many different denominators to be added exactly."
                )
                return

    def links(self, top: Mapping[str, object], known: Collection[str]) -> list[p.Link]:
        links = []
        keys = ("indicator", "requires", "at_level")
        for place, value in self.rows(top, "prerequisites", p.MAX_LINKS):
            row = self.mapping(value, place, keys, required=keys)
            indicator, requires = (self.known(row.get(key), f"{place}.{key}", known) for key in keys[:2])
            at_level = self.integer(row.get("at_level"), f"{place}.at_level", p.MAX_LEVEL)
            links.append(p.Link(indicator, requires, at_level))
        self.unique("prerequisites", [(link.indicator, link.requires) for link in links])
        circle = circle_in(links)
        if circle:
            self.fault("prerequisites", f"{' → '.join(circle)} is a circle, so none could ever come first.")
        return links

    def levels(self, top: Mapping[str, object], key: str, known: Mapping[str, p.Item]) -> dict[str, int]:
        levels = {}
        for name, level in self.open_mapping(top.get(key, {}), key).items():
            levels[name] = self.integer(level, f"{key}.{name[:40]}", p.MAX_LEVEL)
            self.known(name, f"{key}.{name[:40]}", known)
        return levels

    def locks_agree(
        self, known: Mapping[str, p.Item], at_least: Mapping[str, int], at_most: Mapping[str, int]
    ) -> None:
        for name, level in at_least.items():
            if name in known and level > known[name].highest:
                self.fault(f"at_least.{name}", f"it can rise to level {known[name].highest} at most.")
            if level > at_most.get(name, level):
                self.fault(f"at_least.{name}", "must not be above the level in at_most.")

    def part(self, value: object, place: str, known: Collection[str]) -> p.Part:
        keys = ("id", "value", "factor", "indicators", "keys", "labels")
        row = self.mapping(value, place, keys, required=("id", "value", "indicators"))
        labels = [self.points(label, at) for at, label in self.rows(row, "labels", p.MAX_LEVEL, f"{place}.")]
        if any(low >= high for low, high in pairwise(labels)):
            self.fault(f"{place}.labels", "must rise from each to the next.")
        return p.Part(
            id=self.text(row.get("id"), f"{place}.id"),
            value=self.points(row.get("value"), f"{place}.value"),
            factor=self.points(row.get("factor", 1), f"{place}.factor"),
            members=self.names(row, "indicators", place, known),
            keys=self.names(row, "keys", place, known),
            labels=tuple(labels),
        )

    def names(self, row: Mapping[str, object], key: str, at: str, known: Collection[str]) -> tuple[str, ...]:
        rows = self.rows(row, key, p.MAX_INDICATORS, f"{at}.")
        names = [self.known(name, place, known) for place, name in rows]
        self.unique(f"{at}.{key}", names)
        return tuple(names)

    def target(self, value: object, parts: Mapping[str, p.Part]) -> p.Target | None:
        if value is None:
            return None
        row = self.mapping(value, "target", _TARGETS)
        if len(row) != 1:
            self.fault("target", f"must name exactly one of {', '.join(_TARGETS)}.")
            return None
        read: dict[str, Callable[[object, Mapping[str, p.Part]], p.Target]] = {
            "wanted": self.wanted_target,
            "score": self.score_target,
            "label": self.label_target,
        }
        return next((read[key](inner, parts) for key, inner in row.items() if key in read), None)

    def wanted_target(self, value: object, parts: Mapping[str, p.Part]) -> p.Target:
        if value is not True:
            self.fault("target.wanted", "must be true.")
        return p.ReachLevels()

    def score_target(self, value: object, parts: Mapping[str, p.Part]) -> p.Target:
        row = self.mapping(value, "target.score", ("part", "at_least"), required=("at_least",))
        at_least = self.points(row.get("at_least"), "target.score.at_least")
        return p.ReachScore(
            at_least, self.known(row.get("part", p.OVERALL), "target.score.part", parts, "part")
        )

    def label_target(self, value: object, parts: Mapping[str, p.Part]) -> p.Target:
        row = self.mapping(value, "target.label", ("part", "level"))
        name = self.known(row.get("part", p.OVERALL), "target.label.part", parts, "part")
        level = row.get("level")
        if name in parts and not parts[name].labels:
            self.fault("target.label.part", f"{shown(name)} has no labels.")
        return p.ReachLabel(
            name, None if level is None else self.integer(level, "target.label.level", p.MAX_LEVEL)
        )

    def known(self, value: object, place: str, known: Collection[str], kind: str = "indicator") -> str:
        name = self.text(value, place)
        if name and name not in known:
            self.fault(place, f"no {kind} has the id {shown(name)}.")
        return name

    def unique(self, name: str, keys: list[str] | list[tuple[str, str]]) -> None:
        first: dict[object, int] = {}
        for row, key in enumerate(keys):
            # What could not be read is told already, and two of it are not the same.
            if key and all(key) and first.setdefault(key, row) != row:
                self.fault(f"{name}[{row}]", f"repeats {name}[{first[key]}].")


def circle_in(links: Collection[p.Link]) -> tuple[str, ...]:
    """Return one circle among the links as ids, first repeated last; empty if there is none.

    Leaves are peeled off without recursion, so a chain of any length is safe.
    """
    requires: dict[str, list[str]] = {}
    for link in links:
        requires.setdefault(link.indicator, []).append(link.requires)
    while leaves := [c for c, needs in requires.items() if not any(n in requires for n in needs)]:
        for code in leaves:
            del requires[code]
    if not requires:
        return ()
    walk = [next(iter(requires))]
    while walk[-1] not in walk[:-1]:
        walk.append(next(name for name in requires[walk[-1]] if name in requires))
    return tuple(walk[walk.index(walk[-1]) :])
