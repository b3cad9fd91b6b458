"""What a stored result says about areas; every figure comes from its document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors import on_shared
from apps.frameworks.models import Area, Indicator
from apps.members.models import Member

MENTOR_LEVEL = 4
MENTOR_LEVEL_WITH_RECORD = 3
HIGHEST_LEVEL = 5
LEVELS_ABOVE = 2


@dataclass(frozen=True, slots=True)
class IndicatorGap:
    """One indicator with work to do: evidenced level, target, and its exact priority."""

    code: str
    name: str
    level: int
    target: int
    priority: Fraction


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """An area of a result: evidenced level 0–5, sum of its indicators' priorities, whether E3 supports it."""

    code: str
    name: str
    level: int
    target: int
    priority: Decimal
    gaps: tuple[IndicatorGap, ...]
    independently_shown: bool


def latest_result(user: User, member: Member) -> Result | None:
    """The newest result on the shared framework, whose areas help is asked and offered in, of a member of the user."""
    rows = on_shared(Result.objects.visible_to(user).standing().filter(member=member)).latest_first()
    return rows.select_related("assessment").first()


def area_levels(areas: list[Mapping[str, Any]] | None) -> dict[str, int | None]:
    """Evidenced level by area code, from a document's `evidenced.areas`; None where nothing was answered."""
    return {a["code"]: a["label"]["level"] if a.get("label") else None for a in areas or ()}


def areas_of(result: Result) -> list[AreaFigures]:
    """All answered areas of a result, the highest priority first. Two queries, for names only."""
    version = result.assessment.version_of_id
    names = dict(Area.objects.filter(version=version).values_list("code", "name"))
    indicator_names = dict(Indicator.objects.filter(version=version).values_list("code", "name"))
    gaps: dict[str, list[IndicatorGap]] = {}
    targets: dict[str, int] = {}
    for row in result.document["indicators"]:
        targets[row["area"]] = max(targets.get(row["area"], 0), row["target"])
        if gap := _gap(row, indicator_names):
            gaps.setdefault(row["area"], []).append(gap)
    answered = [area for area in result.document["evidenced"]["areas"] if area["label"] is not None]
    found = [_area(a, names, gaps.get(a["code"], []), targets.get(a["code"], 0)) for a in answered]
    return sorted(found, key=lambda a: (-a.priority, a.code))


def _gap(row: Mapping[str, Any], names: Mapping[str, str]) -> IndicatorGap | None:
    if (
        row["evidenced"] is None
        or row["priority"] is None
        or not (priority := Fraction(row["priority"]["exact"]))
    ):
        return None
    return IndicatorGap(
        row["code"], names.get(row["code"], row["code"]), row["evidenced"], row["target"], priority
    )


def _area(
    area: Mapping[str, Any], names: Mapping[str, str], gaps: list[IndicatorGap], target: int
) -> AreaFigures:
    total = sum((g.priority for g in gaps), Fraction())
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    return AreaFigures(
        code=area["code"],
        name=names.get(area["code"], area["code"]),
        level=area["label"]["level"],
        target=target,
        priority=exact.quantize(Decimal("0.01"), ROUND_HALF_UP),
        gaps=tuple(sorted(gaps, key=lambda g: (-g.priority, g.code))),
        independently_shown=area["coverage"]["by_grade"]["E3"] > 0,
    )
