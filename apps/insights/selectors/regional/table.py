"""The table of a region as a file has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.workbooks import Cell
from apps.insights.selectors.movement import Movement
from apps.insights.selectors.regional.areas import area_lines
from apps.insights.selectors.regional.page import chosen
from apps.insights.selectors.regional.squares import area_square, overall_square, said
from apps.insights.selectors.regional.world import Line, world_of
from apps.members.models import Programme


def region_table(
    user: User, programme_id: str, given: Mapping[str, str]
) -> tuple[Programme, list[list[Cell]]]:
    """All rows and columns that the filters leave, then the areas, as a file has them. Raises Http404."""
    world = world_of(user, programme_id)
    _asked, columns, lines = chosen(world, given)
    head: list[Cell] = [
        _("Member"), _("Kind"), _("Sector"), _("Shares levels"), _("Result of"), _("Overall"), _("Since the result before"),
        _("Asks for help in"), _("Offers help in"), *(area.code for area in columns),
    ]  # fmt: skip
    codes = [area.code for area in columns]
    areas: list[list[Cell]] = [
        [a.code, a.name, a.level, a.reached, a.counted, a.requests, a.places]
        for a in area_lines(world)
        if a.code in codes
    ]
    again: list[Cell] = [
        _("Area"), _("Name"), _("Middle level"), _("Three fifths of the way or more"), _("Members counted"), _("Requests"),
        _("Places offered"),
    ]  # fmt: skip
    return world.programme, [head, *(_file_row(line, codes) for line in lines), [], again, *areas]


def _file_row(line: Line, codes: Sequence[str]) -> list[Cell]:
    squares = [area_square(line, code) for code in codes]
    overall = overall_square(line)
    return [
        line.member.name,
        str(line.member.get_kind_display()),
        str(line.member.get_sector_display()),
        _("yes") if line.shares else _("no"),
        localdate(line.held.at) if line.held else None,
        said(overall),
        _way(line.moved),
        " ".join(sorted(line.asks)),
        " ".join(sorted(line.offers)),
        *(said(square) for square in squares),
    ]


def _way(moved: Movement | None) -> str:
    return {"up": _("rose"), "down": _("fell"), "same": _("stayed")}.get(moved.way, "") if moved else ""
