"""What is wrong with a draft, or could be said better, each note with the page that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from apps.frameworks.models import FrameworkVersion
from apps.frameworks.services.checking import document_faults
from apps.frameworks.services.linting import lint_framework

KEPT = 16
PAGES = {
    "indicators": "indicator", "areas": "area", "dimensions": "dimension", "profiles": "profile", "method": "method",
    "tiers": "method", "prerequisites": "indicator",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """`page` is the kind of page that mends it ("" for none), `code` what that page is about."""

    text: str
    page: str
    code: str


@dataclass(frozen=True, slots=True)
class Notes:
    """Faults stop a draft from being published; advice is what a careful reader would say."""

    faults: tuple[Note, ...]
    advice: tuple[Note, ...]

    def of(self, code: str) -> tuple[Note, ...]:
        """All notes on one indicator, area or dimension."""
        return tuple(note for note in (*self.faults, *self.advice) if note.code == code)


def draft_notes(version: FrameworkVersion) -> Notes:
    """The notes on a version, counted once per document."""
    return _notes(version.document_hash, version)


@lru_cache(maxsize=KEPT)
def _notes(document_hash: str, version: FrameworkVersion) -> Notes:
    document = version.document
    faults = document_faults(document)
    advice = [] if faults else [f"{found.place}: {found.sentence}" for found in lint_framework(document)]
    return Notes(_placed(faults, document), _placed(advice, document))


def _placed(sentences: list[str], document: dict[str, Any]) -> tuple[Note, ...]:
    codes = {
        kind: sorted((row["id"] for row in document.get(kind, [])), key=len, reverse=True)
        for kind in ("indicators", "areas", "dimensions", "profiles")
    }
    return tuple(_note(sentence, codes) for sentence in sentences)


def _note(sentence: str, codes: dict[str, list[str]]) -> Note:
    """`indicators.GOV.1.1.levels: …` is about GOV.1.1; ids have dots themselves, so the longest that fits is meant."""
    kind, _dot, rest = sentence.partition(".")
    place = rest.partition(": ")[0]
    for code in codes.get(kind, []):
        if place == code or place.startswith((f"{code}.", f"{code}[")):
            return Note(sentence, PAGES[kind], code)
    if kind.startswith(("method", "tiers")):
        return Note(sentence, "method", "")
    if kind.startswith(("scale", "name", "description", "source")):
        return Note(sentence, "about", "")
    return Note(sentence, "", "")
