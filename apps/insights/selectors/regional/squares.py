"""What stands in one square of the heat table."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.core.workbooks import Cell
from apps.insights.selectors.regional.world import Line


class Square(NamedTuple):
    """One square of the heat table. `area` names what opens under an agreement; it is empty otherwise."""

    text: str
    shade: int
    hidden: bool = False
    asks: bool = False
    offers: bool = False
    area: str = ""


def overall_square(line: Line) -> Square:
    """Where the member stands as a whole."""
    part = line.kept.overall if line.kept else None
    return Square(part.text if part else "", part.shade if part else 0, hidden=not line.shares)


def area_square(line: Line, code: str) -> Square:
    """Where the member stands in an area, and whether it asks or offers there."""
    part = line.kept.areas.get(code) if line.kept else None
    opens = code if part and code in line.opens else ""
    text, shade = (part.text, part.shade) if part else ("", 0)
    return Square(text, shade, not line.shares, code in line.asks, code in line.offers, opens)


def said(square: Square) -> Cell:
    """A square in a file: the step as a number, a value as it is shown, or why there is none."""
    if square.hidden:
        return _("not shared")
    if not square.text:
        return _("not assessed")
    return int(square.text) if square.text.isascii() and square.text.isdecimal() else square.text
