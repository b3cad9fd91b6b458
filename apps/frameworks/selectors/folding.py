"""Spelling without case and accents, so that a search finds what was typed on any keyboard."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """The text without case, accents and other combining marks."""
    return "".join(map(_plain, text))


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = _plain(letter)
        folded.append(plain)
        places += [place] * len(plain)
    return "".join(folded), places


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    parts = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))
