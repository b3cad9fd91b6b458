"""A figure with its interval, as a dot on a line beside nothing: whoever reads the words sees at once how sure it is."""

from __future__ import annotations

from django.utils.safestring import SafeString

from apps.core.charts.marks import ACCENT, INK_3, LINE, attrs, drawing, percent


def interval(
    value: float,
    low: float,
    high: float,
    *,
    least: float = -1,
    most: float = 2,
    rtl: bool = False,
    title: str = "",
) -> SafeString:
    """`low` to `high` as a line with `value` as a dot, on an axis from `least` to `most` with a mark at nothing.

    What lies outside the axis is drawn at its end.
    """

    def place(x: float) -> str:
        share = (min(max(x, least), most) - least) / (most - least)
        return percent(3 + 94 * (1 - share if rtl else share))

    grid = [
        f'<line x1="{place(step)}" x2="{place(step)}" y1="2" y2="26"'
        f"{attrs(css='grid-l' if step else 'axis-l', stroke=LINE if step else INK_3)}/>"
        for step in range(int(least), int(most) + 1)
    ]
    paint = attrs(css="hi", stroke=ACCENT, stroke_width=3, stroke_linecap="round")
    line = f'<line x1="{place(low)}" x2="{place(high)}" y1="14" y2="14"{paint}/>'
    dot = f'<circle cx="{place(value)}" cy="14" r="6"{attrs(css="hi-f", fill=ACCENT, stroke="#fff", stroke_width=1.5)}/>'
    return drawing([*grid, line, dot], height=28, css="slope", title=title)
