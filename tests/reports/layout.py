"""How the pages of a PDF are laid out: what the contents list leads to, texts over each other, headings left behind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pikepdf

from tests.reports.edges import Run, runs

MARGIN = 62.0  # points at the top and at the foot of a page that belong to what runs along its edges
HEADING = 11.4  # larger letters than these stand in headings and figures only
NEAR = 60.0  # points below an anchor in which its heading stands


@dataclass(frozen=True)
class Listed:
    """One line of the contents: the number printed in it, and the page on which its part begins with a heading."""

    anchor: str
    printed: int
    page: int
    headed: bool


def contents(content: bytes) -> list[Listed]:
    """The lines of the list of contents on the second page, in order."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        places = _places(pdf)
        with pdf.open_outline() as outline:
            heads = [_place(pdf, item.destination) for item in _items(outline.root)]
        page, found = pdf.pages[1], {}
        digits = [run for run in runs(pdf, page) if run.text.strip().isdigit()]
        for link in page.get("/Annots", []):
            low, high = sorted((float(link.Rect[1]), float(link.Rect[3])))
            number, y = places[str(link.Dest)]
            said = [run for run in digits if low < run.y < high]
            headed = any(where == number and 0 <= y - at + 12 < NEAR for where, at in heads)
            found[str(link.Dest)] = Listed(str(link.Dest), int(said[-1].text), number, headed)
        return list(found.values())


def _places(pdf: pikepdf.Pdf) -> dict[str, tuple[int, float]]:
    names = list(pdf.Root.Names.Dests.Names)
    return {str(name): _place(pdf, where) for name, where in zip(names[::2], names[1::2], strict=True)}


def _place(pdf: pikepdf.Pdf, destination: Any) -> tuple[int, float]:
    return pikepdf.Page(destination[0]).index + 1, float(destination[3])


def _items(items: Any) -> Iterator[Any]:
    for item in items:
        yield item
        yield from _items(item.children)


def body(pdf: pikepdf.Pdf, page: pikepdf.Page) -> list[Run]:
    """The texts of a page without those that run along its edges."""
    high = float(page.mediabox[3])
    return [run for run in runs(pdf, page) if MARGIN < run.y < high - MARGIN]


def overlapping(content: bytes) -> list[str]:
    """Pairs of lines of which one is drawn over the other. Pieces of one line share their height and are left out."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            for one, two in combinations(body(pdf, page), 2):
                wide = min(one.right, two.right) - max(one.left, two.left)
                if wide > 1.5 and 0.5 < abs(one.y - two.y) < 1.05 * min(one.size, two.size):
                    found.append(f"page {number}: {one.text[:30]} / {two.text[:30]}")
    return found


def stranded(content: bytes) -> list[str]:
    """Headings that are the last thing on their page."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_outline() as outline:
            heads = [(*_place(pdf, item.destination), item.title) for item in _items(outline.root)]
        for number, page in enumerate(pdf.pages, 1):
            last = min(body(pdf, page), key=lambda run: run.y, default=None)
            if last is None or number == 1:
                continue
            found += [
                f"page {number}: {title}"
                for at, y, title in heads
                if at == number and (y - last.y < 20 or (last.size > HEADING and y - last.y < 3 * last.size))
            ]
    return found
