"""Sealed files: AES-256-GCM in numbered chunks, the last one marked, so that a cut or a swap is seen.

Format (all numbers big endian): 8 bytes `BELAYF1\\n`, 4 bytes chunk size, 7 bytes random; then chunks of that size, each
followed by its 16-byte tag; the last may be shorter or empty. Nonce of a chunk: the 7 random bytes, 4 bytes number from
0, 1 byte (1 for the last chunk, else 0). Associated data: the 19 bytes of the header, then `about`, which says whose
file it is, which piece, which revision. A key seals one file only.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"BELAYF1\n"
HEADER = struct.Struct(">8sI7s")
CHUNK = 256 * 1024
LARGEST_CHUNK = 4 * 1024 * 1024
TAG = 16


class Damaged(ValueError):
    """The stored bytes are not those that were sealed for this place: cut, changed, swapped or of another revision."""


class Source(Protocol):
    """Anything that bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


def seal_chunks(source: Source, *, key: bytes, about: bytes, chunk: int = CHUNK) -> Iterator[bytes]:
    """Yield the sealed form of `source`; needs the memory of two chunks, however long the source is."""
    prefix = os.urandom(7)
    header = HEADER.pack(MAGIC, chunk, prefix)
    yield header
    cipher, number = AESGCM(key), 0
    block = _exactly(source, chunk)
    while True:
        following = _exactly(source, chunk) if len(block) == chunk else b""
        last = not following
        yield cipher.encrypt(_nonce(prefix, number, last=last), block, header + about)
        if last:
            return
        block, number = following, number + 1


def open_chunks(source: Source, *, key: bytes, about: bytes) -> Iterator[bytes]:
    """Yield the bytes that were sealed. Raises `Damaged` before giving out any byte that was not sealed here."""
    header = _exactly(source, HEADER.size)
    if len(header) != HEADER.size or not header.startswith(MAGIC):
        raise Damaged("not a sealed file")
    _magic, chunk, prefix = HEADER.unpack(header)
    if not 0 < chunk <= LARGEST_CHUNK:
        raise Damaged("a chunk size that is never written")
    cipher, number = AESGCM(key), 0
    block = _exactly(source, chunk + TAG)
    while True:
        following = _exactly(source, chunk + TAG) if len(block) == chunk + TAG else b""
        last = not following
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=last), block, header + about)
        except InvalidTag as fault:
            raise Damaged(f"chunk {number} does not fit") from fault
        if last:
            return
        block, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _exactly(source: Source, size: int) -> bytes:
    """`size` bytes, or what is left: a store may give less at a time than was asked for."""
    parts = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
