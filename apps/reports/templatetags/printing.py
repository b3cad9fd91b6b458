"""What the PDF engine cannot do by itself: the writing direction of a text that people typed, and characters without a glyph."""

from __future__ import annotations

import unicodedata

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
RIGHT_TO_LEFT = ("R", "AL")
CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@register.filter
def text_dir(text: str) -> str:
    """ "ltr" or "rtl" by the first strong character, as `dir="auto"` does in a browser."""
    for character in str(text):
        kind = unicodedata.bidirectional(character)
        if kind in ("L", *RIGHT_TO_LEFT):
            return "rtl" if kind in RIGHT_TO_LEFT else "ltr"
    return "ltr"


@register.filter
def typed(text: str) -> SafeString:
    """A text as typed, for paper: line ends kept, and what paper would not show written out.

    Controls of the writing direction and pictures (emoji) become their code points, so that nobody is misled by a
    turned text and nothing that was typed is missing.
    """
    lines = ("".join(map(_shown, line)) for line in str(text).splitlines())
    return mark_safe("<br>".join(conditional_escape(line) for line in lines))  # noqa: S308  every line is escaped


def _shown(character: str) -> str:
    code = ord(character)
    picture = code > 0xFFFF or unicodedata.category(character) in ("Cn", "Co", "Cs")
    if character in CONTROLS or picture:
        return f"[U+{code:04X}]"
    return character
