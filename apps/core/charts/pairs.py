"""Drawings of two quantities beside each other, and of a quantity with its interval, as bars that carry their numbers."""

from __future__ import annotations

from django.utils.safestring import SafeString

from apps.core.charts.marks import (
    ACCENT,
    INK,
    INK_2,
    LINE_STRONG,
    MID,
    attrs,
    digits,
    drawing,
    percent,
)

LONGEST = 86.0  # percent of the width: behind the longest bar is room for its number
THICK = 10


def paired(
    first: float, second: float, *, most: float, rtl: bool = False, height: int = 26, title: str = ""
) -> SafeString:
    """Two quantities from nothing, `first` above `second`, on one scale up to `most`: dark full, then light with an edge.

    Behind each bar stands its number, whole or with one decimal. Give all rows of a chart the same `most`.
    """
    upper = attrs(css="bar-fg", fill=ACCENT)
    lower = attrs(css="bar-mid hi", fill=MID, stroke=ACCENT, stroke_width=1)
    axis = "100%" if rtl else "0"
    base = f'<line x1="{axis}" x2="{axis}" y1="0" y2="{height}"{attrs(css="axis-l", stroke=LINE_STRONG)}/>'
    top, bottom = height / 2 - THICK - 1, height / 2 + 2
    bars = [*_bar(first, most, top, rtl, upper), *_bar(second, most, bottom, rtl, lower)]
    return drawing([*bars, base], height=height, css="pairs", title=title)


def _bar(value: float, most: float, y: float, rtl: bool, paint: str) -> list[str]:
    width = LONGEST * min(max(value, 0), most) / most if most > 0 else 0.0
    left = 100 - width if rtl else 0.0
    rect = (
        f'<rect x="{percent(left)}" y="{y:g}" width="{percent(width)}" height="{THICK - 1}" rx="2"{paint}/>'
    )
    said = f"{value:.1f}".removesuffix(".0")
    number = digits(said, "-16" if rtl else "16", 9, size=12, colour=INK, css="t-strong", bold=True)
    end = percent(100 - width if rtl else width)
    return [rect if width else "", f'<svg x="{end}" y="{y:g}" overflow="visible">{number}</svg>']


def bar_interval(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    *,
    most: float = 100,
    rtl: bool = False,
    height: int = 22,
    title: str = "",
) -> SafeString:
    """A bar from nothing to `value` on a scale up to `most`, and the interval `low`–`high` as a whisker with end caps.

    What lies outside the scale is drawn at its end. Without a value the bar is an empty outline; without both ends of the
    interval there is no whisker. The number stands beside it, in words.
    """
    middle = height / 2
    frame = f'x="0" y="{middle - 7:g}" width="100%" height="14" rx="3"'
    if value is None:
        empty = attrs(css="ghost", fill="none", stroke=LINE_STRONG, stroke_dasharray="3 3")
        return drawing([f"<rect {frame}{empty}/>"], height=height, css="pairs", title=title)
    share = _share(value, most)
    bar = f'<rect x="{percent(100 - share if rtl else 0)}" y="{middle - 7:g}" width="{percent(share)}" height="14" rx="3"'
    parts = [
        f"<rect {frame}{attrs(css='bar-bg', fill='#ecebe5')}/>",
        f"{bar}{attrs(css='bar-mid hi', fill=MID, stroke=ACCENT, stroke_width=1)}/>",
    ]
    if low is not None and high is not None:
        parts += whisker(_place(low, most, rtl), _place(high, most, rtl), middle)
    return drawing(parts, height=height, css="pairs", title=title)


def whisker(start: str, end: str, y: float, half: float = 5) -> list[str]:
    """An interval along a line at height `y`, with a cap at either end."""
    paint = attrs(css="m-link", stroke=INK_2, stroke_width=2)
    ends = [f'<line x1="{x}" x2="{x}" y1="{y - half:g}" y2="{y + half:g}"{paint}/>' for x in (start, end)]
    return [f'<line x1="{start}" x2="{end}" y1="{y:g}" y2="{y:g}"{paint}/>', *ends]


def _share(value: float, most: float) -> float:
    return 100 * min(max(value, 0), most) / most if most > 0 else 0.0


def _place(value: float, most: float, rtl: bool) -> str:
    share = 0.5 + 0.99 * _share(value, most)
    return percent(100 - share if rtl else share)
