"""Drawings of levels 0–5: rungs, the strip of the dot plot, the ladder."""

from __future__ import annotations

from itertools import chain

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    BAND,
    EDGE,
    FILL,
    INK,
    INK_2,
    INK_3,
    LEVELS,
    LINE_STRONG,
    PEER,
    ROPE,
    SUNKEN,
    TEXT,
    attrs,
    centre,
    diamond,
    digits,
    dot,
    drawing,
    hollow,
    known_level,
    percent,
    ring,
)


def rungs(level: int | None, *, title: str = "") -> SafeString:
    """The sign of a level: five rising rungs, as many filled as the level says; None and 0 fill none."""
    reached = known_level(level) or 0
    parts = []
    for i in range(1, 6):
        on = i <= reached
        paint = attrs(
            css=f"lv{reached} lvf" if on else "ghost",
            fill=FILL[reached] if on else "none",
            stroke=EDGE[reached] if on else LINE_STRONG,
            stroke_width=1,
        )
        parts.append(
            f'<rect x="{1 + (i - 1) * 7}" y="{15.5 - i * 3}" width="5" height="{2 + i * 3}" rx="1"{paint}/>'
        )
    return drawing(parts, height=19, css="rungs flip", title=title, width="35", box="0 0 35 19")


def strip(
    now: int | None,
    prev: int | None = None,
    goal: int | None = None,
    *,
    peers: tuple[int, int] | None = None,
    height: int = 34,
    title: str = "",
) -> SafeString:
    """One row of the dot plot: six bands; hollow = before, filled = now, diamond = target, ring = reached.

    `peers` is the middle half of comparable members as (low level, high level). Mirrored by the `flip` class.
    """
    now, prev, goal = known_level(now), known_level(prev), known_level(goal)
    y = height / 2
    parts = [
        f'<rect x="{percent(i * BAND)}" y="0" width="{percent(BAND)}" height="{height}"{attrs(css="band", fill=SUNKEN)}/>'
        for i in LEVELS
        if i % 2 == 0
    ]
    if peers is not None:
        parts.append(_peer_range(peers, y))
    if prev is not None and now is not None and prev != now:
        ends = f'x1="{percent(centre(prev))}" x2="{percent(centre(now))}" y1="{y:g}" y2="{y:g}"'
        parts.append(f"<line {ends}{attrs(css='m-link', stroke=INK_2, stroke_width=2)}/>")
    if goal is not None:
        parts.append((ring if now is not None and now >= goal == now else diamond)(percent(centre(goal)), y))
    if prev is not None and prev != now:
        parts.append(hollow(percent(centre(prev)), y))
    if now is not None:
        parts.append(dot(now, percent(centre(now)), y))
    return drawing(parts, height=height, css="flip", title=title)


def _peer_range(peers: tuple[int, int], y: float) -> str:
    low, high = peers
    x, width = percent(low * BAND + 2), percent((high - low + 1) * BAND - 4)
    return f'<rect x="{x}" y="{y - 9:g}" width="{width}" height="18" rx="9"{attrs(css="peer", fill=PEER)}/>'


def level_ladder(
    now: int | None,
    prev: int | None = None,
    goal: int | None = None,
    *,
    now_label: str = "",
    prev_label: str = "",
    goal_label: str = "",
    rtl: bool = False,
    height: int = 180,
    title: str = "",
) -> SafeString:
    """Where are we, where were we, where next: six rising steps and the rope along them.

    Labels show only if they are digits (a year); words stand in HTML around it. Holds digits, so it is
    mirrored here (`rtl`) and not by CSS.
    """
    now, prev, goal = known_level(now), known_level(prev), known_level(goal)
    place = _Staircase(height, rtl)
    steps = chain.from_iterable(place.step(i, now) for i in LEVELS)
    marks = chain(
        place.rope(prev if prev is not None else now, now, goal),
        place.mark(prev if prev != now else None, "prev", prev_label),
        place.mark(now, "now", now_label),
        place.mark(goal, "reached" if goal is not None and goal == now else "goal", goal_label),
    )
    return drawing(chain(steps, marks), height=height, css="ladder", title=title)


class _Staircase:
    """Places on a ladder of a given height: step fronts, and points above them where the rope runs."""

    def __init__(self, height: int, rtl: bool) -> None:
        self.base, self.first, self.rtl = height - 4, 20.0, rtl
        self.rise = (height - 72) / 5

    def x(self, value: float) -> str:
        return percent(100 - value if self.rtl else value)

    def top(self, level: int) -> float:
        return self.base - (self.first + level * self.rise)

    def point(self, level: int) -> tuple[str, float]:
        return self.x(centre(level)), self.top(level) - 15

    def step(self, level: int, now: int | None) -> tuple[str, str]:
        on = now is not None and level <= now
        left = self.x((level + 1) * BAND - 1) if self.rtl else self.x(level * BAND + 1)
        paint = attrs(
            css=f"lv{level} lvf" if on else "ghost",
            fill=FILL[level] if on else "none",
            stroke=EDGE[level] if on else LINE_STRONG,
            stroke_width=1,
            stroke_dasharray=None if on and level else "3 3",
        )
        top = self.top(level)
        box = f'<rect x="{left}" y="{top:g}" width="{percent(BAND - 2)}" height="{self.base - top:g}" rx="3"{paint}/>'
        css, colour = (f"lv{level} lvo", TEXT[level]) if on else ("t-dim", INK_3)
        return box, digits(
            str(level), self.x(centre(level)), self.base - 6, size=13, colour=colour, css=css, bold=True
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
                dot(level, x, y),
                digits(label, x, y - 17, size=13, colour=INK, css="t-strong", bold=True),
            ]
        if kind == "goal":
            return [diamond(x, y), digits(label, x, y - 15, size=12, colour=ROPE, css="t-rope", bold=True)]
        return [ring(x, y), dot(level, x, y)]
