"""The page of a region: the heat table as it was asked for, and figures of the whole programme beside it.

Filters choose rows and columns of the table only. Every figure is about all members that share a result, so that no two
of them differ by one member (docs/decisions/0039).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.courses.selectors import LearnersOverview, learners_overview
from apps.courses.selectors.expiring import Expiring, expiring
from apps.insights.selectors.movement import Movement
from apps.insights.selectors.regional.areas import AreaLine, area_lines
from apps.insights.selectors.regional.asked import Asked, read_asked
from apps.insights.selectors.regional.squares import Square, area_square, overall_square
from apps.insights.selectors.regional.world import AreaName, Line, World, world_of
from apps.insights.selectors.uplift import UpliftPage, programme_uplift
from apps.members.choices import MemberKind
from apps.members.models import Programme

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class TableRow:
    """A member in the heat table; `opens` when its shared result may be opened."""

    public_id: str
    name: str
    state: str
    is_mentor: bool
    engaged: bool
    overall: Square
    moved: Movement | None
    squares: tuple[Square, ...]
    opens: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table with the address that sorts by it, and how it is sorted now ("" for not)."""

    code: str
    name: str
    query: str
    sorted: str


@dataclass(frozen=True, slots=True)
class RegionPage:
    """`shown` of `members` members fit the filters. `later` of them are compared over two editions next time."""

    programme: Programme
    framework: str
    steps: tuple[str, ...]
    finding: str
    members: int
    sharing: int
    engagements: int
    requests: int
    places: int
    rose: tuple[Line, ...]
    fell: tuple[Line, ...]
    later: int
    compared_partly: bool
    asked: Asked
    shown: int
    page: Page[Any]
    rows: tuple[TableRow, ...]
    columns: tuple[Column, ...]
    heads: Mapping[str, Column]
    areas: tuple[AreaLine, ...]
    learners: Sequence[LearnersOverview]
    expiring: Expiring
    uplift: UpliftPage

    @property
    def asked_most(self) -> int:
        """The longest bar of requests and places."""
        return max((max(row.requests, row.places) for row in self.areas), default=0)

    @property
    def spread(self) -> list[AreaLine]:
        """Areas of which it may be said how many members stand at each level."""
        return [row for row in self.areas if row.counts]

    @property
    def statistics(self) -> bool:
        """Whether any area has five members behind it."""
        return any(row.counted for row in self.areas)


def region_page(user: User, programme_id: str, given: Mapping[str, str]) -> RegionPage:
    """The region as asked, for the programme's office. Raises Http404 for others. A constant number of queries."""
    world = world_of(user, programme_id)
    asked, columns, lines = chosen(world, given)
    page = Paginator(lines, ROWS_A_PAGE).get_page(given.get("page", "1"))
    sharing = world.sharing
    moved = [line.moved for line in sharing if line.moved]
    areas = area_lines(world)
    return RegionPage(
        programme=world.programme,
        framework=world.framework,
        steps=world.steps,
        finding=_finding(world, areas),
        members=len(world.lines),
        sharing=len(sharing),
        engagements=world.engagements,
        requests=sum(world.requests.values()),
        places=sum(world.places.values()),
        rose=tuple(line for line in sharing if line.moved and line.moved.way == "up"),
        fell=tuple(line for line in sharing if line.moved and line.moved.way == "down"),
        later=sum(movement.later for movement in moved),
        compared_partly=any(movement.percent is not None for movement in moved),
        asked=asked,
        shown=len(lines),
        page=page,
        rows=tuple(_table_row(line, columns) for line in page.object_list),
        columns=tuple(_column(asked, area.code, area.name) for area in columns),
        heads={key: _column(asked, key, "") for key in ("name", "overall", "moved")},
        areas=tuple(row for row in areas if row.code in {area.code for area in columns}),
        learners=learners_overview(user, world.programme),
        expiring=expiring(user, world.programme),
        uplift=programme_uplift(user, programme_id),
    )


def chosen(world: World, given: Mapping[str, str]) -> tuple[Asked, list[AreaName], list[Line]]:
    """What is asked, and the columns and members that it leaves, in order."""
    dimensions = list(world.dimensions.items())
    rounds = [(public_id, name) for public_id, _key, name in world.rounds]
    asked = read_asked(given, dimensions=dimensions, rounds=rounds, areas=list(world.areas))
    wanted = asked.values.get("dimension")
    columns = [area for area in world.areas.values() if wanted in (None, area.dimension)]
    lines = [line for line in world.lines if _fits(line, asked.values, world)]
    return asked, columns, _ordered(lines, asked)


def _fits(line: Line, values: Mapping[str, str], world: World) -> bool:
    """Whether a member fits every filter that is on."""
    if not values:
        return True
    keys = {public_id: key for public_id, key, _name in world.rounds}
    facts = {
        "kind": line.member.kind,
        "state": line.state,
        "sector": line.member.sector if line.member.kind == MemberKind.ORGANISATION else "",
        "round": line.held.round if line.held else None,
        "role": "mentor" if line.member.is_mentor else "member",
        "engaged": "yes" if line.engaged else "no",
        "moved": line.moved.way if line.moved else "",
    }
    wanted = {**values, "round": keys[values["round"]]} if "round" in values else values
    return all(facts[name] == value for name, value in wanted.items() if name in facts)


def _ordered(lines: list[Line], asked: Asked) -> list[Line]:
    """The members in the order asked for; who has nothing in the column comes last either way."""
    if asked.order == "name":
        return lines[::-1] if asked.descending else lines
    key = _key(asked.order)
    known = [(found, line) for line in lines if (found := key(line)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=asked.descending)
    return [line for _found, line in known] + [line for line in lines if key(line) is None]


def _key(order: str) -> Callable[[Line], float | None]:
    """What a column is sorted by."""
    if order == "moved":
        ways = {"down": -1.0, "same": 0.0, "up": 1.0}
        return lambda line: ways.get(line.moved.way) if line.moved else None

    def key(line: Line) -> float | None:
        part = line.kept and (line.kept.overall if order == "overall" else line.kept.areas.get(order))
        return None if not part or part.step is None else part.step / part.of

    return key


def _table_row(line: Line, columns: Sequence[AreaName]) -> TableRow:
    return TableRow(
        line.member.public_id, line.member.name, line.state, line.member.is_mentor, line.engaged, overall_square(line), line.moved,
        tuple(area_square(line, area.code) for area in columns), bool(line.opens),
    )  # fmt: skip


def _column(asked: Asked, code: str, name: str) -> Column:
    now = ("descending" if asked.descending else "ascending") if code == asked.order else ""
    return Column(code, name, asked.ordered_by(code), now)


def _finding(world: World, areas: Sequence[AreaLine]) -> str:
    """The sentence of the page."""
    sharing = world.sharing
    if not world.lines:
        return _("No member takes part yet")
    rose = sum(line.moved.way == "up" for line in sharing if line.moved)
    fell = sum(line.moved.way == "down" for line in sharing if line.moved)
    weakest = areas[0].name if areas and areas[0].counted else ""
    if weakest and (rose or fell):
        text = _("Since the result before, %(rose)s rose and %(fell)s fell. The weakest area: %(area)s")
        return text % {"rose": rose, "fell": fell, "area": weakest}
    if weakest:
        return _("The weakest area: %(area)s") % {"area": weakest}
    text = ngettext(
        "%(n)s of %(all)s members shows a result", "%(n)s of %(all)s members show a result", len(sharing)
    )
    return text % {"n": len(sharing), "all": len(world.lines)}
