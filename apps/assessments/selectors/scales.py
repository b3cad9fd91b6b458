"""The scale that each question is answered on, with names in the reader's language, and what evidence supports on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.assessments.models import Assessment
from apps.core.charts.marks import HIGHEST, site_names
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.frameworks.selectors import Book, Entry, book_of, framework_spec
from apps.scoring.engine import default_target
from apps.scoring.evidence import caps_on
from apps.scoring.methods import find_method


@dataclass(frozen=True, slots=True)
class OwnScale:
    """The names of the levels of one question, from 0 up."""

    names: tuple[str, ...]

    @property
    def highest(self) -> int:
        return len(self.names) - 1

    @property
    def caps(self) -> tuple[int, int, int, int]:
        """The highest levels that evidence of the grades E0, E1, E2 and E3 supports."""
        return caps_on(self.highest)

    @property
    def usual(self) -> bool:
        """Whether the levels are 0 to 5."""
        return self.highest == HIGHEST

    def name(self, level: int | None) -> str:
        """The name of a level; empty for none, and for a number that the scale does not have."""
        return str(self.names[level]) if level is not None and level <= self.highest else ""

    def has(self, choice: str) -> bool:
        """Whether a choice of the form is one of the levels."""
        return choice.isascii() and choice.isdecimal() and choice in map(str, range(len(self.names)))


def scale_in(book: Book, entry: Entry) -> OwnScale:
    """The scale of an indicator of a book."""
    return OwnScale(tuple(map(str, site_names([step.name for step in book.scales[entry.scale]]))))


def scale_of(assessment: Assessment, code: str) -> OwnScale:
    """The scale that a question of an assessment is answered on."""
    book = book_of(assessment.version_of)
    return scale_in(book, book.entries[code])


def scales_used(document: Mapping[str, Any], version: FrameworkVersion) -> tuple[tuple[str, ...], ...]:
    """The names of the levels of every scale that the indicators of a result are measured on, each once."""
    book = book_of(version)
    entries = (book.entries[row["code"]] for row in document["indicators"] if row["code"] in book.entries)
    return tuple(dict.fromkeys(scale_in(book, entry).names for entry in entries))


def target_of(assessment: Assessment, code: str) -> int:
    """The level that is wanted of a question, on its own scale."""
    spec, targets = framework_spec(assessment.version_of, assessment.scope), assessment.targets
    if code in targets:
        return int(targets[code])
    track = int(targets.get("default", default_target(spec)))
    return spec.own_level(spec.by_code[code], track if track in spec.scale else default_target(spec))


def may_not_apply(assessment: Assessment, indicator: Indicator) -> bool:
    """Whether "does not apply" may be answered: never on a key indicator, nor where framework or method forbid it."""
    spec = framework_spec(assessment.version_of, assessment.scope)
    allowed = bool(indicator.help.get("not_applicable", True)) and not indicator.key
    return allowed and find_method(spec.method).takes_not_applicable
