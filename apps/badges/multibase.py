"""Base58 (Bitcoin's alphabet) and multikeys, as W3C Controlled Identifiers 1.0 writes them."""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"
LONGEST = 200


def to_base58(content: bytes) -> str:
    """Multibase text of `content`: `z` and its base58btc digits."""
    number, digits = int.from_bytes(content), ""
    while number:
        number, place = divmod(number, 58)
        digits = ALPHABET[place] + digits
    zeros = len(content) - len(content.lstrip(b"\x00"))
    return "z" + ALPHABET[0] * zeros + digits


def from_base58(text: str) -> bytes:
    """The bytes of multibase text that begins with `z`. Raises ValueError for anything else, or over 200 characters."""
    if not text.startswith("z") or len(text) > LONGEST:
        raise ValueError("not base58btc text")
    number = 0
    for digit in text[1:]:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(text) - 1 - len(text[1:].lstrip(ALPHABET[0]))
    return b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def to_multikey(public: bytes) -> str:
    """The multikey of a raw Ed25519 public key: `z6Mk…`."""
    return to_base58(ED25519_PUBLIC + public)


def from_multikey(text: str) -> bytes:
    """The raw 32 bytes of an Ed25519 multikey. Raises ValueError for any other key."""
    content = from_base58(text)
    if content[:2] != ED25519_PUBLIC or len(content) != 34:
        raise ValueError("not an Ed25519 multikey")
    return content[2:]
