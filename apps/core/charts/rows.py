"""Drawings of quantities and of change: bars, key marks, and slopes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    ACCENT,
    EDGE,
    FILL,
    HIGHEST,
    INK,
    INK_2,
    INK_3,
    LINE,
    LINE_STRONG,
    MID,
    PEER,
    ROPE,
    TEXT,
    attrs,
    diamond,
    digits,
    dot,
    drawing,
    hollow,
    percent,
    ring,
    shade_of,
)

BAR_COLOURS = {"fg": ACCENT, "mid": MID, "you": ROPE}


def bar(parts: Sequence[tuple[float, str]], *, height: int = 8, title: str = "") -> SafeString:
    """How far a task is: `parts` = (percent, kind), laid end to end; kind is fg, mid or you.

    Shares outside 0–100 are cut to what is left of the line.
    """
    background = attrs(css="bar-bg", fill="#ecebe5")
    marks = [f'<rect width="100%" height="{height}" rx="{height / 2:g}"{background}/>']
    x = 0.0
    for share, kind in parts:
        width = max(0.0, min(float(share), 100 - x))
        if width:
            paint = attrs(css=f"bar-{kind}", fill=BAR_COLOURS[kind])
            marks.append(f'<rect x="{percent(x)}" width="{percent(width)}" height="{height}" rx="3"{paint}/>')
        x += width
    return drawing(marks, height=height, css="flip", title=title)


def stacked(counts: Sequence[int], *, rtl: bool = False, height: int = 26, title: str = "") -> SafeString:
    """How many stand at each level of a scale, as one full row with gaps; a part wide enough says its count inside."""
    total = sum(counts)
    marks, x = [], 0.0
    for level, count in enumerate(counts):
        if not count:
            continue
        share, shade = 100 * count / total, shade_of(level, len(counts) - 1)
        left = 100 - x - share if rtl else x
        dash = "3 2" if level == 0 else None
        paint = attrs(
            css=f"lv{shade} lvf", fill=FILL[shade], stroke=EDGE[shade], stroke_width=1, stroke_dasharray=dash
        )
        size = f'width="{percent(max(share - 0.8, 0.4))}" height="{height - 2}"'
        marks.append(f'<rect x="{percent(left + 0.4)}" y="1" {size} rx="2"{paint}/>')
        if share >= 6:
            middle, css = percent(left + share / 2), f"lv{shade} lvo"
            marks.append(
                digits(str(count), middle, height / 2 + 4, size=12, colour=TEXT[shade], css=css, bold=True)
            )
        x += share
    return drawing(marks, height=height, title=title)


def key_mark(kind: str, *, title: str = "") -> SafeString:
    """One sign of the key: prev, now, goal, reached or peers of dots; first and second of paired bars; line and ahead."""
    second = attrs(css="bar-mid hi", fill=BAR_COLOURS["mid"], stroke=ACCENT, stroke_width=1)
    dashed = attrs(css="m-link", stroke=INK_2, stroke_width=2, stroke_dasharray="5 4")
    shapes = {
        "prev": [hollow("9", 9, 5)],
        "now": [dot(3, "9", 9, 7.5)],
        "goal": [diamond("9", 9)],
        "reached": [ring("13", 13), dot(3, "13", 13)],
        "peers": [f'<rect x="0" y="2" width="26" height="14" rx="7"{attrs(css="peer", fill=PEER)}/>'],
        "first": [f'<rect x="1" y="4" width="24" height="10" rx="2"{attrs(css="bar-fg", fill=ACCENT)}/>'],
        "second": [f'<rect x="1" y="4" width="24" height="10" rx="2"{second}/>'],
        "line": [f'<line x1="1" x2="25" y1="9" y2="9"{attrs(css="hi", stroke=ACCENT, stroke_width=2.5)}/>'],
        "ahead": [f'<line x1="1" x2="25" y1="9" y2="9"{dashed}/>'],
    }
    size = {"reached": (26, 26), "prev": (18, 18), "now": (18, 18), "goal": (18, 18)}.get(kind, (26, 18))
    return drawing(shapes[kind], height=size[1], width=str(size[0]), title=title)


def slope(
    rows: Sequence[tuple[str, float, float]],
    *,
    strong: bool = True,
    rtl: bool = False,
    height: int = 220,
    highest: int = HIGHEST,
    step: int = 1,
    title: str = "",
) -> SafeString:
    """Before and after for a few series: `rows` = (number shown at the end, value before, value after) on 0–`highest`.

    A grid line stands at every `step`. The numbers point into a list of names beside the drawing; equal slopes are set
    a hair apart so that they stay countable, numbers that would touch are moved apart.
    """
    place = _Slopes(height, rtl, highest)
    css, colour = ("hi", ACCENT) if strong else ("lo", LINE_STRONG)
    parts = [mark for value in range(0, highest + 1, step) for mark in place.grid(value)]
    for k, (_number, before, after) in enumerate(rows):
        parts += place.line(before, after, (k - (len(rows) - 1) / 2) * 2.4, css, colour)
    return drawing([*parts, *place.ends(rows)], height=height, css="slope", title=title)


def trend(
    points: Sequence[tuple[float, float, bool]],
    *,
    highest: int = 100,
    rtl: bool = False,
    height: int = 56,
    title: str = "",
) -> SafeString:
    """One figure over time: `points` = (place in time 0–100, value 0–`highest`, whether it may be joined to the one before).

    Nothing is drawn beyond the last point, and no line where the two sides cannot be compared.
    """
    ends = 6.0
    marks = [
        f'<line x1="0" x2="100%" y1="{y:g}" y2="{y:g}"{attrs(css="grid-l", stroke=LINE)}/>'
        for y in (8, height - 8)
    ]
    spots = [
        (
            ends + (100 - 2 * ends) * x / 100,
            height - 8 - (height - 16) * min(max(value, 0), highest) / highest,
        )
        for x, value, _joined in points
    ]
    at = [(percent(100 - x if rtl else x), y) for x, y in spots]
    paint = attrs(css="hi", stroke=ACCENT, stroke_width=2.5)
    for (x1, y1), (x2, y2), (_x, _value, joined) in zip(at, at[1:], points[1:], strict=False):
        if joined:
            marks.append(f'<line x1="{x1}" x2="{x2}" y1="{y1:g}" y2="{y2:g}"{paint}/>')
    dots = attrs(css="hi-f", fill=ACCENT, stroke="#fff", stroke_width=1.5)
    marks += [f'<circle cx="{x}" cy="{y:g}" r="5"{dots}/>' for x, y in at]
    return drawing(marks, height=height, css="slope", title=title)


class _Slopes:
    """Places in a slope drawing of a given height: two axes, a grid, numbers at the end."""

    left, right, end, top = 12.0, 84.0, 93.0, 12

    apart = 14

    def __init__(self, height: int, rtl: bool, highest: int) -> None:
        self.base, self.rtl, self.highest = height - 12, rtl, highest

    def x(self, value: float) -> str:
        return percent(100 - value if self.rtl else value)

    def y(self, value: float) -> float:
        return self.base - value * (self.base - self.top) / self.highest

    def grid(self, level: int) -> tuple[str, str]:
        y = self.y(level)
        ends = f'x1="{self.x(self.left)}" x2="{self.x(self.right)}" y1="{y:g}" y2="{y:g}"'
        line = f"<line {ends}{attrs(css='grid-l', stroke=LINE)}/>"
        return line, digits(str(level), self.x(4), y + 4, size=11, colour=INK_3, css="t-dim")

    def line(self, before: float, after: float, shift: float, css: str, colour: str) -> list[str]:
        y1, y2 = self.y(before) + shift, self.y(after) + shift
        ends = f'x1="{self.x(self.left)}" x2="{self.x(self.right)}" y1="{y1:g}" y2="{y2:g}"'
        paint = attrs(css=f"{css}-f", fill=colour, stroke="#fff", stroke_width=1.5)
        dots = [
            f'<circle cx="{self.x(x)}" cy="{y:g}" r="5"{paint}/>'
            for x, y in ((self.left, y1), (self.right, y2))
        ]
        return [f"<line {ends}{attrs(css=css, stroke=colour, stroke_width=2.5)}/>", *dots]

    def ends(self, rows: Sequence[tuple[str, float, float]]) -> list[str]:
        """The numbers at the end, from the highest down, each at its line or pushed just off its neighbour."""
        named = sorted((self.y(after) + 4, number) for number, _before, after in rows)
        at = [y for y, _number in named]
        for k in range(1, len(at)):
            at[k] = max(at[k], at[k - 1] + self.apart)
        lowest: float = self.base + 8
        for k in reversed(range(len(at))):
            at[k] = min(at[k], lowest)
            lowest = at[k] - self.apart
        return [
            digits(number, self.x(self.end), y, size=12, colour=INK, css="t-strong", bold=True)
            for y, (_y, number) in zip(at, named, strict=True)
        ]
