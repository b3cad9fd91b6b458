"""Squares of the heat table: one tag a row, since a page has some fourteen hundred of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.insights.selectors.regional.page import TableRow
from apps.insights.selectors.regional.squares import Square

register = template.Library()


@register.simple_tag
def region_overall(row: TableRow) -> SafeString:
    """The square of the member as a whole."""
    return mark_safe("".join(_cells(row.public_id, [row.overall])))  # noqa: S308 - each is made of escaped parts


@register.simple_tag
def region_squares(row: TableRow) -> SafeString:
    """The squares of a member; words for what a hatching, a frame or a corner says."""
    return mark_safe("".join(_cells(row.public_id, row.squares)))  # noqa: S308 - each is made of escaped parts


def _cells(member: str, squares: Sequence[Square]) -> Iterator[str]:
    hidden = format_html('<span class="sr">{}</span>', _("not shared"))
    nothing = format_html('<span aria-hidden="true">–</span><span class="sr">{}</span>', _("Not assessed"))
    asks = format_html('<span class="sr"> {}</span>', _("asked for help"))
    offers = format_html('<span class="sr"> {}</span>', _("offers help"))
    for square in squares:
        says = hidden if square.hidden else format_html("{}", square.text) if square.text else nothing
        if square.area:
            where = reverse("assessments:shared_area", args=[member, square.area])
            says = format_html('<a href="{}">{}</a>', where, says)
        more = (asks if square.asks else "") + (offers if square.offers else "")
        yield f'<td class="{_classes(square)}">{says}{more}</td>'


def _classes(square: Square) -> str:
    """How a square is painted: hatched, empty or in its shade, framed for a request, with a corner for an offer."""
    paint = "lvh" if square.hidden else f"lv{square.shade}" if square.text else "lvn"
    return paint + (" asks" if square.asks else "") + (" gives" if square.offers else "")
