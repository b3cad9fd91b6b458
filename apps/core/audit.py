"""The append-only record of state changes: one hash chain a member, one for the operator."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import rfc8785
from django.db import transaction
from django.utils.timezone import now

from apps.core import statements
from apps.core.logs import current_request_id
from apps.core.models import AuditChain, AuditEntry

OPERATOR_CHAIN = "operator"
ZERO = "0" * 64


class Named(Protocol):
    """Anything with a public id: a user, a member, an assessment."""

    public_id: str


def record(
    *, actor: Named | None, action: str, on: Any, chain: str = OPERATOR_CHAIN, **detail: Any
) -> AuditEntry:
    """Append a row to `chain` (a member's public id) in the caller's transaction.

    `detail` holds ids, counts and hashes, never contents. Raises `TransactionManagementError` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An audit row belongs in the transaction of the act it records."
        )
    seq, previous = _locked_head(chain)
    entry = AuditEntry(
        chain_id=chain,
        seq=seq + 1,
        at=now(),
        actor=actor.public_id if actor else "",
        action=action,
        object_type=type(on).__name__,
        object_id=str(getattr(on, "public_id", None) or on.pk),
        detail={key: value for key, value in detail.items() if value is not None},
        request_id=current_request_id(),
        previous=previous,
    )
    entry.hash = entry_hash(entry)
    statements.insert(entry)
    statements.update(AuditChain(key=chain, seq=entry.seq, head=entry.hash), "seq", "head")
    return entry


def _locked_head(chain: str) -> tuple[int, str]:
    """Number and hash of the chain's last row, locked for this transaction; the chain is made when it begins."""
    text = 'SELECT "seq", "head" FROM "core_auditchain" WHERE "key" = %s'
    head = statements.lock_row(text, chain)
    if head is None:
        AuditChain.objects.get_or_create(key=chain)
        head = statements.lock_row(text, chain)
    assert head is not None
    return head[0], head[1]


def entry_content(entry: AuditEntry) -> dict[str, Any]:
    """What the hash covers, as canonical data."""
    return {
        "chain": entry.chain_id,
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "detail": entry.detail,
        "request_id": entry.request_id,
        "previous": entry.previous,
    }


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over 0x00 and the RFC 8785 form of the row (a leaf in the manner of RFC 6962)."""
    return hashlib.sha256(b"\x00" + rfc8785.dumps(entry_content(entry))).hexdigest()


def first_bad_link(entries: Iterable[AuditEntry], head: Mapping[str, Any] | None = None) -> str:
    """A sentence about the first row that does not fit, or an empty string. `head` is {"seq", "head"}."""
    previous, seq = ZERO, 0
    for entry in entries:
        if entry.seq != seq + 1:
            return f"row {entry.seq} follows row {seq}: a row is missing or doubled"
        if entry.previous != previous:
            return f"row {entry.seq} does not name the hash of row {seq}"
        if entry.hash != entry_hash(entry):
            return f"row {entry.seq} was changed after it was written"
        previous, seq = entry.hash, entry.seq
    if head and (head["seq"] != seq or head["head"] != previous):
        return f"the chain ends at row {seq}, its head says row {head['seq']}"
    return ""


def record_document(chain: str) -> dict[str, Any]:
    """The whole chain as plain data (format `belay-record` version 1), for checking away from the server."""
    head = AuditChain.objects.filter(key=chain).first()
    rows = AuditEntry.objects.filter(chain_id=chain).order_by("seq").iterator()
    entries = [{**entry_content(row), "hash": row.hash} for row in rows]
    return {
        "format": "belay-record",
        "version": 1,
        "chain": chain,
        "head": {"seq": head.seq, "hash": head.head} if head else {"seq": 0, "hash": ZERO},
        "entries": entries,
    }


def head_line(chain: str) -> str:
    """The head of a chain as people keep it: its name, the number of its last row, the hash of that row."""
    head = AuditChain.objects.filter(key=chain).first()
    return f"{chain} {head.seq} {head.head}" if head else f"{chain} 0 {ZERO}"
