"""Reading a PDF back: words with their place, size and colour; pictures with their alternative text; fonts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pypdf import PdfReader

LABEL = r"TLP:(?:RED|AMBER(?:\+STRICT)?|GREEN|CLEAR)"


@dataclass(frozen=True)
class Word:
    """A run of text: its size in points, and how high it stands on the page in points from below."""

    text: str
    size: float
    y: float
    x: float


def pages(content: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@lru_cache(maxsize=64)
def words(content: bytes, number: int) -> list[Word]:
    """The runs of one page, with their size as drawn."""
    found: list[Word] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            scale = (tm[3] ** 2 + tm[1] ** 2) ** 0.5 * (cm[3] ** 2 + cm[1] ** 2) ** 0.5
            x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append(Word(text.strip(), size * scale, y, x))

    PdfReader(io.BytesIO(content)).pages[number].extract_text(visitor_text=visit)
    return found


def elements(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every element of the tag tree: its kind and its attributes."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        waiting = [pdf.Root.StructTreeRoot.K]
        while waiting:
            item = waiting.pop()
            if isinstance(item, pikepdf.Array):
                waiting += list(item)
            elif isinstance(item, pikepdf.Dictionary):
                if "/S" in item:
                    yield str(item.S), {key: str(item[key]) for key in ("/Alt", "/Lang", "/T") if key in item}
                if "/K" in item:
                    waiting.append(item.K)


def fonts_without_file(content: bytes) -> list[str]:
    """Names of fonts that are not embedded."""
    missing = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for item in pdf.objects:
            described = isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
            if described and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()):
                missing.append(str(item.FontName))
    return missing


def font_names(content: bytes) -> set[str]:
    """Names of the fonts in the file, without the subset's prefix."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = [
            i
            for i in pdf.objects
            if isinstance(i, pikepdf.Dictionary) and i.get("/Type") == "/FontDescriptor"
        ]
        return {str(item.FontName).rpartition("+")[2].lstrip("/") for item in found}
