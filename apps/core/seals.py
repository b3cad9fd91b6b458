"""Signatures of the site over canonical content, so that anyone can check a file away from the server.

Content is hashed in its RFC 8785 form; the hash is what records name. The signature is Ed25519 (RFC 8032) over that
same form. The public keys, old ones too, stand at `/.well-known/belay-keys.json`.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from apps.core.keys import seed_of


def content_hash(content: Any) -> str:
    """SHA-256, in hexadecimal, of the RFC 8785 form of plain JSON data."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def sign(content: Any) -> dict[str, str]:
    """Return {"type", "key", "value"}: the site's signature over the RFC 8785 form of `content`."""
    signature = _private().sign(rfc8785.dumps(content))
    return {"type": "Ed25519", "key": key_id(), "value": base64.b64encode(signature).decode()}


def is_signed(content: Any, proof: dict[str, str]) -> bool:
    """Say whether `proof` is a signature over `content` by a key this site publishes."""
    key = public_keys().get(str(proof.get("key")))
    if key is None or proof.get("type") != "Ed25519":
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
        public.verify(base64.b64decode(str(proof.get("value")), validate=True), rfc8785.dumps(content))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys() -> dict[str, str]:
    """Key id → public key in base64: the one in use first, then those of earlier years."""
    return {key_id(): _public(), **{_id_of(key): key for key in settings.OLD_PUBLIC_KEYS}}


def credential_seed() -> bytes:
    """The 32 bytes that credentials are signed with: of the setting, of its file, or following from the signing key.

    Raises ValueError for a key that cannot sign, OSError for a file that cannot be read.
    """
    given = settings.CREDENTIAL_KEY
    if settings.CREDENTIAL_KEY_FILE:
        given = Path(settings.CREDENTIAL_KEY_FILE).read_text(encoding="ascii").strip()
    if given:
        return seed_of(given)
    return hashlib.sha256(b"belay credential key\x00" + _private().private_bytes_raw()).digest()


def key_id() -> str:
    """The id of the key in use: the first 16 hexadecimal digits of the SHA-256 of the public key."""
    return _id_of(_public())


def _private() -> Ed25519PrivateKey:
    given = settings.SIGNING_KEY
    # The demonstration signs too, with a key that is worth as much as its secret.
    seed = (
        seed_of(given)
        if given
        else hashlib.sha256(b"belay signing key\x00" + settings.SECRET_KEY.encode()).digest()
    )
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public() -> str:
    return base64.b64encode(_private().public_key().public_bytes_raw()).decode()


def _id_of(key: str) -> str:
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]
