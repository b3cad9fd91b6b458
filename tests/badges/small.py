"""A signed credential of an invented issuer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from apps.badges import Badge, Issuer, Target, document, public_key, sign, status_entry, to_multikey

SITE = "https://learn.example.org"
DID = "did:web:learn.example.org"
SEED = bytes(range(32))
KEYS = {to_multikey(public_key(SEED)): public_key(SEED)}
ISSUED = datetime(2026, 3, 1, 9, tzinfo=UTC)


def badge(**changed: Any) -> Badge:
    values: dict[str, Any] = {
        "url": f"{SITE}/verify/AAAA/", "achievement_url": f"{SITE}/learn/c9-doors/", "code": "C9", "title": "Doors",
        "description": "How to lock doors.", "criteria": "A test of 12 questions.", "version": "2.0", "language": "en",
        "achievement_type": "Certificate", "issued_on": date(2026, 3, 1), "valid_until": date(2027, 3, 1),
        "email": "salote@example.org", "salt": "a1b2", "targets": (
            Target("PD-WRL-003", "Incident Response", "NICE Framework v2.0.0", "https://nice.example/PD-WRL-003"),
            Target("GOV.1.1", "Somebody is in charge", "Belay shared framework", f"{SITE}/framework/GOV.1.1/"),
        ),
    }  # fmt: skip
    return Badge(**{**values, **changed})


def unsigned(**changed: Any) -> dict[str, Any]:
    return document(
        badge(**changed),
        issuer=Issuer(DID, "Belay", f"{SITE}/"),
        status=status_entry(f"{SITE}/status/1/", 94_567),
    )


def signed(**changed: Any) -> dict[str, Any]:
    return sign(unsigned(**changed), seed=SEED, controller=DID, at=ISSUED)
