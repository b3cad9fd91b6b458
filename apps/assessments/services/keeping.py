"""What the operator does with stored files: new keys, sealing what was stored plain, checking, erasing a member's key."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from django.db import transaction

from apps.accounts.models import User
from apps.assessments.models import Evidence
from apps.assessments.services import store
from apps.assessments.services.destroying import discard_later
from apps.core import audit, crypto
from apps.core.rewrapping import rewrap_elsewhere
from apps.members.models import Member


def stored_files(member: Member | None = None) -> Iterator[Evidence]:
    """Every piece that has a file in the store, removed ones included, a few at a time."""
    rows = Evidence.objects.exclude(file="").select_related("member", "assessment").order_by("pk")
    yield from (rows.filter(member=member) if member else rows).iterator(chunk_size=200)


@transaction.atomic
def rotate_master(*, actor: User | None) -> int:
    """Wrap every member's key under the newest master key; return how many changed."""
    changed = crypto.rewrap_keys()
    if changed:
        audit.record(actor=actor, action="keys.rewrapped", on=_Ring("all"), keys=changed)
    return changed


@transaction.atomic
def rotate_member(*, actor: User | None, member: Member) -> int:
    """Give a member a new version of its key and wrap the keys of its files under it, those of other apps too.

    Return how many files.
    """
    owner, changed = member.public_id, 0
    row = crypto.add_version(owner=owner, purpose=store.PURPOSE)
    for piece in list(stored_files(member)):
        if not piece.file_key:
            continue
        wrapped, version = crypto.rewrap_file_key(
            piece.file_key, owner=owner, purpose=store.PURPOSE, version=piece.key_version, about=store.about(piece)
        )  # fmt: skip
        Evidence.objects.filter(pk=piece.pk).update(file_key=wrapped, key_version=version)
        changed += 1
    changed += rewrap_elsewhere(owner, store.PURPOSE)
    audit.record(
        actor=actor, action="keys.rotated", on=member, chain=owner, version=row.version, files=changed
    )
    return changed


@transaction.atomic
def seal_plain(*, actor: User | None, evidence: Evidence) -> bool:
    """Seal a file that was stored before there were keys; the plain one is destroyed after the commit.

    False when it is sealed already. Raises `Unreadable` when the store holds something else than was added.
    """
    row = (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("member", "assessment")
        .get(pk=evidence.pk)
    )
    if row.file_key or not row.file:
        return False
    old = str(row.file.name)
    with tempfile.TemporaryFile() as content:
        for part in store.proven(row):
            content.write(part)
        store.put(row, content)
    try:
        row.save(update_fields=["file", "file_key", "key_version"])
        discard_later(actor=actor, name=old)
        chain = row.member.public_id
        audit.record(actor=actor, action="evidence.sealed", on=row, chain=chain, sha256=row.sha256)
    except Exception:
        store.discard(str(row.file.name))
        raise
    return True


@transaction.atomic
def erase_member_key(*, actor: User | None, member: Member) -> int:
    """Destroy every version of a member's key: none of its files can be read again, in no backup either."""
    erased = crypto.erase_keys(owner=member.public_id, purpose=store.PURPOSE)
    audit.record(actor=actor, action="keys.erased", on=member, chain=member.public_id, versions=erased)
    return erased


class _Ring:
    """The ring of keys as the object of a record."""

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id
