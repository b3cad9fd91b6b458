"""Where the texts of a PDF begin and end, so that nothing runs out of its page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from tests.reports.reading import Matrix, _times, _unicode_map

# Points of paper that stay free on every side: about what a printer cannot reach.
EDGE = 14.0


@dataclass(frozen=True)
class Run:
    """One text: the box that it is set in, in points from the corner below at the left."""

    text: str
    left: float
    right: float
    y: float
    size: float


def runs(pdf: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[Run]:
    """The texts of a page with the place where each begins and ends."""
    fonts = {str(name): (_unicode_map(font), _widths(font)) for name, font in page.Resources.Font.items()}
    at: Matrix = (1, 0, 0, 1, 0, 0)
    kept: list[Matrix] = []
    line, font, size = at, "", 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                kept.append(at)
            case "Q":
                at = kept.pop()
            case "cm":
                at = _times(tuple(map(float, operands)), at)  # type: ignore[arg-type]
            case "Tm":
                line = tuple(map(float, operands))  # type: ignore[assignment]
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "TJ" | "Tj":
                parts = list(operands[0]) if str(operator) == "TJ" else [operands[0]]
                text, wide = _set(parts, *fonts[font])
                if text.strip():
                    whole = _times(line, at)
                    ends = whole[4], whole[4] + wide * size / 1000 * whole[0]
                    scale = (whole[2] ** 2 + whole[3] ** 2) ** 0.5
                    yield Run(text, min(ends), max(ends), whole[5], size * scale)


def _set(parts: list[Any], names: dict[int, str], widths: dict[int, float]) -> tuple[str, float]:
    """The text of one operator, and how wide it is in thousandths of its size."""
    text, wide = "", 0.0
    for part in parts:
        if isinstance(part, pikepdf.String):
            raw = bytes(part)
            codes = [int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)]
            text += "".join(names.get(code, "") for code in codes)
            wide += sum(widths.get(code, 0.0) for code in codes)
        else:
            wide -= float(part)
    return text, wide


def _widths(font: pikepdf.Dictionary) -> dict[int, float]:
    """Glyph number → its width, from the lists of a font: `first [w w w]` or `first last w`."""
    rows = list(font.DescendantFonts[0].get("/W", []))
    found: dict[int, float] = {}
    while rows:
        first, then = int(rows.pop(0)), rows.pop(0)
        if isinstance(then, pikepdf.Array):
            found.update({first + n: float(width) for n, width in enumerate(then)})
        else:
            found.update(dict.fromkeys(range(first, int(then) + 1), float(rows.pop(0))))
    return found


def beyond(content: bytes) -> list[str]:
    """Texts that come nearer to the edge of their page than `EDGE`: number of the page and how they begin."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            left, low, right, high = (float(side) for side in page.mediabox)
            for run in runs(pdf, page):
                inside = left + EDGE <= run.left and run.right <= right - EDGE
                if not (inside and low + EDGE <= run.y <= high - EDGE):
                    found.append(f"page {number}: {run.text[:40]}")
    return found
