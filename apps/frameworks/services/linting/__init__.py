"""The linter: whether a person alone could tell the level of each indicator from its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apps.frameworks.services.linting.finding import Finding, Severity, word_set
from apps.frameworks.services.linting.guidance import crosswalk_findings, guidance_findings
from apps.frameworks.services.linting.ladders import ladder_findings
from apps.frameworks.services.linting.profiles import profile_findings, targets_of
from apps.frameworks.services.linting.terms import term_findings, term_key
from apps.frameworks.services.linting.vocabulary import american_spellings
from apps.frameworks.services.sense import scopes_of

__all__ = ["Finding", "Severity", "lint_framework", "targets_of", "term_key"]

# The rules on wording know English only; a framework in another language is held to the others.
LANGUAGE = "en"


def lint_framework(document: dict[str, Any]) -> list[Finding]:
    """Return every finding on a framework document that fulfils its schema, in the order of the document."""
    language = document["language"]
    findings = [finding for row in document["indicators"] for finding in _indicator(document, row)]
    findings += [*term_findings(document), *profile_findings(document)]
    if language.split("-")[0] == LANGUAGE:
        return findings if language == "en-US" else findings + list(_spelling(document))
    return [finding for finding in findings if finding.rule not in WORDING]


WORDING = word_set(
    "vague-word one-condition empty-passive hard-to-read frequency level-zero nesting different-in-kind evidence-age term-used "
    "term-explained acronym profile-description"
)
NOT_OURS = frozenset({"translations", "crosswalk", "crosswalks", "source", "id", "changes"})


def _indicator(document: dict[str, Any], row: dict[str, Any]) -> Iterator[Finding]:
    place = f"indicators.{row['id']}"
    yield from guidance_findings(place, row)
    yield from crosswalk_findings(
        f"{place}.crosswalk",
        row.get("crosswalk", {}),
        {each["id"]: each for each in document.get("crosswalks", [])},
    )
    explained = {word["term"] for word in row.get("words", [])}
    levels = row.get("levels", {})
    for scope in scopes_of(row):
        if scope not in levels:
            # It can be answered by the meanings of the scale, so this is advice; a ladder with a gap is a fault.
            yield Finding(f"{place}.levels.{scope}", "all-levels", "it has no descriptors")
            continue
        yield from ladder_findings(
            f"{place}.levels.{scope}", levels[scope], _highest(document, row), explained
        )


def _highest(document: dict[str, Any], row: dict[str, Any]) -> int:
    """The highest level of the scale that an indicator is answered on."""
    own = {scale["id"]: scale["levels"] for scale in document.get("scales", [])}
    return len(own.get(row.get("scale"), document["scale"]["levels"])) - 1


def _spelling(document: dict[str, Any]) -> Iterator[Finding]:
    """American spellings in any text of the document; ids, links and translations are left alone."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}.{key}", each) for key, each in value.items() if key not in NOT_OURS]
        elif isinstance(value, list):
            waiting += [(place + _name(each, number), each) for number, each in enumerate(value)]
        elif isinstance(value, str):
            for found, british in american_spellings(value):
                yield Finding(place.lstrip("."), "spelling", f"“{found}”: write {british}")


def _name(row: Any, number: int) -> str:
    return f".{row['id']}" if isinstance(row, dict) and "id" in row else f"[{number}]"
