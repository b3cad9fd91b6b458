"""Certificate codes: sixteen characters of Crockford's base32, the last one checks the others."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u2010": "", "\u2011": "", "\u2013": ""}
)
LENGTH = 16
CHECK_MODULUS = 37


def _check_value(body: str) -> int:
    value = 0
    for character in body:
        value = (value * 32 + ALPHABET.index(character)) % CHECK_MODULUS
    return value


def new_code() -> str:
    """A random code of 75 bits. Crockford's check has five signs beyond the alphabet; codes that need one are not used."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        if _check_value(body) < len(ALPHABET):
            return body + ALPHABET[_check_value(body)]


def read_code(text: str) -> str:
    """The code as stored, from anything a person types (case, spaces, dashes, O for 0, I or L for 1).

    Returns an empty string when this cannot be a code: wrong length, foreign characters, or the check does not fit.
    """
    code = text.strip().upper().translate(LOOKALIKES)
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return ""
    return code if _check_value(code[:-1]) == ALPHABET.index(code[-1]) else ""


def show_code(code: str) -> str:
    """In groups of four, for reading aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
