"""The matching problem as plain frozen data, with its canonical form and hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

MAX_TEXT = 32_000_000
MAX_MEMBERS = 5_000
MAX_MENTORS = 5_000
MAX_PAIRS = 250_000
MAX_FLOORS = 200
MAX_GROUPS = 50
MAX_ID = 100
MAX_DEMAND = 100
MAX_CAPACITY = 1_000_000
MAX_PRIORITY = 100
MAX_SCORE = 100_000
MAX_DECIMALS = 4


class Objective(StrEnum):
    """What one answer is better than another by."""

    MAX_TOTAL = "max-total"
    MIN_TOTAL = "min-total"
    LEXIMIN = "leximin-then-total"


@dataclass(frozen=True, slots=True)
class Link:
    """One member and one mentor, by id."""

    member: str
    mentor: str

    def as_document(self) -> dict[str, str]:
        return {"member": self.member, "mentor": self.mentor}


@dataclass(frozen=True, slots=True)
class Member:
    """Who is to be served: `demand` places wanted; a higher `priority` (0-100) wins ties."""

    id: str
    demand: int = 1
    priority: int = 0
    groups: frozenset[str] = frozenset()

    def as_document(self) -> dict[str, object]:
        return {
            "id": self.id,
            "demand": self.demand,
            "priority": self.priority,
            "groups": sorted(self.groups),
        }


@dataclass(frozen=True, slots=True)
class Mentor:
    """Who serves: `capacity` in units of pair cost, `minimum` in pairs."""

    id: str
    capacity: int = 1
    minimum: int = 0

    def as_document(self) -> dict[str, object]:
        return {"id": self.id, "capacity": self.capacity, "minimum": self.minimum}


@dataclass(frozen=True, slots=True)
class Pair:
    """An eligible pair: exact `score`, and `cost` in units of the mentor's capacity."""

    member: str
    mentor: str
    score: Decimal
    cost: int = 1

    @property
    def link(self) -> Link:
        return Link(self.member, self.mentor)

    def as_document(self) -> dict[str, object]:
        return {**self.link.as_document(), "score": decimal_text(self.score), "cost": self.cost}


@dataclass(frozen=True, slots=True)
class Floor:
    """At least `minimum` places go to members of `group`."""

    group: str
    minimum: int

    def as_document(self) -> dict[str, object]:
        return {"group": self.group, "minimum": self.minimum}


@dataclass(frozen=True, slots=True)
class Switching:
    """A running round: each `current` pair that is not kept costs `penalty`."""

    current: frozenset[Link]
    penalty: Decimal

    def as_document(self) -> dict[str, object]:
        return {"current": _links(self.current), "penalty": decimal_text(self.penalty)}


@dataclass(frozen=True)
class Problem:
    """One round of matching; build it with `parse_problem`, which checks every rule."""

    members: tuple[Member, ...]
    mentors: tuple[Mentor, ...]
    pairs: tuple[Pair, ...]
    objective: Objective
    locked: frozenset[Link] = frozenset()
    excluded: frozenset[Link] = frozenset()
    floors: tuple[Floor, ...] = ()
    switching: Switching | None = None

    @cached_property
    def _pairs_by_ends(self) -> dict[tuple[str, str], Pair]:
        return {(pair.member, pair.mentor): pair for pair in self.pairs}

    def eligible_pair(self, link: Link) -> Pair | None:
        """The pair, or None: an excluded pair and one that never was look the same."""
        return None if link in self.excluded else self._pairs_by_ends.get((link.member, link.mentor))

    def as_document(self) -> dict[str, object]:
        """The canonical document: sorted, every default written out, decimals without padding."""
        document: dict[str, object] = {
            "members": [m.as_document() for m in sorted(self.members, key=lambda m: m.id)],
            "mentors": [m.as_document() for m in sorted(self.mentors, key=lambda m: m.id)],
            "pairs": [p.as_document() for p in sorted(self.pairs, key=lambda p: (p.member, p.mentor))],
            "locked": _links(self.locked),
            "excluded": _links(self.excluded),
            "objective": self.objective.value,
            "floors": [f.as_document() for f in sorted(self.floors, key=lambda f: f.group)],
        }
        if self.switching is not None:
            document["switching"] = self.switching.as_document()
        return document

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 in hex of the canonical document; the order of the input does not change it."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """`canonical_json` of `as_document`; the pairs, which are nearly all of it, are written without the detour."""
        bare = canonical_json(replace(self, pairs=()).as_document())
        ids = [*(m.id for m in self.members), *(m.id for m in self.mentors)]
        written = {name: _quoted(name) for name in ids}
        scores = {score: _quoted(decimal_text(score)) for score in {pair.score for pair in self.pairs}}
        rows = ",".join(
            f'{{"cost":{pair.cost},"member":{written[pair.member]},"mentor":{written[pair.mentor]},'
            f'"score":{scores[pair.score]}}}'
            for pair in sorted(self.pairs, key=attrgetter("member", "mentor"))
        )
        before, after = bare.split('"pairs":[]', 1)
        return f'{before}"pairs":[{rows}]{after}'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def canonical_json(document: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces; our documents hold only text and whole numbers."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def decimal_text(value: Decimal) -> str:
    """An exact decimal without exponent or padding: 7.50 gives "7.5", -0 gives "0"."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _links(links: frozenset[Link]) -> list[dict[str, str]]:
    return [link.as_document() for link in sorted(links, key=lambda k: (k.member, k.mentor))]
