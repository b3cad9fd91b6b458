"""Drawings of quantities and of change: bars, key marks, and slopes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    ACCENT,
    EDGE,
    FILL,
    INK,
    INK_3,
    LINE,
    LINE_STRONG,
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
)

BAR_COLOURS = {"fg": ACCENT, "mid": "#7f9fce", "you": ROPE}


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
    """How many stand at each level 0–5, as one full row with gaps; a part wide enough says its count inside."""
    total = sum(counts)
    marks, x = [], 0.0
    for level, count in enumerate(counts):
        if not count:
            continue
        share = 100 * count / total
        left = 100 - x - share if rtl else x
        dash = "3 2" if level == 0 else None
        paint = attrs(
            css=f"lv{level} lvf", fill=FILL[level], stroke=EDGE[level], stroke_width=1, stroke_dasharray=dash
        )
        size = f'width="{percent(max(share - 0.8, 0.4))}" height="{height - 2}"'
        marks.append(f'<rect x="{percent(left + 0.4)}" y="1" {size} rx="2"{paint}/>')
        if share >= 6:
            middle, css = percent(left + share / 2), f"lv{level} lvo"
            marks.append(
                digits(str(count), middle, height / 2 + 4, size=12, colour=TEXT[level], css=css, bold=True)
            )
        x += share
    return drawing(marks, height=height, title=title)


def key_mark(kind: str, *, title: str = "") -> SafeString:
    """One sign of the key of the dot plot: prev, now, goal, reached or peers."""
    shapes = {
        "prev": [hollow("9", 9, 5)],
        "now": [dot(3, "9", 9, 7.5)],
        "goal": [diamond("9", 9)],
        "reached": [ring("13", 13), dot(3, "13", 13)],
        "peers": [f'<rect x="0" y="2" width="26" height="14" rx="7"{attrs(css="peer", fill=PEER)}/>'],
    }
    size = {"reached": (26, 26), "peers": (26, 18)}.get(kind, (18, 18))
    return drawing(shapes[kind], height=size[1], width=str(size[0]), title=title)


def slope(
    rows: Sequence[tuple[str, int, int]],
    *,
    strong: bool = True,
    rtl: bool = False,
    height: int = 220,
    title: str = "",
) -> SafeString:
    """Before and after for a few series: `rows` = (number shown at the end, level before, level after).

    The numbers point into a list of names beside the drawing; equal slopes are set a hair apart so that
    they stay countable.
    """
    left, right, end, top, base = 12.0, 84.0, 93.0, 12, height - 12
    x = (lambda v: percent(100 - v)) if rtl else percent
    y = lambda level: base - level * (base - top) / 5  # noqa: E731
    css, colour = ("hi", ACCENT) if strong else ("lo", LINE_STRONG)
    parts = []
    for level in range(6):
        ends = f'x1="{x(left)}" x2="{x(right)}" y1="{y(level):g}" y2="{y(level):g}"'
        parts.append(f"<line {ends}{attrs(css='grid-l', stroke=LINE)}/>")
        parts.append(digits(str(level), x(4), y(level) + 4, size=11, colour=INK_3, css="t-dim"))
    at_end: dict[int, list[str]] = {}
    for k, (number, before, after) in enumerate(rows):
        shift = (k - (len(rows) - 1) / 2) * 2.4
        y1, y2 = y(before) + shift, y(after) + shift
        ends = f'x1="{x(left)}" x2="{x(right)}" y1="{y1:g}" y2="{y2:g}"'
        parts.append(f"<line {ends}{attrs(css=css, stroke=colour, stroke_width=2.5)}/>")
        paint = attrs(css=f"{css}-f", fill=colour, stroke="#fff", stroke_width=1.5)
        parts += [f'<circle cx="{x(v)}" cy="{at:g}" r="5"{paint}/>' for v, at in ((left, y1), (right, y2))]
        at_end.setdefault(after, []).append(number)
    for after, numbers in at_end.items():
        for j, number in enumerate(numbers):
            at = y(after) + 4 + (j - (len(numbers) - 1) / 2) * 14
            parts.append(digits(number, x(end), at, size=12, colour=INK, css="t-strong", bold=True))
    return drawing(parts, height=height, css="slope", title=title)
