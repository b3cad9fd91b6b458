"""Reading keys as operators write them; needs no settings, so that the start itself can be refused."""

from __future__ import annotations

import base64

SEED_BYTES = 32


def seed_of(text: str) -> bytes:
    """Read a signing key as `make_signing_key` prints it. Raises `ValueError` for anything else."""
    try:
        seed = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise ValueError("a signing key is base64 text") from fault
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a signing key has {SEED_BYTES} bytes, not {len(seed)}")
    return seed
