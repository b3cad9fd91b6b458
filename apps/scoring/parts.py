"""What a method returns: the score of each part of the framework, and how much each indicator moves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apps.scoring.model import Answer, Grade, Rated, Tier, Unknown
from apps.scoring.plan import Plan
from apps.scoring.sheet import KINDS, NOT_APPLICABLE, UNANSWERED, UNKNOWN


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the indicators of a part are answered, and how far the answers are supported.

    `answered` counts levels given; Unknown is counted apart, though it completes an answer too.
    `by_grade` counts the levels given by evidence grade E0, E1, E2, E3, after ageing.
    """

    answered: int
    unknown: int
    not_applicable: int
    unanswered: int
    by_grade: tuple[int, int, int, int]

    @property
    def applicable(self) -> int:
        return self.answered + self.unknown + self.unanswered

    @property
    def completeness(self) -> Fraction | None:
        """Share of applicable indicators answered or unknown, 0–1; None when nothing applies."""
        return Fraction(self.answered + self.unknown, self.applicable) if self.applicable else None

    @property
    def with_evidence(self) -> int:
        """Levels given with evidence that is at least described (E1 or better after ageing)."""
        return sum(self.by_grade[Grade.E1 :])

    def is_below(self, percent: int) -> bool:
        """Say whether less than `percent` of what applies is answered or unknown."""
        return 100 * (self.answered + self.unknown) < percent * self.applicable


@dataclass(frozen=True, slots=True)
class Coverages:
    """The coverage of the whole, of each dimension and of each area, in the order of the framework."""

    overall: Coverage
    dimensions: tuple[Coverage, ...]
    areas: tuple[Coverage, ...]


def coverages_of(plan: Plan, kinds: Sequence[int]) -> Coverages:
    """Count the answers of every part by kind and by grade."""
    areas = [[0] * KINDS for _ in plan.areas]
    for area, kind in zip(plan.area_of, kinds, strict=True):
        areas[area][kind] += 1
    dimensions = [_summed([areas[place] for place in places]) for places in plan.areas_of]
    return Coverages(
        overall=_coverage(_summed(dimensions)),
        dimensions=tuple([_coverage(row) for row in dimensions]),
        areas=tuple([_coverage(row) for row in areas]),
    )


def _summed(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)] or [0] * KINDS


def _coverage(row: Sequence[int]) -> Coverage:
    none, described, attached, accepted = row[:UNKNOWN]
    return Coverage(
        none + described + attached + accepted,
        row[UNKNOWN],
        row[NOT_APPLICABLE],
        row[UNANSWERED],
        (none, described, attached, accepted),
    )


@dataclass(frozen=True, slots=True)
class PartScore:
    """The score of one area, one dimension or the whole, in the unit of its method.

    `value` is over what is answered or unknown; `low` and `high` take the unanswered at their lowest and at
    their highest level. Each is None when nothing that carries weight counts in it, or where the method has
    no values. `label`, in levels of the main scale (in stages for a method that has them), `foundation` (the
    lowest key level on the main scale, None where no key indicator is answered) and `tier` follow the same
    three readings. `possible` is the value with every applicable indicator at its highest level.
    """

    code: str
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    label: int | None
    label_low: int | None
    label_high: int | None
    foundation: int | None
    foundation_low: int | None
    foundation_high: int | None
    coverage: Coverage
    provisional: bool
    possible: Fraction | None = None
    tier: Tier | None = None
    tier_low: Tier | None = None
    tier_high: Tier | None = None


@dataclass(frozen=True, slots=True)
class ScoreSet:
    """All scores on one basis, claimed or evidenced; mappings keep the order of the framework."""

    overall: PartScore
    dimensions: Mapping[str, PartScore]
    areas: Mapping[str, PartScore]

    def __iter__(self) -> Iterator[PartScore]:
        yield self.overall
        yield from self.dimensions.values()
        yield from self.areas.values()


@dataclass(frozen=True, slots=True)
class Shares:
    """What one unit of each counted indicator adds to a score, by indicator code.

    In methods of means each of the three sums to 1; in `weighted-sum` they are the weights.
    """

    overall: Mapping[str, Fraction]
    in_dimension: Mapping[str, Fraction]
    in_area: Mapping[str, Fraction]


def level_of(answer: Answer) -> int | None:
    """Return the level an answer counts with; None where it does not count."""
    match answer:
        case Rated(level=level):
            return level
        case Unknown():
            return 0
        case _:
            return None
