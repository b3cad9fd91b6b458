"""Check a badge away from the site and without a network: the file, the site's published keys, perhaps its list.

    .venv/bin/python scripts/verify_badge.py badge.png --keys did.json [--status list.json]

`did.json` is `/.well-known/did.json` of the site, `list.json` the list that the credential names. Prints one line; ends with
0 for valid, 1 for expired or withdrawn, 2 for changed, not signed by these keys, or unreadable.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from apps.badges import BadCredential, State, from_multikey, judge, read, require_badge, unbake
from apps.badges.status import decode

LINES = {
    State.VALID: (0, "valid"),
    State.EXPIRED: (1, "genuine, but it has expired"),
    State.REVOKED: (1, "genuine, but it was withdrawn"),
    State.ALTERED: (2, "changed after it was signed"),
    State.UNKNOWN_ISSUER: (2, "not signed by any of these keys"),
}


class Unusable(ValueError):
    """A file beside the badge that cannot be used."""


def published_keys(path: Path) -> dict[str, bytes]:
    """Multikey → raw key of a DID document."""
    try:
        found = [row["publicKeyMultibase"] for row in read(path.read_bytes())["verificationMethod"]]
        return {key: from_multikey(key) for key in found}
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise Unusable(f"{path}: no list of keys ({fault})") from fault


def listed_bits(path: Path, keys: dict[str, bytes], named: object) -> bytes:
    """The bits of a status list that these keys signed, and that the credential names."""
    try:
        document = read(path.read_bytes())
        if judge(document, keys=keys, at=datetime.now(UTC)) is not State.VALID:
            raise Unusable(f"{path}: this list is not signed by these keys")
        if document.get("id") != named:
            raise Unusable(f"{path}: the credential names another list, {named}")
        return decode(document["credentialSubject"]["encodedList"])
    except (OSError, KeyError, TypeError, BadCredential) as fault:
        raise Unusable(f"{path}: no status list ({fault})") from fault


def check(given: argparse.Namespace) -> tuple[int, str]:
    """The exit code and the line for what was given."""
    try:
        keys, content = published_keys(given.keys), given.file.read_bytes()
        document = read(content if content.lstrip()[:1] == b"{" else unbake(content))
        state = judge(document, keys=keys, at=datetime.now(UTC))
        require_badge(document)
        if given.status and state not in (State.ALTERED, State.UNKNOWN_ISSUER):
            bits = listed_bits(given.status, keys, document["credentialStatus"]["statusListCredential"])
            state = judge(document, keys=keys, at=datetime.now(UTC), bits=bits)
    except (OSError, BadCredential, Unusable) as fault:
        return 2, f"cannot be checked: {fault}"
    code, line = LINES[state]
    said = f" – {json.dumps(document.get('name'), ensure_ascii=False)}" if code < 2 else ""
    return code, line + said


def main() -> int:
    parser = argparse.ArgumentParser(description="Check a badge without a network.")
    parser.add_argument("file", type=Path, help="the badge: PNG, SVG or JSON")
    parser.add_argument("--keys", type=Path, required=True, help="/.well-known/did.json of the site")
    parser.add_argument("--status", type=Path, help="the list of withdrawn credentials that the badge names")
    code, line = check(parser.parse_args())
    print(line)
    return code


if __name__ == "__main__":
    sys.exit(main())
