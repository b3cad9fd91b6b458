"""Drawings of levels, 0–5 or of another scale: rungs, the strip of the dot plot, the ladder."""

from __future__ import annotations

from itertools import chain

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    EDGE,
    FILL,
    HIGHEST,
    INK,
    INK_2,
    INK_3,
    LINE_STRONG,
    PEER,
    ROPE,
    SUNKEN,
    TEXT,
    attrs,
    band,
    centre,
    diamond,
    digits,
    dot,
    drawing,
    hollow,
    known_level,
    percent,
    ring,
    shade_of,
)


def rungs(level: int | None, *, highest: int = HIGHEST, title: str = "") -> SafeString:
    """The sign of a level: a rising rung for each one, as many filled as the level says; None and 0 fill none."""
    reached = known_level(level, highest) or 0
    shade, width = shade_of(reached, highest), 7 * highest
    parts = []
    for i in range(1, highest + 1):
        on, rise = i <= reached, i * 15 / highest
        paint = attrs(
            css=f"lv{shade} lvf" if on else "ghost",
            fill=FILL[shade] if on else "none",
            stroke=EDGE[shade] if on else LINE_STRONG,
            stroke_width=1,
        )
        parts.append(
            f'<rect x="{1 + (i - 1) * 7}" y="{15.5 - rise:g}" width="5" height="{2 + rise:g}" rx="1"{paint}/>'
        )
    return drawing(parts, height=19, css="rungs flip", title=title, width=str(width), box=f"0 0 {width} 19")


def strip(
    now: int | None,
    prev: int | None = None,
    goal: int | None = None,
    *,
    highest: int = HIGHEST,
    peers: tuple[float, float] | None = None,
    height: int = 34,
    title: str = "",
) -> SafeString:
    """One row of the dot plot: a band for each level, six on 0–5; hollow = before, filled = now, diamond = target, ring = reached.

    `peers` is the middle half of comparable members as (low level, high level). Mirrored by the `flip` class.
    """
    now, prev, goal = (known_level(level, highest) for level in (now, prev, goal))
    y, wide = height / 2, band(highest)
    parts = [
        f'<rect x="{percent(i * wide)}" y="0" width="{percent(wide)}" height="{height}"{attrs(css="band", fill=SUNKEN)}/>'
        for i in range(0, highest + 1, 2)
    ]
    if peers is not None:
        parts.append(_peer_range(peers, y, highest))
    if prev is not None and now is not None and prev != now:
        ends = f'x1="{percent(centre(prev, highest))}" x2="{percent(centre(now, highest))}" y1="{y:g}" y2="{y:g}"'
        parts.append(f"<line {ends}{attrs(css='m-link', stroke=INK_2, stroke_width=2)}/>")
    if goal is not None:
        parts.append(
            (ring if now is not None and now >= goal == now else diamond)(percent(centre(goal, highest)), y)
        )
    if prev is not None and prev != now:
        parts.append(hollow(percent(centre(prev, highest)), y))
    if now is not None:
        parts.append(dot(shade_of(now, highest), percent(centre(now, highest)), y))
    return drawing(parts, height=height, css="flip", title=title)


def _peer_range(peers: tuple[float, float], y: float, highest: int) -> str:
    (low, high), wide = peers, band(highest)
    x, width = percent(low * wide + 2), percent((high - low + 1) * wide - 4)
    return f'<rect x="{x}" y="{y - 9:g}" width="{width}" height="18" rx="9"{attrs(css="peer", fill=PEER)}/>'


def level_ladder(
    now: int | None,
    prev: int | None = None,
    goal: int | None = None,
    *,
    highest: int = HIGHEST,
    now_label: str = "",
    prev_label: str = "",
    goal_label: str = "",
    rtl: bool = False,
    height: int = 180,
    title: str = "",
) -> SafeString:
    """Where are we, where were we, where next: a rising step for each level and the rope along them.

    Labels show only if they are digits (a year); words stand in HTML around it. Holds digits, so it is
    mirrored here (`rtl`) and not by CSS.
    """
    now, prev, goal = (known_level(level, highest) for level in (now, prev, goal))
    place = _Staircase(height, highest, rtl)
    steps = chain.from_iterable(place.step(i, now) for i in range(highest + 1))
    marks = chain(
        place.rope(prev if prev is not None else now, now, goal),
        place.mark(prev if prev != now else None, "prev", prev_label),
        place.mark(now, "now", now_label),
        place.mark(goal, "reached" if goal is not None and goal == now else "goal", goal_label),
    )
    return drawing(chain(steps, marks), height=height, css="ladder", title=title)


class _Staircase:
    """Places on a ladder of a given height: step fronts, and points above them where the rope runs."""

    def __init__(self, height: int, highest: int, rtl: bool) -> None:
        self.base, self.first, self.rtl = height - 4, 20.0, rtl
        self.highest, self.rise = highest, (height - 72) / highest

    def x(self, value: float) -> str:
        return percent(100 - value if self.rtl else value)

    def top(self, level: int) -> float:
        return self.base - (self.first + level * self.rise)

    def point(self, level: int) -> tuple[str, float]:
        return self.x(centre(level, self.highest)), self.top(level) - 15

    def step(self, level: int, now: int | None) -> tuple[str, str]:
        on, wide = now is not None and level <= now, band(self.highest)
        shade = shade_of(level, self.highest)
        left = self.x((level + 1) * wide - 1) if self.rtl else self.x(level * wide + 1)
        paint = attrs(
            css=f"lv{shade} lvf" if on else "ghost",
            fill=FILL[shade] if on else "none",
            stroke=EDGE[shade] if on else LINE_STRONG,
            stroke_width=1,
            stroke_dasharray=None if on and level else "3 3",
        )
        top = self.top(level)
        box = f'<rect x="{left}" y="{top:g}" width="{percent(wide - 2)}" height="{self.base - top:g}" rx="3"{paint}/>'
        css, colour = (f"lv{shade} lvo", TEXT[shade]) if on else ("t-dim", INK_3)
        return box, digits(
            str(level),
            self.x(centre(level, self.highest)),
            self.base - 6,
            size=13,
            colour=colour,
            css=css,
            bold=True,
        )

    def rope(self, start: int | None, now: int | None, goal: int | None) -> list[str]:
        """The way gone (solid, from `start` to `now`, up or down) and the way left (dotted, to `goal`)."""
        ways = [(start, now, None), (now, goal, "2 6")]
        parts = []
        for begin, end, dash in ways:
            if begin is None or end is None or (dash and end < begin):
                continue
            way = 1 if end >= begin else -1
            for level in range(begin, end, way):
                (x1, y1), (x2, y2) = self.point(level), self.point(level + way)
                paint = attrs(
                    css="rope-l", stroke=ROPE, stroke_width=3, stroke_dasharray=dash, stroke_linecap="round"
                )
                parts.append(f'<line x1="{x1}" y1="{y1:g}" x2="{x2}" y2="{y2:g}"{paint}/>')
        return parts

    def mark(self, level: int | None, kind: str, label: str) -> list[str]:
        if level is None:
            return []
        x, y = self.point(level)
        if kind == "prev":
            return [hollow(x, y), digits(label, x, y - 13, size=12, colour=INK_2)]
        if kind == "now":
            return [
                dot(shade_of(level, self.highest), x, y),
                digits(label, x, y - 17, size=13, colour=INK, css="t-strong", bold=True),
            ]
        if kind == "goal":
            return [diamond(x, y), digits(label, x, y - 15, size=12, colour=ROPE, css="t-rope", bold=True)]
        return [ring(x, y), dot(shade_of(level, self.highest), x, y)]
