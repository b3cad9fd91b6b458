"""Encryption: sealed fields, a ring of wrapped keys for each owner, and streams of sealed chunks."""

from __future__ import annotations

from apps.core.crypto.fields import PREFIX, Unreadable, seal, unseal
from apps.core.crypto.ring import (
    KeyErased,
    add_version,
    erase_keys,
    new_file_key,
    open_file_key,
    rewrap_file_key,
    rewrap_keys,
)
from apps.core.crypto.streams import Damaged, open_chunks, seal_chunks

__all__ = [
    "PREFIX",
    "Damaged",
    "KeyErased",
    "Unreadable",
    "add_version",
    "erase_keys",
    "new_file_key",
    "open_chunks",
    "open_file_key",
    "rewrap_file_key",
    "rewrap_keys",
    "seal",
    "seal_chunks",
    "unseal",
]
