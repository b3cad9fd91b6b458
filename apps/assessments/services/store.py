"""Where evidence files lie: sealed with a key of their own, under random names, read only after they were proven whole."""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
from collections.abc import Iterator
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from apps.assessments.models import Evidence
from apps.core import crypto
from apps.core.errors import Refused
from apps.core.ids import new_public_id

log = logging.getLogger(__name__)
PURPOSE = "evidence"
# The name is ours alone: one folder, two levels of two letters, a random id. Nothing a person typed is part of it.
NAME = re.compile(r"evidence/(?:[a-z2-7]{2}/[a-z2-7]{2}/)?[a-z2-7]{20}(?:_[A-Za-z0-9]{7})?")
CHUNK = 256 * 1024


class Unreadable(Refused):
    """The store does not hold what was added; `cause` says in a word why, for the record."""

    def __init__(self, message: str, *, cause: str) -> None:
        super().__init__(message)
        self.cause = cause


def about(row: Evidence) -> str:
    """What a sealed file is bound to: whose it is, which piece, which revision."""
    return f"belay evidence 1|{row.member.public_id}|{row.public_id}|{row.revision}"


def put(row: Evidence, content: IO[bytes]) -> None:
    """Seal `content` for the row as it stands and store it under a new name; the row is not saved here."""
    owner = row.member.public_id
    key, row.file_key, row.key_version = crypto.new_file_key(owner=owner, purpose=PURPOSE, about=about(row))
    content.seek(0)
    counted = _Counted(content)
    with tempfile.TemporaryFile() as sealed:
        for part in crypto.seal_chunks(counted, key=key, about=about(row).encode()):
            sealed.write(part)
        sealed.seek(0)
        name = new_public_id()
        row.file.name = default_storage.save(f"evidence/{name[:2]}/{name[2:4]}/{name}", File(sealed))
    row.size, row.sha256 = counted.size, counted.digest.hexdigest()


class _Counted:
    """A source that counts and hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.size, self.digest = source, 0, hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        part = self.source.read(size)
        self.size += len(part)
        self.digest.update(part)
        return part


def proven(row: Evidence) -> Iterator[bytes]:
    """The file of the row in parts. It is read once to prove that it is whole before the first part is given out.

    Raises `Unreadable` for a file that is missing, cut, swapped, of an older revision, or whose key was erased.
    """
    digest = hashlib.sha256()
    for part in _parts(row):
        digest.update(part)
    if digest.hexdigest() != row.sha256:
        raise _unreadable(row, "another content")
    return _parts(row)


def _parts(row: Evidence) -> Iterator[bytes]:
    name = str(row.file.name or "")
    if not NAME.fullmatch(name):
        raise _unreadable(row, "a name that is never given")
    try:
        with default_storage.open(name) as stored:
            if row.file_key:
                key = crypto.open_file_key(
                    row.file_key, owner=row.member.public_id, purpose=PURPOSE, version=row.key_version, about=about(row)
                )  # fmt: skip
                yield from crypto.open_chunks(stored, key=key, about=about(row).encode())
            else:
                while part := stored.read(CHUNK):
                    yield part
    except crypto.KeyErased as fault:
        raise Unreadable(
            _("The key of this member's files was erased. The file cannot be read any more."),
            cause="key erased",
        ) from fault
    except (crypto.Unreadable, crypto.Damaged) as fault:
        raise _unreadable(row, str(fault)) from fault
    except OSError as fault:
        log.error("An evidence file is missing.", exc_info=fault)
        raise Unreadable(
            _("The file is not in the store. Tell the administrators of the site."), cause="missing"
        ) from fault


def _unreadable(row: Evidence, cause: str) -> Unreadable:
    log.error("An evidence file is not the one that was added.", extra={"topic": row.public_id})
    message = _("The file in the store is not the one that was added. Tell the administrators of the site.")
    return Unreadable(message, cause=cause)


def discard(name: str) -> None:
    """Delete a stored file; one that is gone already is fine, one that cannot be deleted is logged and left."""
    if not NAME.fullmatch(name):
        return
    try:
        default_storage.delete(name)
    except OSError as fault:
        log.error("A discarded evidence file could not be deleted.", exc_info=fault)
