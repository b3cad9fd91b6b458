"""Random public identifiers: what URLs show instead of row numbers."""

from __future__ import annotations

import base64
import secrets

PUBLIC_ID_LENGTH = 20


def new_public_id() -> str:
    """Twenty lower-case base32 characters, 100 random bits."""
    return base64.b32encode(secrets.token_bytes(13)).decode().lower()[:PUBLIC_ID_LENGTH]
