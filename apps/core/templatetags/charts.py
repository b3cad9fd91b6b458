"""Drawings in templates: `{% strip_plot now prev goal title="…" %}` and its like. Directions follow the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from apps.core.charts import levels, lines, pairs, plans, rows
from apps.core.charts.cover import cover
from apps.core.charts.intervals import interval
from apps.core.charts.marks import HIGHEST, LEVEL_NAMES, known_level, shade_of

register = template.Library()


@register.simple_tag
def level_names(names: Sequence[str] | None = None) -> Sequence[Promise | str]:
    """The names of levels in order: those given, else of 0–5, translated when shown."""
    return names or LEVEL_NAMES


@register.filter
def shade(level: int | str | None, highest: int | None = HIGHEST) -> int:
    """The colour, 0–5, of a level of a scale 0–`highest`; 0 for not assessed."""
    return (
        0 if level is None or level == "" else shade_of(int(level), HIGHEST if highest is None else highest)
    )


@register.filter
def signed(number: str) -> str:
    """A number that may be below nothing, as text: a true minus, and kept together in a line from right to left."""
    return "\u2066" + str(number).replace("-", "\u2212", 1) + "\u2069"


@register.filter
def highest_of(names: Sequence[str] | None) -> int:
    """The number of the highest level among names from 0 up."""
    return len(names) - 1 if names else HIGHEST


@register.simple_tag
def level_name(value: int | str | None) -> Promise | str:
    """The name of one level; empty for not assessed."""
    level = known_level(value)
    return "" if level is None else LEVEL_NAMES[level]


@register.simple_tag
def level_rungs(value: int | str | None, title: str = "", highest: int = HIGHEST) -> SafeString:
    """The sign of a level."""
    return levels.rungs(known_level(value, highest), highest=highest, title=title)


@register.simple_tag
def strip_plot(
    now: int | str | None,
    prev: int | str | None = None,
    goal: int | str | None = None,
    title: str = "",
    peers: tuple[float, float] | str | None = None,
    height: int = 34,
    highest: int = HIGHEST,
) -> SafeString:
    """One row of the dot plot; empty text counts as not assessed."""
    span = peers if isinstance(peers, tuple) else None
    known = (known_level(level, highest) for level in (now, prev, goal))
    return levels.strip(*known, highest=highest, peers=span, height=height, title=title)


@register.simple_tag
def ladder(
    now: int | str | None,
    prev: int | str | None = None,
    goal: int | str | None = None,
    title: str = "",
    now_label: Any = "",
    prev_label: Any = "",
    goal_label: Any = "",
    height: int = 180,
    highest: int = HIGHEST,
) -> SafeString:
    """The ladder, mirrored in right-to-left languages."""
    return levels.level_ladder(
        known_level(now, highest),
        known_level(prev, highest),
        known_level(goal, highest),
        highest=highest,
        now_label=str(now_label),
        prev_label=str(prev_label),
        goal_label=str(goal_label),
        rtl=get_language_bidi(),
        height=height,
        title=title,
    )


@register.simple_tag
def progress_bar(share: float, kind: str = "fg", title: str = "", height: int = 8) -> SafeString:
    """A bar of one part, `share` in percent; always put its number beside it."""
    return rows.bar([(float(share), kind)], height=height, title=title)


@register.simple_tag
def stacked_bar(counts: list[int] | tuple[int, ...], title: str = "") -> SafeString:
    """One full row of counts per level, from 0 up."""
    return rows.stacked(counts, rtl=get_language_bidi(), title=title)


@register.simple_tag
def interval_plot(value: float, low: float, high: float, title: str = "") -> SafeString:
    """A change in levels with its interval, beside nothing."""
    return interval(value, low, high, rtl=get_language_bidi(), title=title)


@register.simple_tag
def key_mark(kind: str, title: str = "") -> SafeString:
    """One sign of the key."""
    return rows.key_mark(kind, title=title)


@register.simple_tag
def slope_plot(
    series: Sequence[Any],
    strong: bool = True,
    title: str = "",
    height: int = 220,
    highest: int = HIGHEST,
    step: int = 1,
) -> SafeString:
    """Before and after; `series` holds rows with `prev` and `now` on 0–`highest`, numbered 1, 2, 3 in order."""
    numbered = [(str(i), _get(row, "prev"), _get(row, "now")) for i, row in enumerate(series, 1)]
    return rows.slope(
        numbered,
        strong=strong,
        rtl=get_language_bidi(),
        height=height,
        highest=highest,
        step=step,
        title=title,
    )


@register.simple_tag
def trend_line(
    points: Sequence[tuple[float, float, bool]], highest: int = 100, title: str = ""
) -> SafeString:
    """One figure over time."""
    return rows.trend(points, highest=highest, rtl=get_language_bidi(), title=title)


@register.simple_tag
def line_plot(
    points: Sequence[lines.Point | tuple[float, float, bool]],
    ahead: lines.Ahead | str | None = None,
    goals: Sequence[tuple[float, float]] = (),
    marks: Sequence[tuple[float, str]] = (),
    highest: float = 100,
    step: float = 20,
    small: bool = False,
    height: int = 220,
    title: str = "",
) -> SafeString:
    """A quantity over time; a projection is dashed."""
    return lines.line(
        points,
        ahead=ahead if isinstance(ahead, lines.Ahead) else None,
        goals=goals or (),
        marks=marks or (),
        highest=highest,
        step=step,
        small=small,
        rtl=get_language_bidi(),
        height=height,
        title=title,
    )


@register.simple_tag
def paired_bars(first: float, second: float, most: float, title: str = "") -> SafeString:
    """Two quantities on one scale, the first above."""
    return pairs.paired(first, second, most=most, rtl=get_language_bidi(), title=title)


@register.filter
def most_of_pairs(rows: Sequence[Any]) -> float:
    """The largest quantity of all rows: what every row's bars are measured by."""
    return max((max(_get(row, "first"), _get(row, "second")) for row in rows), default=0.0)


@register.simple_tag
def interval_bar(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    most: float = 100,
    title: str = "",
) -> SafeString:
    """A bar with its interval; put the number beside it."""
    return pairs.bar_interval(value, low, high, most=most, rtl=get_language_bidi(), title=title)


@register.simple_tag
def frontier_plot(
    points: Sequence[tuple[float, float]],
    chosen: tuple[float, float] | None = None,
    title: str = "",
    height: int = 240,
) -> SafeString:
    """What each cost could gain at most; a diamond marks the chosen plan."""
    return plans.frontier(points, chosen, rtl=get_language_bidi(), height=height, title=title)


@register.simple_tag
def span_plot(
    start: float, end: float, state: str, today: float | None = None, title: str = ""
) -> SafeString:
    """When one action runs, in percent of the whole time."""
    return plans.span(start, end, state, today=today, title=title)


def _get(row: Any, name: str) -> float:
    return float(row[name] if isinstance(row, dict) else getattr(row, name))


@register.simple_tag
def cover_art(
    seed: int | str,
    now: int | None = None,
    prev: int | None = None,
    goal: int | None = None,
    title: str = "",
    highest: int = HIGHEST,
) -> SafeString:
    """The contour drawing of a report's cover with the route so far; the same seed gives the same hills."""
    return cover(
        str(seed), now=now, prev=prev, goal=goal, highest=highest, rtl=get_language_bidi(), title=title
    )
