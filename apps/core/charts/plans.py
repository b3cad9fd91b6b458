"""Drawings of plans: what each budget could gain, and when each action runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    ACCENT,
    INK_3,
    LINE,
    LINE_STRONG,
    MID,
    ROPE,
    attrs,
    diamond,
    digits,
    drawing,
    percent,
)

BARS = {"planned": MID, "doing": ACCENT, "done": LINE_STRONG}
CLASSES = {"planned": "bar-mid", "doing": "bar-fg", "done": "bar-bg"}


def frontier(
    points: Sequence[tuple[float, float]],
    chosen: tuple[float, float] | None = None,
    *,
    rtl: bool = False,
    height: int = 240,
    title: str = "",
) -> SafeString:
    """What each cost could gain at most, as stairs: `points` = (cost, gain), rising; a diamond marks the chosen plan.

    The ends of both axes are written as whole numbers; names of the axes stand in HTML around it.
    """
    place = _Stairs(points, height, rtl)
    parts = place.axes()
    for (x1, y1), (x2, y2) in pairwise(points):
        parts += [place.line((x1, y1), (x2, y1)), place.line((x2, y1), (x2, y2))]
    if len(points) <= 60:
        parts += [place.dot(point) for point in points]
    if chosen is not None:
        x, y = place.at(chosen)
        parts.append(diamond(x, y))
    return drawing(parts, height=height, title=title)


class _Stairs:
    """Places in a drawing of cost against gain."""

    left, right, top = 9.0, 97.0, 14

    def __init__(self, points: Sequence[tuple[float, float]], height: int, rtl: bool) -> None:
        self.base, self.rtl = height - 24, rtl
        self.cost = max((cost for cost, _gain in points), default=0) or 1
        self.gain = max((gain for _cost, gain in points), default=0) or 1

    def x(self, cost: float) -> str:
        share = self.left + (self.right - self.left) * min(cost / self.cost, 1)
        return percent(100 - share if self.rtl else share)

    def y(self, gain: float) -> float:
        return round(self.base - (self.base - self.top) * min(gain / self.gain, 1), 1)

    def at(self, point: tuple[float, float]) -> tuple[str, float]:
        return self.x(point[0]), self.y(point[1])

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        (x1, y1), (x2, y2) = self.at(start), self.at(end)
        paint = attrs(css="hi", stroke=ACCENT, stroke_width=2.5, stroke_linecap="round")
        return f'<line x1="{x1}" y1="{y1:g}" x2="{x2}" y2="{y2:g}"{paint}/>'

    def dot(self, point: tuple[float, float]) -> str:
        x, y = self.at(point)
        paint = attrs(css="hi-f", fill=ACCENT, stroke="#fff", stroke_width=1.5)
        return f'<circle cx="{x}" cy="{y:g}" r="4"{paint}/>'

    def axes(self) -> list[str]:
        paint, strong = attrs(css="grid-l", stroke=LINE), attrs(css="axis-l", stroke=LINE_STRONG)
        ends = f'x1="{self.x(0)}" x2="{self.x(self.cost)}"'
        parts = [f'<line {ends} y1="{self.base}" y2="{self.base}"{strong}/>']
        for quarter in (1, 2, 3, 4):
            y = self.y(self.gain * quarter / 4)
            parts.append(f'<line {ends} y1="{y:g}" y2="{y:g}"{paint}/>')
            parts.append(self.label(f"{self.gain * quarter / 4:.1f}", 4.5, y + 4))
            share = self.left + (self.right - self.left) * quarter / 4
            parts.append(self.label(f"{self.cost * quarter / 4:.0f}", min(share, 95), self.base + 18))
        return parts

    def label(self, text: str, share: float, y: float) -> str:
        return digits(
            text, percent(100 - share if self.rtl else share), y, size=11, colour=INK_3, css="t-dim"
        )


def span(
    start: float, end: float, state: str, *, today: float | None = None, height: int = 22, title: str = ""
) -> SafeString:
    """When one action runs, as a bar between `start` and `end` in percent of the whole time; `today` is a line.

    `state` is planned, doing or done; anything else draws an empty outline. Mirrored by the `flip` class.
    """
    left = max(0.0, min(start, 99.0))
    width = max(1.0, min(end, 100.0) - left)
    size = f'x="{percent(left)}" y="4" width="{percent(width)}" height="{height - 8}" rx="3"'
    if state in BARS:
        paint = attrs(css=CLASSES[state], fill=BARS[state])
    else:
        paint = attrs(css="ghost", fill="none", stroke=LINE_STRONG, stroke_dasharray="3 3")
    parts = [f"<rect {size}{paint}/>"]
    if today is not None and 0 <= today <= 100:
        line = attrs(css="rope-l", stroke=ROPE, stroke_width=2)
        parts.append(f'<line x1="{percent(today)}" x2="{percent(today)}" y1="0" y2="{height}"{line}/>')
    return drawing(parts, height=height, css="flip", title=title)
