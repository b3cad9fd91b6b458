"""The region as a program reads it: the figures of the page, without its filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.insights.selectors.regional.areas import AreaLine, area_lines
from apps.insights.selectors.regional.world import Line, world_of


@dataclass(frozen=True, slots=True)
class MemberData:
    """A member of the region. `state` is shared, none (no result yet) or hidden (does not share).

    `overall` and `levels` are what its squares say: a level, or a percent where the framework has no levels; `levels` has
    an area only where there is one. `moved` is up, down, same, later (not worked out yet) or empty.
    """

    public_id: str
    name: str
    kind: str
    sector: str
    state: str
    result_of: date | None
    overall: str
    levels: Mapping[str, str]
    moved: str
    asks: list[str]
    offers: list[str]


@dataclass(frozen=True, slots=True)
class RegionData:
    """All members by name, and areas from the weakest; figures of areas are about all `sharing` members, none under five."""

    framework: str
    steps: list[str]
    sharing: int
    members: list[MemberData]
    areas: list[AreaLine]


def region_data(user: User, programme_id: str) -> RegionData:
    """The region of a programme, for its office. Raises Http404 for others. A constant number of queries."""
    world = world_of(user, programme_id)
    return RegionData(
        world.framework, list(world.steps), len(world.sharing), [_member(line) for line in world.lines], area_lines(world),
    )  # fmt: skip


def _member(line: Line) -> MemberData:
    kept = line.kept
    moved = line.moved
    return MemberData(
        public_id=line.member.public_id,
        name=line.member.name,
        kind=line.member.kind,
        sector=line.member.sector,
        state=line.state,
        result_of=localdate(line.held.at) if line.held else None,
        overall=kept.overall.text if kept else "",
        levels={code: part.text for code, part in kept.areas.items() if part.text} if kept else {},
        moved=("later" if moved.later else moved.way) if moved else "",
        asks=sorted(line.asks),
        offers=sorted(line.offers),
    )
