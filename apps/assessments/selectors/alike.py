"""Several results of one member over what every edition among them measures alike, so that a line through them is one of answers.

Like `since`, for more than two: all are scored again by the engine over the same indicators, with the newest edition's
weights. What one of the editions does not measure alike is left out of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.assessments.models import Result
from apps.assessments.selectors.since import published_documents, scored_over
from apps.frameworks.selectors.comparing import (
    Change,
    Share,
    answers_over,
    comparable_in,
    comparison,
    only_indicators,
    weight_of,
)
from apps.scoring import InputFaults

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alike:
    """One document for each result, under the codes of the newest edition; None for one that shares nothing with it.

    `share` is how much of the newest edition counts; None when all results are of that edition, so that all of it does.
    """

    documents: tuple[Document | None, ...]
    share: Share | None


def alike(results: Sequence[Result]) -> Alike:
    """`results` of one member on one framework and scope, the oldest first. No query for one edition, 1 across editions."""
    newest = results[-1]
    edition = newest.document.get("framework")
    if all(row.document.get("framework") == edition for row in results):
        return Alike(tuple(row.document for row in results), None)
    documents, current = published_documents(newest), newest.assessment.version_of_id
    new = documents.get(current)
    olders = {row.assessment.version_of_id for row in results} - {current}
    nothing = Share(0, len(newest.document["indicators"]), Fraction())
    only_new = tuple(row.document if row.document.get("framework") == edition else None for row in results)
    if new is None:
        return Alike(only_new, nothing)
    scope = newest.document["scope"]
    ways = {pk: _way(pk, current, documents, scope) for pk in olders if pk in documents}
    kept = _in_all([way for way in ways.values() if way])
    if not kept:
        return Alike(only_new, nothing)
    try:
        part = only_indicators(new, kept)
        return Alike(
            tuple(_counted(row, part, kept, ways, new) for row in results), weight_of(kept, new, scope)
        )
    except InputFaults:
        return Alike(only_new, nothing)


def _way(old: int, new: int, documents: Mapping[int, dict[str, Any]], scope: str) -> tuple[Change, ...]:
    """What of edition `new` the edition `old` measures alike in the scope."""
    between = [document for pk, document in documents.items() if pk not in (old, new)]
    found = comparison(documents[old], documents[new], between=between)
    return comparable_in(found, documents[old], documents[new], scope)


def _in_all(ways: Sequence[Sequence[Change]]) -> frozenset[str]:
    """Codes that each way has, and no part of an indicator without its other parts."""
    if not ways:
        return frozenset()
    kept = frozenset.intersection(*(frozenset(code for row in way for code in row.after) for way in ways))
    while True:
        torn = {code for way in ways for row in way if not kept.issuperset(row.after) for code in row.after}
        if not torn & kept:
            return kept
        kept -= torn


def _counted(
    row: Result,
    part: dict[str, Any],
    kept: frozenset[str],
    ways: Mapping[int, Sequence[Change]],
    new: Document,
) -> Document | None:
    """A result over the kept indicators. Raises `InputFaults`."""
    version, given = row.assessment.version_of_id, row.inputs["answers"]
    if row.document["framework"]["version"] == new["version"]:
        return scored_over(part, row.inputs, {code: given[code] for code in given if code in kept})
    changes = [change for change in ways.get(version, ()) if kept.issuperset(change.after)]
    return scored_over(part, row.inputs, answers_over(changes, given, new)) if changes else None
