"""Signatures agree with the public vectors, cover every part, and need no network."""

from __future__ import annotations

import copy
import hashlib
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.badges import (
    State,
    Unsafe,
    from_multikey,
    is_genuine,
    judge,
    public_key,
    sign,
    status_list,
    to_multikey,
)
from apps.badges.contexts import SHIPPED, UnknownContext, shipped
from apps.badges.multibase import from_base58, to_base58
from apps.badges.proof import hash_data
from apps.badges.status import BITS, decode, encode, is_set
from tests.badges.small import DID, ISSUED, KEYS, SEED, SITE, signed, unsigned

VECTORS = Path(__file__).parent / "vectors"
NOW = ISSUED + timedelta(days=30)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_named: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def vector() -> tuple[dict[str, Any], dict[str, Any]]:
    return tuple(json.loads((VECTORS / name).read_text()) for name in ("signed.json", "expected.json"))  # type: ignore[return-value]


def test_public_vector_verifies_and_is_made_again_letter_by_letter() -> None:
    document, expected = vector()
    public, contexts = from_multikey(expected["publicKeyMultibase"]), expected["contexts"]
    assert is_genuine(document, public, contexts)
    proof = document.pop("proof")
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    assert hash_data(document, options, contexts).hex() == expected["combinedHash"]
    seed = from_base58(expected["privateKeyMultibase"])[2:]
    assert public_key(seed) == public
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    value = Ed25519PrivateKey.from_private_bytes(seed).sign(hash_data(document, options, contexts))
    assert to_base58(value) == proof["proofValue"]


def test_altered_public_vector_does_not_verify() -> None:
    document, expected = vector()
    document["credentialSubject"]["alumniOf"] = "The School of Example"
    assert not is_genuine(document, from_multikey(expected["publicKeyMultibase"]), expected["contexts"])


def test_public_vector_needs_its_context() -> None:
    document, expected = vector()
    assert not is_genuine(document, from_multikey(expected["publicKeyMultibase"]))


@pytest.mark.parametrize("url", SHIPPED)
def test_contexts_are_the_published_ones(url: str) -> None:
    name, digest = SHIPPED[url]
    path = Path("apps/badges/contexts") / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert "@context" in shipped(url)


@pytest.mark.parametrize(
    "url", ["https://www.w3.org/ns/credentials/v2/", "file:///etc/passwd", "http://127.0.0.1/"]
)
def test_other_contexts_are_never_looked_for(url: str) -> None:
    with pytest.raises(UnknownContext):
        shipped(url)
    document = unsigned()
    document["@context"].append(url)
    with pytest.raises(Unsafe):
        sign(document, seed=SEED, controller=DID, at=ISSUED)


def test_credential_is_valid_then_expired() -> None:
    document = signed()
    assert judge(document, keys=KEYS, at=NOW) is State.VALID
    assert judge(document, keys=KEYS, at=datetime(2027, 3, 1, 23, 59, tzinfo=UTC)) is State.VALID
    assert judge(document, keys=KEYS, at=datetime(2027, 3, 2, tzinfo=UTC)) is State.EXPIRED


def test_credential_without_an_end_stays_valid() -> None:
    document = signed(valid_until=None)
    assert "validUntil" not in document
    assert judge(document, keys=KEYS, at=NOW + timedelta(days=36_500)) is State.VALID


def test_set_bit_means_revoked_and_its_neighbours_do_not() -> None:
    document = signed()
    for index, state in ((94_567, State.REVOKED), (94_566, State.VALID), (94_568, State.VALID)):
        assert judge(document, keys=KEYS, at=NOW, bits=decode(encode([index]))) is state


def test_other_key_is_an_unknown_issuer() -> None:
    stranger = sign(unsigned(), seed=b"x" * 32, controller=DID, at=ISSUED)
    assert judge(stranger, keys=KEYS, at=NOW) is State.UNKNOWN_ISSUER
    stranger["proof"]["verificationMethod"] = signed()["proof"]["verificationMethod"]
    assert judge(stranger, keys=KEYS, at=NOW) is State.ALTERED


def test_credential_never_holds_the_address_in_clear() -> None:
    text = json.dumps(signed())
    assert "salote@example.org" not in text
    digest = hashlib.sha256(b"salote@example.orga1b2").hexdigest()
    assert f"sha256${digest}" in text


def test_order_of_names_and_spaces_is_no_content() -> None:
    text = json.dumps(signed(), sort_keys=True, indent=3)
    assert judge(json.loads(text), keys=KEYS, at=NOW) is State.VALID


@pytest.mark.parametrize(
    "extra",
    [{"narative": "typo"}, {"evidence": []}, {"evidence": None}, {"https://schema.org/name": "x"}, {"@id": "urn:x"},
     {"evidence": {}}, {"@nest": {}}, {"@context": "https://w3id.org/security/data-integrity/v2"}],
)  # fmt: skip
def test_part_that_no_signature_covers_is_altered(extra: dict[str, Any]) -> None:
    document = signed()
    document["credentialSubject"] |= extra
    assert judge(document, keys=KEYS, at=NOW) is State.ALTERED


@pytest.mark.parametrize("extra", ["narative", "evidence:x"])
def test_signing_refuses_what_would_be_dropped(extra: str) -> None:
    document = unsigned()
    document["credentialSubject"][extra.partition(":")[0]] = "relative place"
    with pytest.raises(Unsafe):
        sign(document, seed=SEED, controller=DID, at=ISSUED)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of every member and entry below `value`."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*path, key)
        yield from places(part, (*path, key))


SIGNED = signed()
PLACES = list(places(SIGNED))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_change_of_any_part_is_seen(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PLACES))
    document = copy.deepcopy(SIGNED)
    parent, key, value = at(document, path[:-1]), path[-1], at(document, path)
    act = data.draw(st.sampled_from(["change", "remove", "rename", "double"]))
    if act == "remove":
        del parent[key]
    elif act == "rename" and isinstance(parent, dict):
        parent[data.draw(st.sampled_from([f"{key}x", key[:-1], key.swapcase()]))] = parent.pop(key)
    elif act == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(value))
    elif isinstance(value, str):
        place = data.draw(st.integers(0, len(value) - 1))
        letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != value[place]))
        parent[key] = value[:place] + letter + value[place + 1 :]
    else:
        parent[key] = data.draw(
            st.sampled_from(["true", "x", 1, False, [], {}, None, [[]], {"type": "Image"}])
        )
    assert seen(document)


def seen(document: dict[str, Any]) -> bool:
    """Refused as no signed credential, or any state but those of a genuine one."""
    from apps.badges import BadCredential

    try:
        return judge(document, keys=KEYS, at=NOW) in (State.ALTERED, State.UNKNOWN_ISSUER)
    except BadCredential:
        return True


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_base58_gives_back_what_went_in(content: bytes) -> None:
    assert from_base58(to_base58(content)) == content


@pytest.mark.parametrize("text", ["", "z0", "zO", "m", "z6Mk", "z" + "1" * 500, "zl", "Z6Mk"])
def test_bad_multikeys_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_multikey(text)


def test_status_list_counts_from_the_most_significant_bit() -> None:
    bits = decode(encode([0, 9, BITS - 1]))
    assert (bits[0], bits[1], bits[-1], len(bits) * 8) == (0x80, 0x40, 0x01, BITS)
    assert [is_set(bits, index) for index in (0, 1, 9, BITS - 1)] == [True, False, True, True]
    with pytest.raises(ValueError):
        is_set(bits, BITS)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, BITS - 1), max_size=40))
def test_status_list_gives_back_what_went_in(revoked: set[int]) -> None:
    bits = decode(encode(revoked))
    assert sum(byte.bit_count() for byte in bits) == len(revoked)
    assert all(is_set(bits, index) for index in revoked)


@pytest.mark.parametrize("text", ["", "z123", "u####", "uAAAA", "u" + "A" * 70_000, encode([])[:-12]])
def test_bad_status_lists_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode(text)


def test_status_list_that_grows_is_stopped() -> None:
    import base64
    import gzip

    bomb = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(20_000_000))).decode().rstrip("=")
    with pytest.raises(ValueError, match="length"):
        decode(bomb)


def test_status_list_is_a_credential_of_its_own() -> None:
    made = status_list(f"{SITE}/status/1/", issuer=DID, revoked=[5], since="2026-03-01T00:00:00Z")
    assert judge(sign(made, seed=SEED, controller=DID, at=ISSUED), keys=KEYS, at=NOW) is State.VALID
    assert to_multikey(public_key(SEED)) in KEYS
