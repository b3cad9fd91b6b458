"""Where files of people lie: sealed with a key of their own, under random names, read only after they were proven whole."""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from apps.core import crypto
from apps.core.errors import Refused
from apps.core.ids import new_public_id

log = logging.getLogger(__name__)
# Names are ours alone: one folder, two levels of two letters, a random id. Nothing a person typed is part of it.
PLACE = r"/(?:[a-z2-7]{2}/[a-z2-7]{2}/)?[a-z2-7]{20}(?:_[A-Za-z0-9]{7})?"
CHUNK = 256 * 1024


class Unreadable(Refused):
    """The store does not hold what was added; `cause` says in a word why, for the record."""

    def __init__(self, message: str, *, cause: str) -> None:
        super().__init__(message)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose key opens a file, what the file is bound to, in which folder it lies, and its id for the log."""

    owner: str
    purpose: str
    about: str
    folder: str
    topic: str

    def has(self, name: str) -> bool:
        """Whether a stored file of this folder can have this name."""
        return re.fullmatch(re.escape(self.folder) + PLACE, name) is not None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A stored file: its name, its wrapped key ("" for one stored before there were keys), size in bytes, SHA-256."""

    name: str
    key: str
    key_version: int
    size: int
    sha256: str


def put(content: IO[bytes], *, whose: Whose) -> Sealed:
    """Seal `content` and store it under a new name. Raises `crypto.Unreadable` when a key of the site is missing."""
    key, wrapped, version = crypto.new_file_key(owner=whose.owner, purpose=whose.purpose, about=whose.about)
    content.seek(0)
    counted = _Counted(content)
    with tempfile.TemporaryFile() as sealed:
        for part in crypto.seal_chunks(counted, key=key, about=whose.about.encode()):
            sealed.write(part)
        sealed.seek(0)
        name = new_public_id()
        stored = default_storage.save(f"{whose.folder}/{name[:2]}/{name[2:4]}/{name}", File(sealed))
    return Sealed(stored, wrapped, version, counted.size, counted.digest.hexdigest())


class _Counted:
    """A source that counts and hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.size, self.digest = source, 0, hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        part = self.source.read(size)
        self.size += len(part)
        self.digest.update(part)
        return part


def proven(file: Sealed, *, whose: Whose) -> Iterator[bytes]:
    """The file in parts. It is read once to prove that it is whole before the first part is given out.

    Raises `Unreadable` for a file that is missing, cut, swapped, of an older revision, or whose key was erased.
    """
    digest = hashlib.sha256()
    for part in _parts(file, whose):
        digest.update(part)
    if digest.hexdigest() != file.sha256:
        raise _unreadable(whose, "another content")
    return _parts(file, whose)


def _parts(file: Sealed, whose: Whose) -> Iterator[bytes]:
    if not whose.has(file.name):
        raise _unreadable(whose, "a name that is never given")
    try:
        with default_storage.open(file.name) as stored:
            if file.key:
                key = crypto.open_file_key(
                    file.key, owner=whose.owner, purpose=whose.purpose, version=file.key_version, about=whose.about
                )  # fmt: skip
                yield from crypto.open_chunks(stored, key=key, about=whose.about.encode())
            else:
                while part := stored.read(CHUNK):
                    yield part
    except crypto.KeyErased as fault:
        raise Unreadable(
            _("The key of this member's files was erased. The file cannot be read any more."),
            cause="key erased",
        ) from fault
    except (crypto.Unreadable, crypto.Damaged) as fault:
        raise _unreadable(whose, str(fault)) from fault
    except OSError as fault:
        log.error("A stored file is missing.", exc_info=fault)
        raise Unreadable(
            _("The file is not in the store. Tell the administrators of the site."), cause="missing"
        ) from fault


def _unreadable(whose: Whose, cause: str) -> Unreadable:
    log.error("A stored file is not the one that was added.", extra={"topic": whose.topic})
    message = _("The file in the store is not the one that was added. Tell the administrators of the site.")
    return Unreadable(message, cause=cause)


def discard(name: str, *, folder: str) -> None:
    """Delete a stored file; one that is gone already is fine, one that cannot be deleted is logged and left."""
    if not re.fullmatch(re.escape(folder) + PLACE, name):
        return
    try:
        default_storage.delete(name)
    except OSError as fault:
        log.error("A discarded file could not be deleted.", exc_info=fault)
