"""The ring of keys: a master key outside the database wraps keys of owners, which wrap the key of each file.

Master keys come from the environment or a file and are named by a short hash of themselves, so that old ones can be
told from new ones. A wrapped key is 12 bytes nonce and the AES-256-GCM ciphertext, in URL-safe base64; its associated
data says what it is for, so that a wrapped key moved to another row opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from apps.core.crypto.fields import Unreadable
from apps.core.models import DataKey

KEY_BYTES = 32


class KeyErased(Unreadable):
    """The owner's key was destroyed on purpose; what it sealed cannot be read any more."""


@dataclass(frozen=True, slots=True)
class Master:
    """A master key and the name under which wrapped keys refer to it."""

    name: str
    key: bytes


def masters() -> list[Master]:
    """Master keys, the one for new wrappings first. Raises `Unreadable` when the key file cannot be read."""
    return [_master(secret) for secret in dict.fromkeys(_secrets())]


def _secrets() -> Iterator[str]:
    if settings.FILE_KEY_FILE:
        try:
            yield Path(settings.FILE_KEY_FILE).read_text().strip()
        except OSError as fault:
            raise Unreadable("BELAY_FILE_KEY_FILE cannot be read") from fault
    if settings.FILE_KEY:
        yield settings.FILE_KEY
    yield from settings.FILE_KEYS_OLD
    # Files of a site that has no file key yet, or had none before: they stay readable.
    yield settings.FIELD_KEY or settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _master(secret: str) -> Master:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"belay file master key 1").derive(secret.encode())
    return Master(hashlib.sha256(b"name of a master key\x00" + derived).hexdigest()[:12], derived)


def _wrap(key: bytes, under: bytes, about: str) -> str:
    nonce = os.urandom(12)
    return base64.urlsafe_b64encode(nonce + AESGCM(under).encrypt(nonce, key, about.encode())).decode()


def _unwrap(wrapped: str, under: bytes, about: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(wrapped.encode())
        return AESGCM(under).decrypt(raw[:12], raw[12:], about.encode())
    except (InvalidTag, ValueError) as fault:
        raise Unreadable("the wrapped key does not fit its place") from fault


def _about(row: DataKey) -> str:
    return f"belay data key 1|{row.owner}|{row.purpose}|{row.version}"


@transaction.atomic
def add_version(*, owner: str, purpose: str) -> DataKey:
    """Make the next version of the owner's key; files written from now on use it."""
    rows = DataKey.objects.filter(owner=owner, purpose=purpose)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    row = DataKey(owner=owner, purpose=purpose, version=version)
    _put(row, os.urandom(KEY_BYTES))
    row.save(force_insert=True)
    return row


def _put(row: DataKey, key: bytes) -> None:
    newest = masters()[0]
    row.master, row.wrapped = newest.name, _wrap(key, newest.key, _about(row))


def _key_of(row: DataKey) -> bytes:
    """The owner's key in clear. Raises `KeyErased` or `Unreadable`."""
    if row.erased_at or _tombstone(row) in _tombstones():
        raise KeyErased("the key was erased")
    for master in masters():
        if master.name == row.master:
            return _unwrap(row.wrapped, master.key, _about(row))
    raise Unreadable("the master key of this key is not configured")


def new_file_key(*, owner: str, purpose: str, about: str) -> tuple[bytes, str, int]:
    """A fresh key for one file: (key, its wrapped form to store beside the file, version of the owner's key).

    `about` names the file; the wrapped key opens under the same words only. Raises `Unreadable`.
    """
    rows = DataKey.objects.filter(owner=owner, purpose=purpose).order_by("-version")
    row = rows.first()
    if row is None or row.erased_at:
        row = add_version(owner=owner, purpose=purpose)
    key = os.urandom(KEY_BYTES)
    return key, _wrap(key, _key_of(row), about), row.version


def open_file_key(wrapped: str, *, owner: str, purpose: str, version: int, about: str) -> bytes:
    """The key of a file. Raises `KeyErased`, or `Unreadable` when it is not of this owner, version or file."""
    row = DataKey.objects.filter(owner=owner, purpose=purpose, version=version).first()
    if row is None:
        raise Unreadable("the owner has no key of this version")
    return _unwrap(wrapped, _key_of(row), about)


def rewrap_file_key(wrapped: str, *, owner: str, purpose: str, version: int, about: str) -> tuple[str, int]:
    """The same file key under the newest version of the owner's key; the file itself is not touched."""
    key = open_file_key(wrapped, owner=owner, purpose=purpose, version=version, about=about)
    row = DataKey.objects.filter(owner=owner, purpose=purpose).order_by("-version")[0]
    return _wrap(key, _key_of(row), about), row.version


@transaction.atomic
def rewrap_keys() -> int:
    """Wrap every owner's key under the newest master key; return how many changed. Takes seconds: no file is read."""
    newest, changed = masters()[0].name, 0
    for row in DataKey.objects.select_for_update().filter(erased_at=None).exclude(master=newest):
        _put(row, _key_of(row))
        row.save(update_fields=["master", "wrapped"])
        changed += 1
    return changed


@transaction.atomic
def erase_keys(*, owner: str, purpose: str) -> int:
    """Destroy every version of the owner's key; return how many.

    The rows stay as tombstones, and their names are appended to `ERASED_KEYS_FILE`: a restored backup of the
    database brings the rows back, but not the right to use them.
    """
    rows = list(DataKey.objects.select_for_update().filter(owner=owner, purpose=purpose, erased_at=None))
    if not rows:
        return 0
    place = Path(settings.ERASED_KEYS_FILE)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a") as file:
        file.writelines(_tombstone(row) + "\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
    for row in rows:
        row.wrapped, row.master, row.erased_at = "", "", now()
        row.save(update_fields=["wrapped", "master", "erased_at"])
    return len(rows)


def _tombstone(row: DataKey) -> str:
    return f"{row.owner} {row.purpose} {row.version} {row.created_at.isoformat()}"


def _tombstones() -> frozenset[str]:
    try:
        return frozenset(Path(settings.ERASED_KEYS_FILE).read_text().splitlines())
    except FileNotFoundError:
        return frozenset()
