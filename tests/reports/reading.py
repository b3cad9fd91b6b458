"""Reading a PDF back: words with their place, size and colour; pictures with their alternative text; fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
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


Matrix = tuple[float, float, float, float, float, float]


def _times(m: Matrix, n: Matrix) -> Matrix:
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + o)


def _unicode_map(font: pikepdf.Dictionary) -> dict[int, str]:
    """Glyph number → text, from the font's ToUnicode map."""
    text = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>$", text, flags=re.M)
    return {int(code, 16): bytes.fromhex(value).decode("utf-16-be") for code, value in pairs}


def words(content: bytes, number: int) -> list[Word]:
    """The runs of one page, with the size they are drawn in and the place they begin at."""
    found: list[Word] = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[number]
        maps = {str(name): _unicode_map(font) for name, font in page.Resources.Font.items()}
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
                    parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                    raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                    codes = [int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)]
                    whole = _times(line, at)
                    scale = (whole[2] ** 2 + whole[3] ** 2) ** 0.5
                    text = "".join(maps[font].get(code, "") for code in codes).strip()
                    if text:
                        found.append(Word(text, size * scale, whole[5], whole[4]))
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
