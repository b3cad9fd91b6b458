"""Encryption of single fields: AES-256-GCM, bound to what the field belongs to."""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

PREFIX = "b1."


class Unreadable(ValueError):
    """The text was not written with this key or not for this purpose."""


def _key() -> bytes:
    secret = settings.FIELD_KEY or settings.SECRET_KEY
    return hashlib.sha256(b"belay field key\x00" + secret.encode()).digest()


def seal(text: str, *, purpose: str) -> str:
    """Encrypt `text` for `purpose` (authenticated, not stored)."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key()).encrypt(nonce, text.encode(), purpose.encode())
    return PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Decrypt; raises `Unreadable` when key or purpose differ or the text was changed."""
    if not sealed.startswith(PREFIX):
        raise Unreadable("not an encrypted field")
    raw = base64.urlsafe_b64decode(sealed[len(PREFIX) :])
    try:
        return AESGCM(_key()).decrypt(raw[:12], raw[12:], purpose.encode()).decode()
    except InvalidTag as fault:
        raise Unreadable("the key does not fit") from fault
