"""Every glyph of a PDF says which characters it stands for, so that the text can be read aloud, searched and copied.

The engine gives the whole text of a cluster, such as a letter with a vowel mark, to one of its glyphs and none to the
others. PDF/UA asks for a character of each (ISO 14289-1, 7.21.7).
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

NOTHING_TO_SAY = "\u200b"  # a part of a letter that has no character of its own


def name_glyphs(document: Any, pdf: Any) -> None:
    """As the last step before a file is written: mend the map of each font that leaves a glyph without a character."""
    fonts = {font.name: font for font in document.fonts.values() if "" in font.to_unicode.values()}
    for item in pdf.objects:
        if isinstance(item, dict) and "ToUnicode" in item and item.get("BaseFont") in fonts:
            font = fonts[item["BaseFont"]]
            stream = pdf.objects[int(item["ToUnicode"].split()[0])].stream
            stream[:] = _with(stream, named(font.to_unicode, _own(font)))


def named(said: dict[int, str], own: dict[int, str]) -> dict[int, str]:
    """Glyph → characters: what the font itself says of a glyph that shares a cluster, else what the engine says.

    `said` is the engine's map, in which some glyphs have no text; `own` is the font's, for the glyphs that it names.
    """
    return {glyph: _characters(text, own.get(glyph, "")) for glyph, text in said.items()}


def _characters(text: str, letter: str) -> str:
    """The font's letter where it is part of the cluster or the engine has nothing; else the cluster."""
    if letter and (letter in text or not text):
        return letter
    return text or NOTHING_TO_SAY


def _own(font: Any) -> dict[int, str]:
    """Glyph → the character for which the font has it."""
    try:
        table = TTFont(BytesIO(font.file_content), fontNumber=font.index)
        return {table.getGlyphID(name): chr(letter) for letter, name in (table.getBestCmap() or {}).items()}
    except TTLibError:
        return {}


def _with(lines: Iterable[bytes], names: dict[int, str]) -> list[bytes]:
    """The lines of a map with these names: `<0031> <064f>` for glyph 0x31."""
    rows = {f"<{glyph:04x}>".encode(): text.encode("utf-16-be").hex() for glyph, text in names.items()}
    return [
        b"%s <%s>" % (line[:6], rows[line[:6]].encode()) if line[:6] in rows and line[6:8] == b" <" else line
        for line in lines
    ]
