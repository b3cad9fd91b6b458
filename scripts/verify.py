#!/usr/bin/env python3
"""Check a file that Belay exported, away from the server. Needs Python 3.9 or newer and nothing else.

    python3 verify.py result result.json --keys belay-keys.json [--record record.json]
    python3 verify.py review review.json --keys belay-keys.json [--result result.json] [--record record.json]
    python3 verify.py benchmark benchmark-1.json --keys belay-keys.json
    python3 verify.py export belay-member.zip --keys belay-keys.json
    python3 verify.py receipt belay-receipt.json --keys belay-keys.json
    python3 verify.py record record.json [--anchors heads.txt]

A result file is intact when its parts have the hashes that its statement names and the statement carries a signature
by one of the published keys. A review by another member is checked the same way, and with `--result` that it is of that
result and of no other. A release of the peer benchmark is signed with its label. The archive of a whole member is intact when
its manifest is signed and every file in it, no more and no fewer, has the checksum that the manifest names. The receipt of a
deletion is signed by the site and can be checked when nothing else of the member is left. A record is intact when every row names the hash of the row before it. A record that was
cut short or written anew fits itself: only an older head, kept elsewhere (from a mail or a report), shows that.
`heads.txt` holds one head a line: the name of the record, the number of its last row, the hash of that row.

Exit status: 0 intact, 1 not intact (the first thing that does not fit is named), 2 the file cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

ZERO = "0" * 64
LARGEST = 200_000_000
ROW_FIELDS = (
    "chain",
    "seq",
    "at",
    "actor",
    "action",
    "object_type",
    "object_id",
    "detail",
    "request_id",
    "previous",
)
PARTS = ("answers", "result", "evidence")
FRAME = ("format", "version", "statement", "proof")
REVIEW_PARTS = ("judgements", "decisions", "summary")


class NotIntact(Exception):
    """The first thing that does not fit, in a sentence."""


class Unreadable(Exception):
    """The file is not what it should be, in a sentence."""


# --- RFC 8785: one way of writing JSON ---------------------------------------------------------------------------


def canonical(value: Any) -> str:
    """Return the RFC 8785 form of text, whole numbers, true, false, null, lists and objects."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, float):
        raise Unreadable("the file holds a number with a fraction, which Belay never writes")
    return json.dumps(value, ensure_ascii=False)


def digest(value: Any, prefix: bytes = b"") -> str:
    """SHA-256, in hexadecimal, of the canonical form."""
    return hashlib.sha256(prefix + canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


# --- RFC 8032: Ed25519, verification only --------------------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple  # extended coordinates (x, y, z, t)


def _add(a: Point, b: Point) -> Point:
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point, number = _add(point, point), number >> 1
    return result


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if y >= P or (square == 0 and sign):
        return None
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _point(raw: bytes) -> Point | None:
    number = int.from_bytes(raw, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE: Point = (_x_of(BASE_Y, 0) or 0, BASE_Y, 1, (_x_of(BASE_Y, 0) or 0) * BASE_Y % P)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` (64 bytes) is one over `message` by the key `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = _times(s, BASE), _add(r, _times(h, a))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P
    )


# --- Files -----------------------------------------------------------------------------------------------------------


def read(path: str, wanted: str) -> dict[str, Any]:
    """Return the JSON object in the file; raises `Unreadable` when it is not of the format `wanted`."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as fault:
        raise Unreadable(f"{path} cannot be read: {fault.strerror}") from fault
    return parsed(path, content, wanted)


def parsed(path: str, content: bytes, wanted: str) -> dict[str, Any]:
    """Return the JSON object in `content`, which came from `path`; raises `Unreadable` as `read` does."""
    if len(content) > LARGEST:
        raise Unreadable(f"{path} is larger than {LARGEST // 1_000_000} MB")
    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"{path} is not JSON text: {fault}") from fault
    if not isinstance(document, dict) or document.get("format") != wanted:
        raise Unreadable(f"{path} is not a file of the format {wanted}")
    if document.get("version") != 1:
        raise Unreadable(f"{path} is of version {document.get('version')!r}; this script knows version 1")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def check_result(document: dict[str, Any], keys: dict[str, Any]) -> str:
    """Return a sentence about an intact result file; raises `NotIntact` naming the first part that does not fit."""
    statement, hashes = document.get("statement"), (document.get("statement") or {}).get("hashes", {})
    if not isinstance(statement, dict) or not isinstance(hashes, dict):
        raise Unreadable("the file has no statement")
    for part in (*PARTS, *sorted(set(hashes) - set(PARTS))):
        if part not in document:
            raise NotIntact(f"the part `{part}` is missing")
        if digest(document[part]) != hashes.get(part):
            raise NotIntact(f"the part `{part}` is not the one that was signed")
    for part in document:
        if part not in {*FRAME, *PARTS, *hashes}:
            raise NotIntact(f"the part `{part}` was not signed")
    check_proof(statement, document.get("proof"), keys)
    signed = statement.get("signed", {})
    return f"intact: signed on {signed.get('at')} by {signed.get('name')}, statement {digest(statement)}"


def check_review(document: dict[str, Any], keys: dict[str, Any]) -> str:
    """Return a sentence about an intact review file; raises `NotIntact` naming the first part that does not fit."""
    statement = document.get("statement")
    if not isinstance(statement, dict) or statement.get("kind") != "belay-review":
        raise Unreadable("the file has no statement of a review")
    for part in REVIEW_PARTS:
        if part not in document:
            raise NotIntact(f"the part `{part}` is missing")
        if digest(document[part]) != statement.get(part):
            raise NotIntact(f"the part `{part}` is not the one that was signed")
    for part in document:
        if part not in {*FRAME, *REVIEW_PARTS}:
            raise NotIntact(f"the part `{part}` was not signed")
    check_proof(statement, document.get("proof"), keys)
    signed = statement.get("signed") or {}
    member = (signed.get("member") or {}).get("name")
    return (
        f"intact: signed on {signed.get('at')} by {signed.get('name')} of {member}, "
        f"decision {statement.get('decision')}, statement {digest(statement)}"
    )


def check_benchmark(document: dict[str, Any], keys: dict[str, Any]) -> str:
    """Return a sentence about an intact release; raises `NotIntact` naming the first part that does not fit."""
    statement = document.get("statement")
    if not isinstance(statement, dict) or statement.get("kind") != "belay-benchmark":
        raise Unreadable("the file has no statement of a release of the benchmark")
    for part in document:
        if part not in {*FRAME, "release"}:
            raise NotIntact(f"the part `{part}` was not signed")
    if digest(document.get("release")) != statement.get("release"):
        raise NotIntact("the part `release` is not the one that was signed")
    check_proof(statement, document.get("proof"), keys)
    return (
        f"intact: release {statement.get('number')} of the peer benchmark, cut off on {statement.get('cut_off')}, "
        f"{statement.get('tlp')}, statement {digest(statement)}"
    )


def check_receipt(document: dict[str, Any], keys: dict[str, Any]) -> str:
    """Return a sentence about an intact receipt of a deletion; raises `NotIntact` naming what does not fit."""
    statement = document.get("statement")
    if not isinstance(statement, dict) or statement.get("kind") != "belay-deletion-receipt":
        raise Unreadable("the file has no statement of a deletion")
    for part in document:
        if part not in FRAME:
            raise NotIntact(f"the part `{part}` was not signed")
    check_proof(statement, document.get("proof"), keys)
    erased, head = statement.get("erased") or {}, statement.get("head") or {}
    return (
        f"intact: {(statement.get('member') or {}).get('name')} was deleted at {statement.get('done_at')}, "
        f"{sum(erased.values())} rows of {len(erased)} tables and {statement.get('files')} files, "
        f"the record then ended at row {head.get('seq')} with {head.get('hash')}, statement {digest(statement)}"
    )


def check_export(path: str, keys: dict[str, Any]) -> str:
    """Return a sentence about an intact archive of a member; raises `NotIntact` naming the first file that does not fit."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_archive(path, archive, keys)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as fault:
        raise Unreadable(f"{path} cannot be read as an archive: {fault}") from fault


def _check_archive(path: str, archive: zipfile.ZipFile, keys: dict[str, Any]) -> str:
    names = archive.namelist()
    if len(names) > len(set(names)):
        raise NotIntact("a name stands twice in the archive")
    if "manifest.json" not in names:
        raise Unreadable(f"{path} has no manifest.json")
    with archive.open("manifest.json") as file:
        document = parsed(f"{path}: manifest.json", file.read(LARGEST + 1), "belay-member-export")
    statement = document.get("statement")
    if not isinstance(statement, dict) or not isinstance(statement.get("files"), dict):
        raise Unreadable("the manifest has no statement")
    check_proof(statement, document.get("proof"), keys)
    listed = statement["files"]
    for name in sorted({*names, *listed} - {"manifest.json"}):
        if name not in listed:
            raise NotIntact(f"the file {name!r} is not named by the manifest")
        if name not in names:
            raise NotIntact(f"the file {name!r} is missing")
        if (found := _hash_of(archive, name)) != listed[name].get("sha256"):
            raise NotIntact(f"the file {name!r} is not the one that was signed: its SHA-256 is {found}")
    member = statement.get("member") or {}
    return f"intact: {len(listed)} files of {member.get('name')}, made at {statement.get('made_at')}, statement {digest(statement)}"


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with archive.open(name) as file:
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()


def check_same_result(review: dict[str, Any], result: dict[str, Any]) -> str:
    """Say that the review is of this result; raises `NotIntact` naming both statements when it is of another."""
    named, found = (review["statement"].get("result") or {}).get("statement"), digest(result["statement"])
    if named != found:
        raise NotIntact(f"the review is of the result with the statement {named}, and this one's is {found}")
    return "the review is of this result"


def check_proof(statement: dict[str, Any], proof: Any, keys: dict[str, Any]) -> None:
    """Raise `NotIntact` unless `proof` is a signature over the statement by one of `keys`."""
    if not isinstance(proof, dict) or proof.get("type") != "Ed25519":
        raise NotIntact("the statement carries no signature")
    known = {key.get("id"): key.get("public", "") for key in keys.get("keys", [])}
    if proof.get("key") not in known:
        raise NotIntact(f"the key {proof.get('key')!r} is not one of the published keys")
    try:
        public, signature = base64.b64decode(known[proof["key"]]), base64.b64decode(str(proof.get("value")))
    except ValueError as fault:
        raise NotIntact("the signature is not base64 text") from fault
    if not is_signed(public, canonical(statement).encode(), signature):
        raise NotIntact("the statement is not the one that was signed, or the signature is another's")


def check_record(document: dict[str, Any]) -> str:
    """Return a sentence about an intact record; raises `NotIntact` naming the first bad row."""
    previous, seq = ZERO, 0
    for place, row in enumerate(document.get("entries", []), start=1):
        if not isinstance(row, dict) or any(name not in row for name in (*ROW_FIELDS, "hash")):
            raise NotIntact(f"entry {place} is not a row of a record")
        if row["seq"] != seq + 1:
            raise NotIntact(f"row {row['seq']} follows row {seq}: a row is missing, doubled or out of order")
        if row["previous"] != previous:
            raise NotIntact(f"row {row['seq']} does not name the hash of row {seq}")
        if row["chain"] != document.get("chain"):
            raise NotIntact(f"row {row['seq']} belongs to another record")
        if digest({name: row[name] for name in ROW_FIELDS}, b"\x00") != row["hash"]:
            raise NotIntact(f"row {row['seq']} was changed after it was written")
        previous, seq = row["hash"], row["seq"]
    head = document.get("head") or {}
    if (head.get("seq"), head.get("hash")) != (seq, previous):
        raise NotIntact(f"the record ends at row {seq}, and its head says row {head.get('seq')}")
    return f"intact: {seq} rows, head {previous}"


def check_anchors(document: dict[str, Any], text: str) -> str:
    """Hold a record against heads kept elsewhere; raises `NotIntact` naming the first that does not fit."""
    hashes = {row["seq"]: row["hash"] for row in document["entries"]} | {0: ZERO}
    fitting = 0
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#") or words[0] != document["chain"]:
            continue
        if len(words) != 3 or not words[1].isdecimal():
            raise Unreadable(f"line {number} of the heads is not: name, number of the row, hash")
        seq, kept = int(words[1]), words[2].lower()
        if seq not in hashes:
            raise NotIntact(
                f"a head of row {seq} was kept (line {number}), and the record ends before it: it was cut"
            )
        if hashes[seq] != kept:
            raise NotIntact(
                f"row {seq} is not the one of the head that was kept (line {number}): it was written anew"
            )
        fitting += 1
    return (
        f"{fitting} kept heads fit"
        if fitting
        else "no head of this record was kept: a cut end would not show"
    )


def check_row(record: dict[str, Any], signed: dict[str, Any]) -> str:
    """Say which row of the record names the statement; raises `NotIntact` when none does."""
    wanted = digest(signed["statement"])
    for row in record["entries"]:
        if isinstance(row["detail"], dict) and row["detail"].get("statement") == wanted:
            return f"row {row['seq']} of the record names this statement"
    raise NotIntact("no row of the record names this statement")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, check, print one line a check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    result = kinds.add_parser("result", help="a signed result")
    result.add_argument("file")
    result.add_argument(
        "--keys", required=True, help="the published keys: /.well-known/belay-keys.json of the site"
    )
    result.add_argument("--record", help="the member's record, to find the row that names the result")
    review = kinds.add_parser("review", help="a signed review of a result by another member")
    review.add_argument("file")
    review.add_argument("--keys", required=True, help="the published keys, as for a result")
    review.add_argument("--result", help="the signed result, to find whether it is the one that was reviewed")
    review.add_argument("--record", help="the record of either member, to find the row that names the review")
    benchmark = kinds.add_parser("benchmark", help="a signed release of the peer benchmark")
    benchmark.add_argument("file")
    benchmark.add_argument("--keys", required=True, help="the published keys, as for a result")
    export = kinds.add_parser("export", help="the archive of everything a site holds of a member")
    export.add_argument("file")
    export.add_argument("--keys", required=True, help="the published keys, as for a result")
    receipt = kinds.add_parser("receipt", help="the receipt of the deletion of a member")
    receipt.add_argument("file")
    receipt.add_argument("--keys", required=True, help="the published keys, as for a result")
    record = kinds.add_parser("record", help="a member's record of acts")
    record.add_argument("file")
    record.add_argument("--anchors", help="heads kept elsewhere, one a line")
    given = parser.parse_args(arguments)
    try:
        for line in LINES[given.kind](given):
            print(line)
    except NotIntact as fault:
        print(f"NOT INTACT: {fault}")
        return 1
    except Unreadable as fault:
        print(f"cannot be checked: {fault}", file=sys.stderr)
        return 2
    return 0


def _result_lines(given: argparse.Namespace) -> list[str]:
    document = read(given.file, "belay-result")
    lines = [f"{given.file}: {check_result(document, read(given.keys, 'belay-keys'))}"]
    if given.record:
        kept = read(given.record, "belay-record")
        lines.append(f"{given.record}: {check_record(kept)}")
        lines.append(f"{given.record}: {check_row(kept, document)}")
    return lines


def _review_lines(given: argparse.Namespace) -> list[str]:
    document, keys = read(given.file, "belay-review"), read(given.keys, "belay-keys")
    lines = [f"{given.file}: {check_review(document, keys)}"]
    if given.result:
        result = read(given.result, "belay-result")
        lines.append(f"{given.result}: {check_result(result, keys)}")
        lines.append(f"{given.file}: {check_same_result(document, result)}")
    if given.record:
        kept = read(given.record, "belay-record")
        lines.append(f"{given.record}: {check_record(kept)}")
        lines.append(f"{given.record}: {check_row(kept, document)}")
    return lines


def _benchmark_lines(given: argparse.Namespace) -> list[str]:
    document, keys = read(given.file, "belay-benchmark"), read(given.keys, "belay-keys")
    return [f"{given.file}: {check_benchmark(document, keys)}"]


def _export_lines(given: argparse.Namespace) -> list[str]:
    return [f"{given.file}: {check_export(given.file, read(given.keys, 'belay-keys'))}"]


def _receipt_lines(given: argparse.Namespace) -> list[str]:
    document = read(given.file, "belay-deletion-receipt")
    return [f"{given.file}: {check_receipt(document, read(given.keys, 'belay-keys'))}"]


def _record_lines(given: argparse.Namespace) -> list[str]:
    document = read(given.file, "belay-record")
    lines = [f"{given.file}: {check_record(document)}"]
    if given.anchors:
        try:
            text = Path(given.anchors).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise Unreadable(f"{given.anchors} cannot be read: {fault}") from fault
        lines.append(f"{given.anchors}: {check_anchors(document, text)}")
    return lines


LINES = {
    "result": _result_lines,
    "review": _review_lines,
    "benchmark": _benchmark_lines,
    "export": _export_lines,
    "receipt": _receipt_lines,
    "record": _record_lines,
}


if __name__ == "__main__":
    raise SystemExit(main())
