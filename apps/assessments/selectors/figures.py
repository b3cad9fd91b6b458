"""Where the whole and the areas of a result stand: read out of its document, and the short form that is stored beside it.

The document alone counts. The short form is what pages about many members read, so that they need not open documents
of a hundred kilobytes; `mistaken` says where the two differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from apps.assessments.models import Result, ResultFigures
from apps.assessments.selectors.yardstick import Yardstick, yardstick_of
from apps.frameworks.models import FrameworkVersion

POINTS_A_LEVEL = 20
BASES = ("claimed", "evidenced")
AT_ONCE = 100
READ = ("public_id", "document", "assessment__version_of", "figures__overall", "figures__areas")
Document = Mapping[str, Any]


class Part(NamedTuple):
    """The whole or an area: its step, what stands in its square, its colour 0–5, and how far it is: `step` of `of`.

    Without named steps `rank` is None and `of` is 100; `step` is None where nothing was answered. `exact` is the value as
    numerator/denominator, of the whole only.
    """

    rank: int | None
    text: str
    shade: int
    step: int | None
    of: int
    exact: str = ""


@dataclass(frozen=True)
class Figures:
    """`rows` is JSON text: code, rank, text, shade, step, of, claimed and evidenced level of each area."""

    overall: Part
    rows: str

    @cached_property
    def areas(self) -> Mapping[str, Part]:
        """Where each area stands by its evidenced value."""
        return {row[0]: Part(*row[1:6]) for row in json.loads(self.rows)}

    @cached_property
    def levels(self) -> Mapping[str, Mapping[str, float]]:
        """Levels 0–5, unrounded, by basis and area, where there is a value (20 points are a level)."""
        rows = json.loads(self.rows)
        return {
            basis: {row[0]: row[place] for row in rows if row[place] is not None}
            for place, basis in enumerate(BASES, 6)
        }


def place_of(stick: Yardstick, part: Document | None, *, exactly: bool = True) -> Part:
    """Where a part of a document stands by its yardstick."""
    text, shade = stick.mark(part)
    rank = stick.rank(part)
    exact = str(part["value"]["exact"]) if exactly and part and part.get("value") else ""
    if rank is not None:
        return Part(rank, text, shade, rank, stick.top, exact)
    share = stick.share(part)
    return Part(None, text, shade, None if share is None else int(share), 100, exact)


def figures_of(document: Document, stick: Yardstick) -> Figures:
    """The figures that a document says, measured with its own yardstick."""
    levels = {basis: _levels(document[basis]["areas"]) for basis in BASES}
    rows = [
        [
            part["code"],
            *place_of(stick, part, exactly=False)[:5],
            *(levels[b].get(part["code"]) for b in BASES),
        ]
        for part in document["evidenced"]["areas"]
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Figures(place_of(stick, document["evidenced"]["overall"]), text)


def stored(row: ResultFigures) -> Figures:
    """The figures as they were stored."""
    return Figures(Part(*row.overall), row.areas)


def result_figures(result: Result, version: FrameworkVersion) -> ResultFigures:
    """The short form of a result on `version`, not yet stored."""
    found = figures_of(result.document, yardstick_of(result.document, version))
    # By its key: given the result itself, Django would take this row for the stored one from now on.
    return ResultFigures(result_id=result.pk, overall=list(found.overall), areas=found.rows)


def mistaken() -> Iterator[tuple[Result, ResultFigures]]:
    """Results whose short form is missing or is not what their document says, with what it should be."""
    last, sticks = 0, dict[int, FrameworkVersion]()
    rows = Result.objects.select_related("figures", "assessment").order_by("pk").only(*READ)
    while chunk := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = chunk[-1].pk
        wanted = {row.assessment.version_of_id for row in chunk} - sticks.keys()
        sticks |= FrameworkVersion.objects.select_related("framework").in_bulk(wanted)
        for row in chunk:
            right = result_figures(row, sticks[row.assessment.version_of_id])
            kept = getattr(row, "figures", None)
            if kept is None or stored(kept) != stored(right):
                yield row, right


def _levels(areas: Iterable[Document]) -> dict[str, float]:
    return {
        area["code"]: float(Fraction(area["value"]["exact"]) / POINTS_A_LEVEL)
        for area in areas
        if area.get("value")
    }
