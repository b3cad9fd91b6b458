"""Figures of lessons: SVG shapes by an allow-list, or small PNG drawn anew; inert images in the page (decision 0006)."""

from __future__ import annotations

import base64
import io
import re
from urllib.parse import quote
from xml.etree import ElementTree

from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image, UnidentifiedImageError

MAX_FIGURE_BYTES = 8 * 1024
MAX_PICTURE_BYTES = 24 * 1024
MOST_PIXELS = 4_000_000
WIDEST = 960
PNG = b"\x89PNG\r\n\x1a\n"
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError)
MAX_DEPTH = 12
SVG = "{http://www.w3.org/2000/svg}"
SILENT = {"title", "desc"}
SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
ATTRIBUTES = {
    "viewBox", "width", "height", "role", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points",
    "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "stroke-dasharray", "stroke-opacity", "opacity", "transform",
}  # fmt: skip
SAFE_VALUE = re.compile(r"[A-Za-z0-9#.,%+\-() \n\t]*")


class BadFigure(ValueError):
    """The figure holds more than shapes; the message says what."""


def clean_figure(raw: bytes) -> tuple[str, int, int]:
    """Return the figure rebuilt from allowed shapes, with its width and height in pixels.

    Raises `BadFigure` for anything else: a figure is refused, never silently mended.
    """
    if len(raw) > MAX_FIGURE_BYTES:
        raise BadFigure(f"a figure has at most {MAX_FIGURE_BYTES // 1024} KB.")
    if b"<!" in raw or b"<?" in raw:
        raise BadFigure("declarations, comments and entities are not allowed.")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314  declarations were refused above, so no entity can grow
    except (ElementTree.ParseError, ValueError) as fault:
        raise BadFigure(f"this is not SVG: {fault}.") from fault
    if root.tag != f"{SVG}svg":
        raise BadFigure("the root is not an svg element.")
    ElementTree.register_namespace("", SVG[1:-1])
    kept = _keep(root)
    return ElementTree.tostring(kept, encoding="unicode"), _pixels(root, "width"), _pixels(root, "height")


def _keep(node: ElementTree.Element, depth: int = 0) -> ElementTree.Element:
    if depth > MAX_DEPTH:
        raise BadFigure(f"shapes are nested more than {MAX_DEPTH} deep.")
    name = node.tag.removeprefix(SVG)
    if name not in SHAPES:
        raise BadFigure(f"“{name}” is not a shape.")
    if (node.text or "").strip():
        raise BadFigure("text belongs in the lesson, not in a figure.")
    kept = ElementTree.Element(node.tag)
    for key, value in node.attrib.items():
        if key not in ATTRIBUTES:
            raise BadFigure(f"the attribute “{key}” is not allowed.")
        if not SAFE_VALUE.fullmatch(value) or "url" in value.lower():
            raise BadFigure(f"the value of “{key}” is not allowed.")
        kept.set(key, value)
    for child in node:
        if (child.tail or "").strip():
            raise BadFigure("text belongs in the lesson, not in a figure.")
        if child.tag.removeprefix(SVG) not in SILENT:
            kept.append(_keep(child, depth + 1))
    return kept


def _pixels(root: ElementTree.Element, side: str) -> int:
    value = root.get(side, "")
    if not value.isascii() or not value.isdecimal() or not 1 <= int(value) <= 2000:
        raise BadFigure(f"the svg element needs a {side} in whole pixels, at most 2000.")
    return int(value)


def check_figure(raw: bytes) -> None:
    """Raise `BadFigure` for a figure, drawn or picture, that may not stand in a lesson."""
    if raw.startswith(PNG):
        _picture(raw)
    else:
        clean_figure(raw)


def _picture(raw: bytes) -> Image.Image:
    """The picture, its size known before a pixel is drawn."""
    if len(raw) > MAX_PICTURE_BYTES:
        raise BadFigure(f"a picture has at most {MAX_PICTURE_BYTES // 1024} KB.")
    return _open(raw)


def _open(raw: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(raw), formats=["PNG"])
    except BROKEN as fault:
        raise BadFigure("this is not a whole PNG picture.") from fault
    if picture.width * picture.height > MOST_PIXELS:
        raise BadFigure(f"a picture has at most {MOST_PIXELS // 1_000_000} million pixels.")
    return picture


def redraw_picture(raw: bytes) -> bytes:
    """A PNG drawn anew from its pixels alone, at most 960 pixels wide, in at most 256 colours. Raises `BadFigure`."""
    picture = _open(raw)
    try:
        drawn = picture.convert("RGBA")
        if drawn.width > WIDEST:
            drawn = drawn.resize((WIDEST, max(1, round(drawn.height * WIDEST / drawn.width))))
        out = io.BytesIO()
        drawn.quantize(256).save(out, "PNG", optimize=True)
    except BROKEN as fault:
        raise BadFigure("this is not a whole PNG picture.") from fault
    _picture(out.getvalue())
    return out.getvalue()


def figure_html(raw: bytes, alt: str) -> SafeString:
    """The figure as an image that carries itself: no request, no script, nothing loaded from elsewhere."""
    if raw.startswith(PNG):
        width, height = _picture(raw).size
        data = "data:image/png;base64," + base64.b64encode(raw).decode()
    else:
        svg, width, height = clean_figure(raw)
        data = "data:image/svg+xml," + quote(svg.replace('"', "'"), safe=" =:/(),.-+")
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}"></figure>', data, alt, width, height
    )
