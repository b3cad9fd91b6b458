"""What a question is to the engine, and what an answer to it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any

Given = list[str] | dict[str, str] | str
"""An answer as it is kept: ids that were chosen or put in order, a value for each place, or what was typed."""

Marks = Fraction | None
"""Points between 0 and 1; None when a person has to mark."""


class Why(Enum):
    """Why an answer is refused."""

    FOREIGN = "foreign"  # does not belong to the question
    NOT_A_NUMBER = "number"
    PLACES = "places"  # two lines in one place, or a place left empty
    TOO_LONG = "long"
    TOO_MANY_WORDS = "words"


class BadAnswer(ValueError):
    """The answer does not belong to the question, or cannot be read; `most` is the limit that it breaks."""

    def __init__(self, why: Why, most: int = 0) -> None:
        super().__init__(why.value)
        self.why, self.most = why, most


@dataclass(frozen=True, slots=True)
class Item:
    """A question as marking needs it; `body` holds the parts of its kind as in question.schema.json."""

    code: str
    kind: str
    objective: str
    critical: bool
    body: Mapping[str, Any] = field(hash=False)

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(option["id"] for option in self.body.get("options", ()))

    @property
    def right(self) -> frozenset[str]:
        return frozenset(option["id"] for option in self.body.get("options", ()) if option["correct"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """A marked test. `percent` is rounded down, so it reaches the pass mark only if the exact share does.

    `waiting` counts questions that a person has to mark; until then nothing is passed.
    """

    correct: int
    percent: int
    passed: bool
    review: tuple[str, ...]
    waiting: int = 0
