"""Where evidence files lie: in the vault, sealed with a key of the member, bound to their piece and its revision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from apps.assessments.models import Evidence
from apps.core import vault
from apps.core.vault import CHUNK, Unreadable

__all__ = ["CHUNK", "NAME", "PURPOSE", "Unreadable", "about", "discard", "proven", "put"]
PURPOSE = FOLDER = "evidence"
NAME = re.compile(FOLDER + vault.PLACE)


def about(row: Evidence) -> str:
    """What a sealed file is bound to: whose it is, which piece, which revision."""
    return f"belay evidence 1|{row.member.public_id}|{row.public_id}|{row.revision}"


def _whose(row: Evidence) -> vault.Whose:
    return vault.Whose(row.member.public_id, PURPOSE, about(row), FOLDER, row.public_id)


def put(row: Evidence, content: IO[bytes]) -> None:
    """Seal `content` for the row as it stands and store it under a new name; the row is not saved here."""
    made = vault.put(content, whose=_whose(row))
    row.file.name, row.file_key, row.key_version = made.name, made.key, made.key_version
    row.size, row.sha256 = made.size, made.sha256


def proven(row: Evidence) -> Iterator[bytes]:
    """The file of the row in parts, proven whole before the first is given out. Raises `Unreadable`."""
    kept = vault.Sealed(str(row.file.name or ""), row.file_key, row.key_version, row.size, row.sha256)
    return vault.proven(kept, whose=_whose(row))


def discard(name: str) -> None:
    """Delete a stored file; one that is gone already is fine, one that cannot be deleted is logged and left."""
    vault.discard(name, folder=FOLDER)
