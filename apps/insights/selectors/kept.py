"""Where the areas of a stored result stand, read out of its long document once in a process.

A stored result never changes, so what was read of it stays true; it is found again by its public id, which is never
used twice. Nothing here says who may read it: whoever asks has chosen the results.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from apps.assessments.models import Result
from apps.assessments.selectors import Yardstick, yardstick_of
from apps.frameworks.models import FrameworkVersion

MOST_KEPT = 6000  # results of one process: three rounds of 2,000 members, some 30 MB
POINTS_A_LEVEL = 20
BASES = ("claimed", "evidenced")
WHOLE = ("measure", "method", "outcome", "scope")


class Held(NamedTuple):
    """A result that somebody may read something of, without its document."""

    pk: int
    public_id: str
    member: int
    version: int
    round: int | None
    at: Any


class Part(NamedTuple):
    """The whole or an area: its step, what stands in its square, its colour 0–5, and how far it is: `step` of `of`.

    Without named steps `rank` is None and `of` is 100; `step` is None where nothing was answered.
    """

    rank: int | None
    text: str
    shade: int
    step: int | None
    of: int
    exact: str


class Kept(NamedTuple):
    """`areas` are evidenced; `levels` are 0–5, unrounded, by basis and area, where there is a value.

    `frame` is what of the document its yardstick is made of.
    """

    frame: Mapping[str, Any]
    overall: Part
    display: str
    areas: Mapping[str, Part]
    levels: Mapping[str, Mapping[str, float]]


_kept: OrderedDict[str, Kept] = OrderedDict()
_lock = Lock()


def held(rows: QuerySet[Result]) -> list[Held]:
    """The results without their documents, in the order of the rows. One query."""
    fields = ("pk", "public_id", "member", "assessment__version_of", "assessment__round", "computed_at")
    return [Held(*row) for row in rows.values_list(*fields)]


def read_kept(held: Sequence[Held], versions: Mapping[int, FrameworkVersion]) -> dict[int, Kept]:
    """What is known of each result by its key. One query for all that this process has not read yet, else none."""
    with _lock:
        found = {row.pk: _kept[row.public_id] for row in held if row.public_id in _kept}
    missing = {row.pk: row for row in held if row.pk not in found}
    if missing:
        read = _read(missing, versions)
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


def place_of(stick: Yardstick, part: Mapping[str, Any] | None) -> Part:
    """Where a part of a document stands by its yardstick."""
    text, shade = stick.mark(part)
    rank = stick.rank(part)
    exact = str(part["value"]["exact"]) if part and part.get("value") else ""
    if rank is not None:
        return Part(rank, text, shade, rank, stick.top, exact)
    share = stick.share(part)
    return Part(None, text, shade, None if share is None else int(share), 100, exact)


def _read(missing: Mapping[int, Held], versions: Mapping[int, FrameworkVersion]) -> dict[int, Kept]:
    """The rows out of the database: of each document only the areas, the whole and its measure."""
    # A column of the result has the name of one of the keys, so that all are read under other names.
    read: dict[str, Any] = {f"its_{key}": KeyTransform(key, "document") for key in WHOLE}
    read |= {f"areas_{basis}": KeyTransform("areas", KeyTransform(basis, "document")) for basis in BASES}
    read["whole"] = KeyTransform("overall", KeyTransform("evidenced", "document"))
    sticks: dict[tuple[int, str], tuple[Mapping[str, Any], Yardstick]] = {}
    found = {}
    for row in Result.objects.filter(pk__in=missing).annotate(**read).values("pk", *read):
        document = {key: row[f"its_{key}"] for key in WHOLE}
        version = missing[row["pk"]].version
        key = (version, str(document))
        if key not in sticks:
            sticks[key] = (document, yardstick_of(document, versions[version]))
        found[row["pk"]] = _kept_of(row, *sticks[key])
    return found


def _kept_of(row: Mapping[str, Any], frame: Mapping[str, Any], stick: Yardstick) -> Kept:
    value = (row["whole"] or {}).get("value")
    return Kept(
        frame=frame,
        overall=place_of(stick, row["whole"]),
        display=str(value["display"]) if value else "",
        areas={part["code"]: place_of(stick, part) for part in row["areas_evidenced"] or ()},
        levels={basis: _levels(row[f"areas_{basis}"] or ()) for basis in BASES},
    )


def _levels(areas: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Areas with an answer, as levels from 0 to 5 (20 points are a level), unrounded."""
    return {
        area["code"]: float(Fraction(area["value"]["exact"]) / POINTS_A_LEVEL)
        for area in areas
        if area.get("value")
    }
