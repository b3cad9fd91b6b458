"""The stand-alone script: it passes what is intact and names the first thing that does not fit."""

from __future__ import annotations

import copy
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from apps.core import audit, seals
from tests.factories import UserFactory

SCRIPT = Path(__file__).parents[2] / "scripts" / "verify.py"
_spec = importlib.util.spec_from_file_location("verify", SCRIPT)
assert _spec and _spec.loader
verify = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(verify)

Document = dict[str, Any]


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run the script as a person would: alone, without the project on its path."""
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def record(db: None) -> Document:
    user = UserFactory()
    for number in range(6):
        audit.record(actor=user, action="answer.saved", on=user, chain="brava", n=number, text="é\u2028")
    return audit.record_document("brava")


@pytest.fixture
def result() -> Document:
    parts = {
        "answers": {"GOV.1.1": {"level": 3}},
        "result": {"value": "60/1"},
        "evidence": [{"sha256": "ab"}],
    }
    statement = {
        "hashes": {name: seals.content_hash(part) for name, part in parts.items()},
        "signed": {"at": "2026-11-21T10:00:00+00:00", "name": "Amara Lindqvist"},
    }
    return {
        "format": "belay-result",
        "version": 1,
        "statement": statement,
        "proof": seals.sign(statement),
        **parts,
    }


def keys() -> Document:
    found = [{"id": name, "type": "Ed25519", "public": key} for name, key in seals.public_keys().items()]
    return {"format": "belay-keys", "version": 1, "keys": found}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_both_write_the_same_canonical_form(value: Any) -> None:
    assert verify.canonical(value).encode() == rfc8785.dumps(value)


@given(st.binary(max_size=80))
def test_both_agree_on_signatures(text: bytes) -> None:
    import base64

    content = {"text": text.hex()}
    proof = seals.sign(content)
    public, signature = base64.b64decode(seals.public_keys()[proof["key"]]), base64.b64decode(proof["value"])
    assert verify.is_signed(public, rfc8785.dumps(content), signature)
    assert not verify.is_signed(public, rfc8785.dumps(content) + b" ", signature)
    assert not verify.is_signed(public, rfc8785.dumps(content), signature[:-1] + bytes([signature[-1] ^ 1]))


def test_an_intact_record_passes(record: Document, tmp_path: Path) -> None:
    heads = tmp_path / "heads.txt"
    heads.write_text(
        f"# kept\nother 3 abc\nbrava 3 {record['entries'][2]['hash']}\n{audit.head_line('brava')}\n"
    )
    code, said = run("record", written(tmp_path / "r.json", record), "--anchors", heads)
    assert (code, "6 rows" in said, "2 kept heads fit" in said) == (0, True, True)


def _flip(record: Document) -> None:
    record["entries"][2]["detail"]["n"] = 9


def _delete(record: Document) -> None:
    del record["entries"][2]


def _reorder(record: Document) -> None:
    record["entries"][2], record["entries"][3] = record["entries"][3], record["entries"][2]


def _insert(record: Document) -> None:
    record["entries"].insert(3, copy.deepcopy(record["entries"][2]))


def _cut(record: Document) -> None:
    del record["entries"][4:]


def _rehash_one(record: Document) -> None:
    row = record["entries"][2]
    row["detail"]["n"] = 9
    row["hash"] = verify.digest({name: row[name] for name in verify.ROW_FIELDS}, b"\x00")


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (_flip, "row 3 was changed after it was written"),
        (_delete, "row 4 follows row 2"),
        (_reorder, "row 4 follows row 2"),
        (_insert, "row 3 follows row 3"),
        (_cut, "the record ends at row 4, and its head says row 6"),
        (_rehash_one, "row 4 does not name the hash of row 3"),
    ],
)
def test_the_first_bad_row_is_named(record: Document, tmp_path: Path, attack: Any, named: str) -> None:
    attack(record)
    code, said = run("record", written(tmp_path / "r.json", record))
    assert code == 1 and named in said
    assert "Traceback" not in said


def test_a_cut_that_mends_its_head_shows_only_against_a_kept_head(record: Document, tmp_path: Path) -> None:
    (tmp_path / "heads.txt").write_text(audit.head_line("brava"))
    del record["entries"][4:]
    record["head"] = {"seq": 4, "hash": record["entries"][3]["hash"]}
    file = written(tmp_path / "r.json", record)
    assert run("record", file)[0] == 0
    code, said = run("record", file, "--anchors", tmp_path / "heads.txt")
    assert code == 1 and "it was cut" in said


def test_a_record_written_anew_shows_against_a_kept_head(record: Document, tmp_path: Path) -> None:
    (tmp_path / "heads.txt").write_text(audit.head_line("brava"))
    previous = verify.ZERO
    for row in record["entries"]:
        row["actor"], row["previous"] = "somebody-else", previous
        row["hash"] = previous = verify.digest({name: row[name] for name in verify.ROW_FIELDS}, b"\x00")
    record["head"]["hash"] = previous
    code, said = run("record", written(tmp_path / "r.json", record), "--anchors", tmp_path / "heads.txt")
    assert code == 1 and "row 6" in said and "written anew" in said


def test_an_intact_result_passes(result: Document, tmp_path: Path) -> None:
    file, published = written(tmp_path / "a.json", result), written(tmp_path / "k.json", keys())
    code, said = run("result", file, "--keys", published)
    assert code == 0 and "Amara Lindqvist" in said


@pytest.mark.parametrize("part", ["answers", "result", "evidence"])
def test_a_changed_part_is_named(result: Document, tmp_path: Path, part: str) -> None:
    result[part] = {"changed": True}
    code, said = run(
        "result", written(tmp_path / "a.json", result), "--keys", written(tmp_path / "k.json", keys())
    )
    assert code == 1 and f"the part `{part}` is not the one that was signed" in said


def test_a_changed_statement_is_named(result: Document, tmp_path: Path) -> None:
    result["statement"]["signed"]["name"] = "Somebody Else"
    code, said = run(
        "result", written(tmp_path / "a.json", result), "--keys", written(tmp_path / "k.json", keys())
    )
    assert code == 1 and "the statement is not the one that was signed" in said


def test_one_flipped_byte_anywhere_is_noticed(result: Document, tmp_path: Path) -> None:
    text = bytearray(json.dumps(result).encode())
    published = verify.read(str(written(tmp_path / "k.json", keys())), "belay-keys")
    file = tmp_path / "flipped.json"
    for place in range(0, len(text), 7):
        changed = bytearray(text)
        changed[place] ^= 1
        file.write_bytes(bytes(changed))
        try:
            document = verify.read(str(file), "belay-result")
            verify.check_result(document, published)
        except (verify.NotIntact, verify.Unreadable):
            continue
        assert document == result, f"a flipped byte at {place} went unnoticed"


def test_an_unknown_key_is_named(result: Document, tmp_path: Path) -> None:
    nobody = {"format": "belay-keys", "version": 1, "keys": []}
    code, said = run(
        "result", written(tmp_path / "a.json", result), "--keys", written(tmp_path / "k.json", nobody)
    )
    assert code == 1 and "not one of the published keys" in said


def test_the_row_that_names_the_result_is_found(result: Document, tmp_path: Path, db: None) -> None:
    user = UserFactory()
    statement = seals.content_hash(result["statement"])
    audit.record(actor=user, action="assessment.submitted", on=user, chain="brava", statement=statement)
    files = [written(tmp_path / "a.json", result), "--keys", written(tmp_path / "k.json", keys()), "--record"]
    code, said = run("result", *files, written(tmp_path / "r.json", audit.record_document("brava")))
    assert code == 0 and "row 1 of the record names this statement" in said
    empty = {**audit.record_document("none"), "chain": "none"}
    code, said = run("result", *files, written(tmp_path / "n.json", empty))
    assert code == 1 and "no row of the record names this statement" in said


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": "belay-record", "version": 2}', '{"a": 1, "a": 2}', "[" * 9999]
)
def test_a_file_that_is_none_is_said_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    code, said = run("record", tmp_path / "x.json")
    assert code == 2 and "cannot be checked" in said and "Traceback" not in said
