"""From a stored result and its framework to a planning problem: what each step would cost and gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.planning.faults import ProblemFaults
from apps.planning.grain import Grain
from apps.planning.problem import Item, Link, Part, Problem, ReachLevels, Step, Target, Work
from apps.planning.reading import checked

Document = Mapping[str, Any]
EFFORTS = (1, 2, 3)
_NO_STEPS: Document = {"overall": (), "dimensions": {}, "areas": {}}
# The methods whose parts are called by levels, and whether the lowest key indicator holds them down.
_LABELLED = {"shared-mean": True, "mean-of-means": False}


@dataclass(frozen=True, slots=True)
class Costs:
    """What one step costs, by effort 1–3: of practice, and of evidence for what is practised already.

    Without `evidence` both cost the same. `own` is the cost of each step of single indicators.
    """

    practice: Mapping[int, Decimal]
    evidence: Mapping[int, Decimal] | None = None
    own: Mapping[str, Decimal] = field(default_factory=dict)

    def of(self, indicator: str, effort: int, work: Work) -> Decimal:
        if indicator in self.own:
            return self.own[indicator]
        by_effort = self.evidence if work is Work.EVIDENCE and self.evidence is not None else self.practice
        return by_effort[effort]


def parse_costs(text: str, name: str) -> dict[int, Decimal]:
    """Read "5,15,40": the cost of one step of effort 1, 2 and 3. Raises ProblemFaults; `name` is the place."""
    words, grain = text.split(","), Grain()
    costs = [grain.cost(word.strip(), name) for word in words]
    if len(words) != len(EFFORTS):
        grain.fault(name, 'must be three costs, of effort 1, 2 and 3, as in "5,15,40".')
    grain.raise_if_any()
    return dict(zip(EFFORTS, costs, strict=True))


def problem_from_score(
    result: Document,
    framework: Document,
    *,
    costs: Costs,
    unit: str = "person-days",
    budget: Decimal | None = None,
    profile: str | None = None,
    target: Target | None = None,
    at_least: Mapping[str, int] | None = None,
    at_most: Mapping[str, int] | None = None,
) -> Problem:
    """Build the problem of raising evidenced levels from a result document (belay-score) and its framework.

    Gains are in the unit of the method; one without values can only be planned to wanted levels. Those are
    the levels of `profile`, or the targets that the result was scored with. What is not applicable is left out; what is unanswered cannot rise before it is answered.
    Raises ProblemFaults for an unknown profile, a target that the method has not, or costs, budget and locks
    that cannot be read.
    """
    reader = _Reader(result, framework, costs)
    if reader.worth is None and not isinstance(target, ReachLevels):
        raise ProblemFaults(
            [f"target: the method {reader.method} has no values that steps add to; plan it to wanted levels."]
        )
    return checked(
        Problem(
            items=tuple(reader.item(row) for row in reader.rows.values()),
            unit=unit,
            budget=budget,
            links=tuple(reader.links()),
            at_least=at_least or {},
            at_most=at_most or {},
            wanted=reader.wanted(profile),
            parts=tuple(reader.parts()),
            target=target,
        )
    )


class _Reader:
    """One result document beside its framework."""

    def __init__(self, result: Document, framework: Document, costs: Costs) -> None:
        self.result, self.framework, self.costs = result, framework, costs
        self.method: str = result["method"]["name"]
        self.worth = _WORTHS.get(self.method)
        rows = (row for row in result["indicators"] if row["state"] != "not_applicable")
        self.rows: dict[str, Document] = {row["code"]: row for row in rows}
        self.main = _values(framework["scale"]["levels"])
        scales = {scale["id"]: _values(scale["levels"]) for scale in framework.get("scales", ())}
        own = {row["id"]: row["scale"] for row in framework["indicators"] if row.get("scale")}
        self.scales = {code: scales[own[code]] for code in self.rows if code in own}
        self.shares = _Shares(result["explanation"]["evidenced"] if self.worth else _NO_STEPS)

    def scale(self, code: str) -> Sequence[Fraction]:
        return self.scales.get(code, self.main)

    def item(self, row: Document) -> Item:
        code, level = row["code"], row["evidenced"]
        priority = Fraction(row["priority"]["exact"]) if row["priority"] else Fraction(0)
        if level is None:
            return Item(code, 0, (), priority)
        share = self.shares.overall(row)
        steps = [self.step(row, to, share) for to in range(level + 1, len(self.scale(code)))]
        return Item(code, level, tuple(steps), priority)

    def step(self, row: Document, to: int, share: Fraction) -> Step:
        # An unknown level is not claimed, so all of it is practice.
        work = Work.EVIDENCE if to <= (row["claimed"] or 0) else Work.PRACTICE
        values, gain = self.scale(row["code"]), Fraction(0)
        if self.worth is not None:
            gain = (self.worth(values, to, self.main) - self.worth(values, to - 1, self.main)) * share
        return Step(self.costs.of(row["code"], row["effort"], work), gain, work)

    def links(self) -> list[Link]:
        return [
            Link(row["indicator"], row["requires"], row["at_level"])
            for row in self.framework.get("prerequisites", ())
            if row["indicator"] in self.rows and row["requires"] in self.rows
        ]

    def wanted(self, profile: str | None) -> dict[str, int]:
        if profile is None:
            return {code: row["target"] for code, row in self.rows.items()}
        found = [row["targets"] for row in self.framework.get("profiles", ()) if row["id"] == profile]
        if not found:
            raise ProblemFaults([f"profile: the framework has no target profile {profile[:40]!r}."])
        own = found[0].get("indicators", {})
        return {code: own.get(code, self.own_level(code, found[0]["default"])) for code in self.rows}

    def own_level(self, code: str, level: int) -> int:
        """The level of the indicator's own scale that reaches a level of the main one."""
        values, least = self.scale(code), self.main[level] / self.main[-1]
        return next(n for n, value in enumerate(values) if value / values[-1] >= least)

    def parts(self) -> list[Part]:
        scores = self.result["evidenced"]
        rows = list(self.rows.values())
        parts = [self.part(scores["overall"], rows, Fraction(1))]
        for part in scores["dimensions"]:
            inside = [row for row in rows if row["dimension"] == part["code"]]
            parts.append(self.part(part, inside, self.shares.of_dimension(part["code"])))
        for part in scores["areas"]:
            inside = [row for row in rows if row["area"] == part["code"]]
            parts.append(self.part(part, inside, self.shares.of_area(part["code"])))
        return [part for part in parts if part is not None]

    def part(self, part: Document, rows: Sequence[Document], share: Fraction | None) -> Part | None:
        if part["value"] is None or not share:
            return None
        keys = [row["code"] for row in rows if row["key"] and row["evidenced"] is not None]
        return Part(
            id=part["code"],
            value=Fraction(part["value"]["exact"]),
            factor=1 / share,
            members=tuple(row["code"] for row in rows),
            keys=tuple(keys) if _LABELLED.get(self.method) else (),
            labels=() if any(code in self.scales for code in keys) else self.labels(),
        )

    def labels(self) -> tuple[Fraction, ...]:
        """The values from which a part is called 1, 2 …: what the levels of the main scale are worth."""
        if self.worth is None or self.method not in _LABELLED:
            return ()
        return tuple(self.worth(self.main, level, self.main) for level in range(1, len(self.main)))


class _Shares:
    """The share of each part in the part above, from the steps that explain a score."""

    def __init__(self, explanation: Document) -> None:
        self.dimensions = _shares(explanation["overall"], "dimension")
        inside = explanation["dimensions"].items()
        found = {code: _shares(steps, "area") for code, steps in inside}
        self.areas = {a: (d, share) for d, rows in found.items() for a, share in rows.items()}
        self.indicators: dict[str, Fraction] = {}
        for steps in explanation["areas"].values():
            self.indicators |= _shares(steps, "indicator")

    def of_dimension(self, code: str) -> Fraction | None:
        return self.dimensions.get(code)

    def of_area(self, code: str) -> Fraction | None:
        if code not in self.areas:
            return None
        dimension, share = self.areas[code]
        return share * self.dimensions[dimension]

    def overall(self, row: Document) -> Fraction:
        """What one unit of an indicator adds to the whole; 0 where it carries no weight."""
        own, area = self.indicators.get(row["code"]), self.of_area(row["area"])
        return Fraction(0) if own is None or area is None else own * area


def _shares(steps: Sequence[Document], kind: str) -> dict[str, Fraction]:
    return {step["code"]: Fraction(step["share"]) for step in steps if step["step"] == kind}


def _values(levels: Sequence[Document]) -> tuple[Fraction, ...]:
    return tuple(Fraction(str(row.get("value", number))) for number, row in enumerate(levels))


def _points(values: Sequence[Fraction], level: int, main: Sequence[Fraction]) -> Fraction:
    return 100 * values[level] / values[-1]


def _on_main(values: Sequence[Fraction], level: int, main: Sequence[Fraction]) -> Fraction:
    return values[level] / values[-1] * main[-1]


def _part_of_weight(values: Sequence[Fraction], level: int, main: Sequence[Fraction]) -> Fraction:
    return values[level] / values[-1]


def _all_or_nothing(values: Sequence[Fraction], level: int, main: Sequence[Fraction]) -> Fraction:
    return Fraction(100 if level == len(values) - 1 else 0)


# What a level counts before its share, by method; the scoring engine holds the same rules.
_WORTHS = {
    "shared-mean": _points,
    "mean-of-means": _on_main,
    "weighted-sum": _part_of_weight,
    "points-ratio": _all_or_nothing,
}
