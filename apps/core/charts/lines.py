"""A real quantity over time, and what a straight line through it would lead to, dashed and with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    ACCENT,
    INK,
    INK_2,
    INK_3,
    LINE,
    LINE_STRONG,
    attrs,
    diamond,
    digits,
    drawing,
    percent,
)


class Point(NamedTuple):
    """A place in time 0–100, the value there, and whether it may be joined to the one before."""

    x: float
    value: float
    joined: bool = True


class Ahead(NamedTuple):
    """A projection: where its line begins, where it ends, and between which values the end lies."""

    from_x: float
    from_value: float
    x: float
    value: float
    low: float
    high: float


def line(
    points: Sequence[Point | tuple[float, float, bool]],
    *,
    ahead: Ahead | None = None,
    goals: Sequence[tuple[float, float]] = (),
    marks: Sequence[tuple[float, str]] = (),
    highest: float = 100,
    step: float = 20,
    small: bool = False,
    rtl: bool = False,
    height: int = 220,
    title: str = "",
) -> SafeString:
    """`points` in the order of time on 0–`highest`, from a zero base, each with its number; a gap where none is joined.

    `ahead` is drawn dashed to a hollow end with the interval as a whisker, `goals` (place in time, value) are diamonds,
    `marks` (place in time, digits) stand under the axis. `small` leaves the numbers out, for many beside each other.
    """
    known = [Point(*point) for point in points]
    place = _Places(height, rtl, highest, small)
    parts = place.grid(step, marks)
    parts += [place.join(a, b) for a, b in pairwise(known) if b.joined]
    if ahead is not None:
        parts += place.ahead(ahead)
    parts += [diamond(place.x(x), place.y(value), 5 if small else 8) for x, value in goals]
    for point in known:
        parts += place.dot(point)
    return drawing(parts, height=height, css="slope", title=title)


class _Places:
    """Places in a drawing over time: an axis at the start, a zero line at the bottom."""

    def __init__(self, height: int, rtl: bool, highest: float, small: bool) -> None:
        self.left, self.right = (4.0, 96.0) if small else (14.0, 95.0)
        self.top, self.base = (9.0, height - 9.0) if small else (24.0, height - 26.0)
        self.rtl, self.highest, self.small = rtl, highest, small

    def x(self, at: float) -> str:
        share = self.left + (self.right - self.left) * min(max(at, 0), 100) / 100
        return percent(100 - share if self.rtl else share)

    def y(self, value: float) -> float:
        share = min(max(value, 0), self.highest) / self.highest
        return round(self.base - (self.base - self.top) * share, 1)

    def grid(self, step: float, marks: Sequence[tuple[float, str]]) -> list[str]:
        ends = f'x1="{self.x(0)}" x2="{self.x(100)}"'
        values = (
            [0.0, self.highest] if self.small else [n * step for n in range(int(self.highest / step) + 1)]
        )
        parts = []
        for value in values:
            paint = attrs(css="grid-l" if value else "axis-l", stroke=LINE if value else LINE_STRONG)
            parts.append(f'<line {ends} y1="{self.y(value):g}" y2="{self.y(value):g}"{paint}/>')
            if not self.small:
                at = percent(96 if self.rtl else 4)
                parts.append(digits(f"{value:g}", at, self.y(value) + 4, size=11, colour=INK_3, css="t-dim"))
        said = [] if self.small else marks
        return parts + [
            digits(text, self.x(at), self.base + 19, size=11, colour=INK_3, css="t-dim") for at, text in said
        ]

    def join(self, a: Point, b: Point) -> str:
        paint = attrs(css="hi", stroke=ACCENT, stroke_width=2 if self.small else 2.5)
        ends = f'x1="{self.x(a.x)}" y1="{self.y(a.value):g}" x2="{self.x(b.x)}" y2="{self.y(b.value):g}"'
        return f"<line {ends}{paint}/>"

    def dot(self, point: Point) -> list[str]:
        x, y = self.x(point.x), self.y(point.value)
        paint = attrs(css="hi-f", fill=ACCENT, stroke="#fff", stroke_width=1.5)
        mark = f'<circle cx="{x}" cy="{y:g}" r="{4 if self.small else 5}"{paint}/>'
        if self.small:
            return [mark]
        number = f"{point.value:.1f}".removesuffix(".0")
        return [mark, digits(number, x, y - 10, size=12, colour=INK, css="t-strong", bold=True)]

    def ahead(self, end: Ahead) -> list[str]:
        """The dashed way, the whisker from the lowest to the highest, and a hollow end: nothing of it was measured."""
        x, y = self.x(end.x), self.y(end.value)
        ends = f'x1="{self.x(end.from_x)}" y1="{self.y(end.from_value):g}" x2="{x}" y2="{y:g}"'
        way = attrs(css="m-link", stroke=INK_2, stroke_width=2, stroke_dasharray="5 4")
        bar = attrs(css="m-link", stroke=INK_2, stroke_width=1.5, stroke_dasharray="2 3")
        low, high = self.y(end.low), self.y(end.high)
        cap = attrs(css="m-link", stroke=INK_2, stroke_width=2)
        caps = [
            f'<svg x="{x}" y="{at:g}" overflow="visible"><line x1="-5" x2="5" y1="0" y2="0"{cap}/></svg>'
            for at in (low, high)
        ]
        hollow = attrs(css="m-prev", fill="#fff", stroke=INK_2, stroke_width=2, stroke_dasharray="3 2")
        return [
            f"<line {ends}{way}/>",
            f'<line x1="{x}" x2="{x}" y1="{low:g}" y2="{high:g}"{bar}/>',
            *caps,
            f'<circle cx="{x}" cy="{y:g}" r="{4 if self.small else 5.5}"{hollow}/>',
        ]
