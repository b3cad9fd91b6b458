"""The picture of a certificate: contour lines of its course in a round badge, with as many rings as its kind is high."""

from __future__ import annotations

import io
import math
import random

from django.utils.html import format_html, format_html_join
from PIL import Image, ImageDraw

from apps.courses.selectors.reaching import rank

SIDE = 400
FINE = 3  # drawn larger and made smaller, for smooth edges
DARK, MID, PALE, GOLD = "#0b3b46", "#0b5c6b", "#e8f3f4", "#c98a1b"
Point = tuple[float, float]
CHECK: list[Point] = [(140, 206), (184, 250), (264, 158)]


def badge_svg(kind: str, course: str, title: str) -> str:
    """The badge as SVG; `title` is its name for those who cannot see it."""
    lines = format_html_join(
        "", '<path d="{}" fill="none" stroke="{}" stroke-width="3"/>',
        ((_path(line), PALE) for line in _contours(course)),
    )  # fmt: skip
    rings = format_html_join(
        "", '<circle cx="200" cy="200" r="{}" fill="none" stroke="{}" stroke-width="6"/>',
        ((radius, GOLD) for radius in _rings(kind)),
    )  # fmt: skip
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400" role="img">'
        '<title>{}</title><circle cx="200" cy="200" r="196" fill="{}"/><circle cx="200" cy="200" r="150" fill="{}"/>'
        "{}{}{}</svg>",
        title, DARK, MID, lines, rings,
        format_html('<path d="{}" fill="none" stroke="#ffffff" stroke-width="22" stroke-linecap="round" '
                    'stroke-linejoin="round"/>', _path(CHECK)),
    )  # fmt: skip


def badge_png(kind: str, course: str) -> bytes:
    """The same badge as PNG, 400 by 400 pixels, with a clear ground."""
    image = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    _disc(pen, 196, fill=DARK)
    _disc(pen, 150, fill=MID)
    for line in _contours(course):
        pen.line([(x * FINE, y * FINE) for x, y in line], fill=PALE, width=3 * FINE, joint="curve")
    for radius in _rings(kind):
        _disc(pen, radius + 3, outline=GOLD, width=6 * FINE)
    pen.line([(x * FINE, y * FINE) for x, y in CHECK], fill="#ffffff", width=22 * FINE, joint="curve")
    for x, y in (CHECK[0], CHECK[-1]):
        pen.ellipse([(x - 11) * FINE, (y - 11) * FINE, (x + 11) * FINE, (y + 11) * FINE], fill="#ffffff")
    file = io.BytesIO()
    small = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    small.quantize(96, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _disc(
    pen: ImageDraw.ImageDraw,
    radius: float,
    *,
    fill: str | None = None,
    outline: str | None = None,
    width: int = 1,
) -> None:
    low, high = (SIDE / 2 - radius) * FINE, (SIDE / 2 + radius) * FINE
    pen.ellipse([low, low, high, high], fill=fill, outline=outline, width=width)


def _rings(kind: str) -> list[int]:
    return [158 + 11 * number for number in range(rank(kind))]


def _contours(course: str) -> list[list[Point]]:
    """Four closed lines around the middle, bent in the same way for the same course."""
    chance = random.Random(course)  # noqa: S311  a drawing, not a secret
    waves = [(number, chance.uniform(2, 7), chance.uniform(0, math.tau)) for number in (2, 3, 5)]
    return [_contour(radius, waves) for radius in (84, 102, 120, 137)]


def _contour(radius: float, waves: list[tuple[int, float, float]]) -> list[Point]:
    line = []
    for step in range(91):
        angle = math.tau * step / 90
        away = (
            radius
            + sum(size * math.sin(number * angle + start) for number, size, start in waves) * radius / 137
        )
        away = min(away, 146)
        line.append((round(200 + away * math.cos(angle), 1), round(200 + away * math.sin(angle), 1)))
    return line


def _path(line: list[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in line)
