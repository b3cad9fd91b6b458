"""Areas over all members that share a result, and the list behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from typing import NamedTuple

from django.http import Http404

from apps.accounts.models import User
from apps.core.charts.marks import shade_of
from apps.insights.selectors.regional.squares import Square, area_square
from apps.insights.selectors.regional.world import AreaName, Line, World, world_of
from apps.members.models import Programme

SMALLEST_GROUP = 5
REACHED = 3  # of five: level 3 of 0–5, or as far on another scale


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area over all members that share a result, with its requests and places.

    `level` is the lower middle step, or a percent where there are no steps, and `reached` how many are three fifths of the
    way; both None for fewer than five. `counts` are how many stand at each step from 0 up; empty for fewer than five, and
    where there are no steps.
    """

    code: str
    name: str
    level: int | None
    shade: int
    reached: int | None
    counted: int | None
    requests: int
    places: int
    counts: tuple[int, ...] = ()


class Middle(NamedTuple):
    """Where the middle one of many members stands, its colour 0–5, and how many reached level 3 or as far."""

    level: int
    shade: int
    reached: int


@dataclass(frozen=True, slots=True)
class AreaMember:
    """A member behind the figures of an area."""

    public_id: str
    name: str
    square: Square
    says: str
    reached: bool
    computed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AreaPage:
    """The list behind an area's figures: who stands where, who asks and who offers. `hidden` members share nothing."""

    programme: Programme
    line: AreaLine
    steps: tuple[str, ...]
    rows: tuple[AreaMember, ...]
    asking: tuple[str, ...]
    offering: tuple[str, ...]
    hidden: int
    without: int


def area_page(user: User, programme_id: str, code: str) -> AreaPage:
    """Who stands where in an area, the weakest first. Raises Http404 for others, and for an area that no result has."""
    world = world_of(user, programme_id)
    line = next((row for row in area_lines(world) if row.code == code), None)
    if line is None:
        raise Http404
    answered = [
        (part.step / part.of, one)
        for one in world.sharing
        if (part := one.part(code)) and part.step is not None
    ]
    answered.sort(key=lambda pair: pair[0])
    return AreaPage(
        programme=world.programme,
        line=line,
        steps=world.steps,
        rows=tuple(_area_member(one, code, world.steps) for _way, one in answered),
        asking=tuple(one.member.name for one in world.lines if code in one.asks),
        offering=tuple(one.member.name for one in world.lines if code in one.offers),
        hidden=sum(one.state == "hidden" for one in world.lines),
        without=sum(one.state != "hidden" for one in world.lines) - len(answered),
    )


def _area_member(line: Line, code: str, steps: Sequence[str]) -> AreaMember:
    part = line.part(code)
    says = steps[part.rank] if part and part.rank is not None and part.rank < len(steps) else ""
    reached = bool(part and part.step is not None and _reached(part.step, part.of))
    return AreaMember(
        line.member.public_id, line.member.name, area_square(line, code), says, reached,
        line.held.at if line.held else None,
    )  # fmt: skip


def area_lines(world: World) -> list[AreaLine]:
    """Areas from weakest to strongest; those without five members behind them after, in framework order."""
    places: dict[str, list[tuple[int, int]]] = {code: [] for code in world.areas}
    for line in world.sharing:
        for code, part in line.kept.areas.items() if line.kept else ():
            if part.step is not None and code in places:
                places[code].append((part.step, part.of))
    rows = [_area_line(area, places[area.code], world) for area in world.areas.values()]
    known = [row for row in rows if row.reached is not None and row.counted]
    known.sort(key=lambda row: ((row.reached or 0) / (row.counted or 1), row.level or 0, row.code))
    return known + [row for row in rows if row.reached is None]


def _area_line(area: AreaName, found: Sequence[tuple[int, int]], world: World) -> AreaLine:
    asked = (world.requests.get(area.code, 0), world.places.get(area.code, 0))
    if len(found) < SMALLEST_GROUP:
        return AreaLine(area.code, area.name, None, 0, None, None, *asked)
    middle, counts = middle_of(found), _counts(found, len(world.steps))
    return AreaLine(area.code, area.name, *middle, len(found), *asked, counts)


def middle_of(found: Sequence[tuple[int, int]]) -> Middle:
    """Of members that stand so far of so many steps each, the lower middle one and how many are three fifths of the way."""
    level, top = median_low(found)
    return Middle(level, shade_of(level, top), sum(_reached(step, of) for step, of in found))


def _reached(step: int, of: int) -> bool:
    return 5 * step >= REACHED * of


def _counts(found: Sequence[tuple[int, int]], steps: int) -> tuple[int, ...]:
    """How many stand at each of `steps` steps; empty where somebody stands on another scale."""
    if not steps or any(of != steps - 1 for _step, of in found):
        return ()
    counted = Counter(step for step, _of in found)
    return tuple(counted[step] for step in range(steps))
