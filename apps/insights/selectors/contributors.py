"""Who counts in a release of the benchmark, and what earlier ones rested on. Nothing of it goes to a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count
from django.utils.timezone import get_default_timezone, make_aware

from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.benchmark.releases import Cell, Contributor, Release, Shown, Withheld
from apps.benchmark.rules import cuts
from apps.frameworks.models import FrameworkVersion
from apps.insights.models import BenchmarkConsent, BenchmarkPlace, BenchmarkRelease
from apps.insights.selectors.standings import points_of

GONE = Fraction(-1)
Bases = dict[tuple[int, str, str], dict[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Contributors:
    """Those who count, and by member the public id of the result that counts."""

    version: FrameworkVersion | None
    people: list[Contributor]
    results: Mapping[str, str]


def contributors(cut_off: date) -> Contributors:
    """Approved organisations that agreed to this release, by their newest result up to its cut-off. Four queries."""
    agreed = BenchmarkConsent.objects.filter(cut_off=cut_off, withdrawn_at__isnull=True).values("member")
    places = {row.member_id: row for row in BenchmarkPlace.objects.filter(member__in=agreed)}
    end = make_aware(datetime.combine(cut_off + timedelta(days=1), time.min), get_default_timezone())
    held = on_shared(Result.objects.standing().filter(member__in=list(places), computed_at__lt=end))
    version = _leading(held)
    newest: dict[int, Result] = {}
    rows = held.filter(assessment__version_of=version).latest_first().select_related("member")
    for result in rows if version else ():
        newest.setdefault(result.member_id, result)
    people = [_contributor(places[member], result) for member, result in newest.items()]
    return Contributors(version, people, {r.member.public_id: r.public_id for r in newest.values()})


def _leading(held: Any) -> FrameworkVersion | None:
    """The version that most of them answered: only like is compared with like."""
    counted = held.order_by().values("assessment__version_of").annotate(n=Count("member", distinct=True))
    most = counted.order_by("-n", "-assessment__version_of").first()
    if most is None:
        return None
    return FrameworkVersion.objects.select_related("framework").get(pk=most["assessment__version_of"])


def _contributor(place: BenchmarkPlace, result: Result) -> Contributor:
    where = {"region": place.region, "income": place.income, "sector": place.sector}
    return Contributor(result.member.public_id, where, points_of(result.document))


def earlier_releases() -> list[Release]:
    """Every release so far as the rules need it, the oldest first. Two queries.

    A result that is no longer held brings a value that equals no other.
    """
    rows = list(BenchmarkRelease.objects.filter(is_demo=False).order_by("number"))
    points = _points(rows)
    bases: Bases = {
        (row.number, area, cut): {member: points.get((result, area), GONE) for member, result in kept.items()}
        for row in rows
        for area, of_cuts in row.rests_on.items()
        for cut, kept in of_cuts.items()
    }
    return [_release(row, bases) for row in rows]


def _points(rows: Iterable[BenchmarkRelease]) -> dict[tuple[str, str], Fraction]:
    """Points by (result, area) of every result behind a figure."""
    asked = {
        result
        for row in rows
        for of_cuts in row.rests_on.values()
        for kept in of_cuts.values()
        for result in kept.values()
    }
    return {
        (result.public_id, code): value
        for result in Result.objects.filter(public_id__in=asked)
        for code, value in points_of(result.document).items()
    }


def _release(row: BenchmarkRelease, bases: Bases) -> Release:
    by_code = {cut.code: cut for cut in cuts()}
    areas = {
        area["code"]: {by_code[line["cut"]]: _cell(area["code"], line, bases) for line in area["cells"]}
        for area in row.document["areas"]
    }
    return Release(row.number, row.cut_off.isoformat(), areas)


def _cell(area: str, line: Mapping[str, Any], bases: Bases) -> Cell:
    if "withheld" in line:
        return Withheld(line["withheld"])
    figures = {key: value for key, value in line.items() if key not in ("cut", "release", "as_of")}
    return Shown(line["release"], line["as_of"], figures, bases[line["release"], area, line["cut"]])
