"""What the linter found: where, which rule, in a sentence, and how grave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A fault makes a level unusable or a profile impossible; advice makes a text harder to answer alone."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True, order=True)
class Finding:
    """One remark on one place, such as `indicators.GOV.1.1.levels.national[3].text`."""

    place: str
    rule: str
    sentence: str
    severity: Severity = Severity.ADVICE

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence} [{self.severity} {self.rule}]"


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as one line of text."""
    return frozenset(text.split())
