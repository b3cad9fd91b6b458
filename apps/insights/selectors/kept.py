"""Where stored results stand, from the short form beside their documents, read once in a process.

A stored result never changes, so what was read of it stays true; it is found again by its public id, which is never
used twice. Nothing here says who may read it: whoever asks has chosen the results.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from apps.assessments.models import Result, ResultFigures
from apps.assessments.selectors import Yardstick, yardstick_of
from apps.assessments.selectors.figures import BASES, Figures, Part, figures_of, place_of, stored
from apps.frameworks.models import FrameworkVersion

MOST_KEPT = 6000  # results of one process: three rounds of 2,000 members, some 30 MB
WHOLE = ("measure", "method", "outcome", "scope")

__all__ = ["BASES", "Figures", "Held", "Part", "held", "place_of", "read_kept", "steps_of", "versions_of"]


class Held(NamedTuple):
    """A result that somebody may read something of, without its document."""

    pk: int
    public_id: str
    member: int
    version: int
    round: int | None
    at: Any


_kept: OrderedDict[str, Figures] = OrderedDict()
_lock = Lock()


def held(rows: QuerySet[Result]) -> list[Held]:
    """The results without their documents, in the order of the rows. One query."""
    fields = ("pk", "public_id", "member", "assessment__version_of", "assessment__round", "computed_at")
    return [Held(*row) for row in rows.values_list(*fields)]


def read_kept(held: Iterable[Held], versions: Mapping[int, FrameworkVersion]) -> dict[int, Figures]:
    """What is known of each result by its key. One query for all that this process has not read yet, else none."""
    asked = list(held)
    with _lock:
        found = {row.pk: _kept[row.public_id] for row in asked if row.public_id in _kept}
    missing = {row.pk: row for row in asked if row.pk not in found}
    if missing:
        read = {row.pk: stored(row) for row in ResultFigures.objects.filter(pk__in=missing)}
        read |= _from_documents({pk: row for pk, row in missing.items() if pk not in read}, versions)
        found |= read
        with _lock:
            _kept.update((missing[pk].public_id, kept) for pk, kept in read.items())
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return found


def versions_of(held: Iterable[Held]) -> dict[int, FrameworkVersion]:
    """The framework versions of these results, without their long documents. One query."""
    rows = FrameworkVersion.objects.filter(pk__in={row.version for row in held})
    return {row.pk: row for row in rows.select_related("framework").defer("document")}


def steps_of(row: Held, version: FrameworkVersion) -> tuple[str, ...]:
    """What the steps of a result are called in the reader's language; empty where it has values. One query."""
    # A column of the result has the name of one of the keys, so that all are read under other names.
    read: dict[str, Any] = {f"its_{key}": KeyTransform(key, "document") for key in WHOLE}
    document = Result.objects.filter(pk=row.pk).annotate(**read).values(*read).get()
    return yardstick_of({key: document[f"its_{key}"] for key in WHOLE}, version).steps


def _from_documents(
    missing: Mapping[int, Held], versions: Mapping[int, FrameworkVersion]
) -> dict[int, Figures]:
    """Results that have no short form yet, as after an upgrade that was broken off: of each document only what is needed."""
    if not missing:
        return {}
    read: dict[str, Any] = {f"its_{key}": KeyTransform(key, "document") for key in WHOLE}
    read |= {f"areas_{basis}": KeyTransform("areas", KeyTransform(basis, "document")) for basis in BASES}
    read["whole"] = KeyTransform("overall", KeyTransform("evidenced", "document"))
    sticks: dict[tuple[int, str], Yardstick] = {}
    found = {}
    for row in Result.objects.filter(pk__in=missing).annotate(**read).values("pk", *read):
        document: dict[str, Any] = {key: row[f"its_{key}"] for key in WHOLE}
        version = missing[row["pk"]].version
        key = (version, str(document))
        if key not in sticks:
            sticks[key] = yardstick_of(document, versions[version])
        document |= {basis: {"areas": row[f"areas_{basis}"] or ()} for basis in BASES}
        document["evidenced"]["overall"] = row["whole"]
        found[row["pk"]] = figures_of(document, sticks[key])
    return found
