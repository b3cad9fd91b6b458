"""Words as people search for them: without capitals, accents, vowel signs and variants of letters."""

from __future__ import annotations

import unicodedata

# Letters that Arabic writers use for one another, and the lengthening line, which is no letter.
ARABIC = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": None})


def fold(text: str) -> str:
    """The text in the form in which search compares it: NFKD without marks, Arabic letters made one, case folded."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    ).translate(ARABIC)
    digits = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in plain)
    return " ".join(digits.casefold().split())


def has_words(text: str, query: str) -> bool:
    """Whether every word of `query` is somewhere in `text`; both may be written as anybody likes."""
    there = fold(text)
    return all(word in there for word in fold(query).split())
