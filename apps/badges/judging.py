"""Say what a signed credential is worth, with the issuer's keys at hand and no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.badges import status
from apps.badges.contexts import CREDENTIALS, OPEN_BADGES
from apps.badges.proof import is_genuine
from apps.badges.strict import is_plain, require_credential
from apps.badges.words import State

# The contexts of what we issue. A further one would change no signature, but it would change the document.
ISSUED_IN = ([CREDENTIALS, OPEN_BADGES], [CREDENTIALS])


def judge(
    signed: dict[str, Any],
    *,
    keys: Mapping[str, bytes],
    at: datetime,
    bits: bytes | None = None,
) -> State:
    """The state of a credential at a moment in UTC. `keys`: multikey → raw key; `bits`: the status list, where known.

    Raises BadCredential for what is no signed credential. A signature by no key of ours says nothing: unknown issuer.
    One by ours that does not fit, or a part that it cannot cover: altered.
    """
    require_credential(signed)
    controller, _hash, key = str(signed["proof"].get("verificationMethod")).rpartition("#")
    if key not in keys:
        return State.UNKNOWN_ISSUER
    whole = signed["@context"] in ISSUED_IN and is_plain(signed) and _issuer(signed) == controller
    if not whole or not is_genuine(signed, keys[key]):
        return State.ALTERED
    if bits is not None and _is_revoked(signed, bits):
        return State.REVOKED
    until = signed.get("validUntil")
    if until is not None and datetime.fromisoformat(until) < at:
        return State.EXPIRED
    return State.VALID


def _issuer(signed: dict[str, Any]) -> Any:
    issuer = signed.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _is_revoked(signed: dict[str, Any], bits: bytes) -> bool:
    entry = signed.get("credentialStatus")
    return isinstance(entry, dict) and status.is_set(bits, int(entry["statusListIndex"]))
