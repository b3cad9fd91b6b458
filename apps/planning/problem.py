"""The planning problem as plain frozen data, with its canonical form and hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

MAX_TEXT = 8_000_000
MAX_INDICATORS = 1_000
MAX_STEPS = 20
MAX_LINKS = 5_000
MAX_PARTS = 500
MAX_ID = 100
MAX_LEVEL = 100
MAX_COST = 1_000_000_000
MAX_DECIMALS = 4
MAX_POINTS = 1_000_000
# Bits of the common denominator of all gains: beyond, even adding them exactly would take too long.
MAX_COMMON = 4_000
OVERALL = "overall"


class Work(StrEnum):
    """What a step is made of: changing what is done, or showing what is done already."""

    PRACTICE = "practice"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Step:
    """One level up: `cost` in the unit of the problem, `gain` in points of the overall score."""

    cost: Decimal
    gain: Fraction
    work: Work = Work.PRACTICE

    def as_document(self) -> dict[str, object]:
        return {"cost": decimal_text(self.cost), "gain": exact(self.gain), "work": self.work.value}


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator at `level`; `steps` lead up from there, one level each; none means that it cannot rise."""

    id: str
    level: int
    steps: tuple[Step, ...] = ()
    priority: Fraction = Fraction(0)

    @property
    def highest(self) -> int:
        return self.level + len(self.steps)

    def step_to(self, level: int) -> Step:
        return self.steps[level - self.level - 1]

    def as_document(self) -> dict[str, object]:
        return {
            "id": self.id,
            "level": self.level,
            "priority": exact(self.priority),
            "steps": [step.as_document() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Link:
    """`indicator` may rise above its present level only once `requires` has reached `at_level`."""

    indicator: str
    requires: str
    at_level: int

    def as_document(self) -> dict[str, object]:
        return {"indicator": self.indicator, "requires": self.requires, "at_level": self.at_level}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the score that targets may name.

    A plan moves `value` by `factor` times the gains of `members`. `labels` holds the values from which the
    part is called 1, 2 …; it is called at most one more than the lowest level of `keys`.
    """

    id: str
    value: Fraction
    factor: Fraction
    members: tuple[str, ...]
    keys: tuple[str, ...] = ()
    labels: tuple[Fraction, ...] = ()

    def label_at(self, value: Fraction, lowest_key: int | None) -> int | None:
        """The label of this part at a value, or None where it has no labels."""
        if not self.labels:
            return None
        by_score = sum(1 for label in self.labels if label <= value)
        return by_score if lowest_key is None else min(by_score, lowest_key + 1)

    def as_document(self) -> dict[str, object]:
        return {
            "id": self.id,
            "value": exact(self.value),
            "factor": exact(self.factor),
            "indicators": list(self.members),
            "keys": list(self.keys),
            "labels": [exact(label) for label in self.labels],
        }


@dataclass(frozen=True, slots=True)
class ReachLevels:
    """Every wanted level of the problem is reached."""

    def as_document(self) -> dict[str, object]:
        return {"wanted": True}


@dataclass(frozen=True, slots=True)
class ReachScore:
    """The value of one part is at least so many points."""

    at_least: Fraction
    part: str = OVERALL

    def as_document(self) -> dict[str, object]:
        return {"score": {"part": self.part, "at_least": exact(self.at_least)}}


@dataclass(frozen=True, slots=True)
class ReachLabel:
    """The label of one part is at least `level`; without a level, one more than now."""

    part: str = OVERALL
    level: int | None = None

    def as_document(self) -> dict[str, object]:
        return {"label": {"part": self.part, "level": self.level}}


Target = ReachLevels | ReachScore | ReachLabel


@dataclass(frozen=True, slots=True)
class Problem:
    """One question of planning; build it with `parse_problem` or `problem_from_score`, which check it.

    `budget` None means no limit. `at_least` and `at_most` are locks: levels that a plan must reach or must
    not pass. `wanted` are target levels; they steer nothing unless the target is `ReachLevels`.
    """

    items: tuple[Item, ...]
    unit: str
    budget: Decimal | None = None
    links: tuple[Link, ...] = ()
    at_least: Mapping[str, int] = field(default_factory=dict)
    at_most: Mapping[str, int] = field(default_factory=dict)
    wanted: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    target: Target | None = None
    by_id: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {item.id: item for item in self.items})

    def as_document(self) -> dict[str, object]:
        """The canonical document: every default written out; the order of indicators has a meaning."""
        return {
            "unit": self.unit,
            "budget": None if self.budget is None else decimal_text(self.budget),
            "indicators": [item.as_document() for item in self.items],
            "prerequisites": [
                link.as_document() for link in sorted(self.links, key=lambda k: (k.indicator, k.requires))
            ],
            "at_least": dict(sorted(self.at_least.items())),
            "at_most": dict(sorted(self.at_most.items())),
            "wanted": dict(sorted(self.wanted.items())),
            "parts": [part.as_document() for part in self.parts],
            "target": None if self.target is None else self.target.as_document(),
        }

    def input_hash(self) -> str:
        """SHA-256 in hex of the canonical document."""
        return hashlib.sha256(canonical_json(self.as_document()).encode()).hexdigest()


def canonical_json(document: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces; our documents hold only text, whole numbers and true or null."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def exact(value: Fraction) -> str:
    """Numerator and denominator in lowest terms, also for whole numbers: "60/1"."""
    return f"{value.numerator}/{value.denominator}"


def decimal_text(value: Decimal) -> str:
    """An exact decimal without exponent or padding: 7.50 gives "7.5"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
