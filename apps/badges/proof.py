"""Data Integrity proofs of the suite eddsa-rdfc-2022 (W3C Recommendation): sign, and check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from apps.badges.canonical import canonical
from apps.badges.multibase import from_base58, to_base58, to_multikey
from apps.badges.words import Unsafe

SUITE = "eddsa-rdfc-2022"
FIXED = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": "assertionMethod"}
FIELDS = {*FIXED, "created", "verificationMethod", "proofValue"}
SIGNATURE_BYTES = 64
Contexts = Mapping[str, dict[str, Any]]


def public_key(seed: bytes) -> bytes:
    """The raw public key of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(document: Mapping[str, Any], *, seed: bytes, controller: str, at: datetime) -> dict[str, Any]:
    """The document with its proof by the key of `seed`, whose address is `controller#multikey`.

    `at` is in UTC. Raises Unsafe when a part of the document would not be covered.
    """
    proof = {
        **FIXED,
        "created": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": f"{controller}#{to_multikey(public_key(seed))}",
    }
    value = Ed25519PrivateKey.from_private_bytes(seed).sign(hash_data(document, proof))
    return {**document, "proof": {**proof, "proofValue": to_base58(value)}}


def is_genuine(signed: Mapping[str, Any], public: bytes, more: Contexts | None = None) -> bool:
    """Whether the proof of `signed` is by this public key and covers all of the document."""
    proof = signed.get("proof")
    if not isinstance(proof, dict) or set(proof) != FIELDS or any(proof[key] != FIXED[key] for key in FIXED):
        return False
    document = {key: value for key, value in signed.items() if key != "proof"}
    try:
        value = from_base58(proof["proofValue"])
        if len(value) != SIGNATURE_BYTES:
            return False
        options = {key: text for key, text in proof.items() if key != "proofValue"}
        Ed25519PublicKey.from_public_bytes(public).verify(value, hash_data(document, options, more))
    except (InvalidSignature, Unsafe, ValueError, AttributeError):
        return False
    return True


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any], more: Contexts | None = None) -> bytes:
    """What is signed: SHA-256 of the canonical options, read in the document's contexts, then of the document."""
    config = canonical({"@context": document.get("@context"), **options}, more)
    return hashlib.sha256(config).digest() + hashlib.sha256(canonical(document, more)).digest()
