"""Where the organisations of a nation stand, for those who roll them up. Nothing of it goes to a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, cast

from django.db.models import Count, Prefetch, Q

from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Member
from apps.scoring.editions import Entry
from apps.scoring.rollup import Criticality


class Kept(NamedTuple):
    """What an edition keeps of an organisation: never its points."""

    sector: str
    criticality: Criticality
    result: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation that counts or is designated; `points` (0–100 by area) is empty where it brings nothing."""

    member: str
    sector: str
    criticality: Criticality
    designated: bool
    result: str
    points: Mapping[str, Fraction]

    @property
    def kept(self) -> Kept:
        return Kept(self.sector, self.criticality, self.result)

    def entry(self, code: str) -> Entry:
        """What it brings to the area `code`."""
        return Entry(self.sector, self.criticality, self.points[code])


def leading_version(nation: Member) -> FrameworkVersion | None:
    """The version of the shared framework that most organisations which take part have answered. Two queries."""
    rows = on_shared(Result.objects.standing().filter(member__nation=nation, member__in_picture=True))
    counted = (
        rows.order_by().values("assessment__version_of").annotate(answered=Count("member", distinct=True))
    )
    most = counted.order_by("-answered", "-assessment__version_of").first()
    if most is None:
        return None
    return FrameworkVersion.objects.select_related("framework").get(pk=most["assessment__version_of"])


def standings(nation: Member, version: FrameworkVersion) -> list[Standing]:
    """The nation's organisations that take part in its picture, or are designated, by their newest result. Two queries."""
    results = Result.objects.standing().filter(assessment__version_of=version).latest_first()
    rows = nation.organisations.filter(Q(in_picture=True) | Q(is_designated=True)).order_by("pk")
    return [_standing(row) for row in rows.prefetch_related(Prefetch("results", results, to_attr="newest"))]


def _standing(row: Member) -> Standing:
    newest: list[Result] = row.newest if row.in_picture else []  # type: ignore[attr-defined]
    criticality = cast(Criticality, row.criticality)
    if not newest:
        return Standing(row.public_id, row.sector, criticality, row.is_designated, "", {})
    return Standing(
        row.public_id,
        row.sector,
        criticality,
        row.is_designated,
        newest[0].public_id,
        points_of(newest[0].document),
    )


def own_points(nation: Member, version: FrameworkVersion) -> dict[str, Fraction]:
    """The nation's own evidenced points by area, from its newest result on the version. One query."""
    rows = Result.objects.standing().filter(member=nation, assessment__version_of=version)
    newest = rows.latest_first().first()
    return points_of(newest.document) if newest else {}


def points_of(document: Mapping[str, Any]) -> dict[str, Fraction]:
    """Evidenced points by area, of those areas that have a value."""
    areas = document["evidenced"]["areas"]
    return {part["code"]: Fraction(part["value"]["exact"]) for part in areas if part.get("value")}


def kept_points(
    found: Iterable[Standing], earlier: Iterable[Mapping[str, Mapping[str, Kept]]]
) -> dict[tuple[str, str], Fraction]:
    """Points by (result, area) of every result that an edition rested on and is still held. One query."""
    known = {row.result: row.points for row in found if row.result}
    asked = {kept[2] for areas in earlier for rows in areas.values() for kept in rows.values()} - known.keys()
    for result in Result.objects.filter(public_id__in=asked):
        known[result.public_id] = points_of(result.document)
    return {(result, code): value for result, points in known.items() for code, value in points.items()}
