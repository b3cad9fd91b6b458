"""What a method returns: the score of each part of the framework, and how much each indicator moves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from apps.scoring.model import Answer, Grade, IndicatorSpec, NotApplicable, Rated, Unanswered, Unknown


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


def coverage_of(answers: Iterable[Answer]) -> Coverage:
    """Count the answers of one part by kind and by grade."""
    rows = list(answers)
    grades = [answer.grade for answer in rows if isinstance(answer, Rated)]
    return Coverage(
        answered=len(grades),
        unknown=sum(isinstance(answer, Unknown) for answer in rows),
        not_applicable=sum(isinstance(answer, NotApplicable) for answer in rows),
        unanswered=sum(isinstance(answer, Unanswered) for answer in rows),
        by_grade=(
            grades.count(Grade.E0),
            grades.count(Grade.E1),
            grades.count(Grade.E2),
            grades.count(Grade.E3),
        ),
    )


@dataclass(frozen=True, slots=True)
class PartScore:
    """The score of one area, one dimension or the whole, in points 0–100, with its label in levels 0–5.

    `value` is over what is answered or unknown; `low` and `high` take the unanswered at 0 and at 5.
    Each is None when nothing that carries weight counts in it. Labels and foundation levels follow the
    same three readings; `foundation` is None where no key indicator is answered.
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
    """The part of a score that each counted indicator decides, by indicator code; each set sums to 1.

    One indicator moving by 20 points (one level) moves the score by 20 times its share.
    """

    overall: Mapping[str, Fraction]
    in_dimension: Mapping[str, Fraction]
    in_area: Mapping[str, Fraction]


def counts(answer: Answer) -> bool:
    """Say whether an answer enters the mean: levels given do, and Unknown at 0."""
    return isinstance(answer, Rated | Unknown)


def level_of(answer: Answer) -> int | None:
    """Return the level an answer counts with; None where it does not count."""
    match answer:
        case Rated(level=level):
            return level
        case Unknown():
            return 0
        case _:
            return None


def answers_of(indicators: Iterable[IndicatorSpec], answers: Mapping[str, Answer]) -> list[Answer]:
    """Return the answers to `indicators`, in their order."""
    return [answers[indicator.code] for indicator in indicators]
