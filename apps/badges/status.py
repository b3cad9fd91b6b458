"""Bitstring status lists (W3C Recommendation): one bit a credential, counted from the most significant."""

from __future__ import annotations

import base64
import gzip
import io
import zlib
from collections.abc import Iterable
from typing import Any

from apps.badges.contexts import CREDENTIALS

BITS = 131_072  # the least that the standard allows: a list hides who is asked about
LARGEST_ENCODED = 64 * 1024


def encode(revoked: Iterable[int]) -> str:
    """The list in which the bits of `revoked` (0 to 131,071) are set: gzip, base64url, multibase `u`."""
    bits = bytearray(BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> (index % 8)
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bits of an encoded list. Raises ValueError for other text, or one that is not exactly 131,072 bits."""
    if not text.startswith("u") or len(text) > LARGEST_ENCODED:
        raise ValueError("not a status list")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            bits = file.read(BITS // 8 + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise ValueError("not a status list") from fault
    if len(bits) != BITS // 8:
        raise ValueError("a status list of another length")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit of `index` is set. Raises ValueError outside the list."""
    if not 0 <= index < len(bits) * 8:
        raise ValueError("outside the list")
    return bool(bits[index // 8] & (0x80 >> (index % 8)))


def status_entry(url: str, index: int) -> dict[str, str]:
    """What a credential says of its place in the list at `url`."""
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def status_list(url: str, *, issuer: str, revoked: Iterable[int], since: str) -> dict[str, Any]:
    """The list as a credential, not yet signed; `since` is a moment in UTC as xsd:dateTime."""
    return {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": since,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(revoked),
        },
    }
