"""An Open Badges 3.0 credential as data, not yet signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.badges.contexts import CREDENTIALS, OPEN_BADGES


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: `did` is also the controller of the key, `url` the site's address."""

    did: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Target:
    """One role or indicator that the achievement is aligned with."""

    code: str
    name: str
    framework: str
    url: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What a credential says. `url` is its address; no name of the holder, their e-mail address only as a salted hash."""

    url: str
    achievement_url: str
    code: str
    title: str
    description: str
    criteria: str
    version: str
    language: str
    achievement_type: str
    issued_on: date
    valid_until: date | None
    email: str
    salt: str
    targets: tuple[Target, ...]


def identity_hash(email: str, salt: str) -> str:
    """SHA-256 of the address and the salt, in the manner of Open Badges."""
    return "sha256$" + hashlib.sha256((email + salt).encode()).hexdigest()


def document(badge: Badge, *, issuer: Issuer, status: Mapping[str, str]) -> dict[str, Any]:
    """The credential; valid from the start of its first day to the end of its last, in UTC."""
    made: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": badge.url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": badge.title,
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url},
        "validFrom": f"{badge.issued_on.isoformat()}T00:00:00Z",
    }
    if badge.valid_until:
        made["validUntil"] = f"{badge.valid_until.isoformat()}T23:59:59Z"
    return {**made, "credentialSubject": _subject(badge), "credentialStatus": dict(status)}


def _subject(badge: Badge) -> dict[str, Any]:
    return {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": "emailAddress",
                "hashed": True,
                "salt": badge.salt,
                "identityHash": identity_hash(badge.email, badge.salt),
            }
        ],
        "achievement": _achievement(badge),
    }


def _achievement(badge: Badge) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": badge.achievement_url,
        "type": ["Achievement"],
        "achievementType": badge.achievement_type,
        "name": badge.title,
        "description": badge.description,
        "criteria": {"narrative": badge.criteria},
        "humanCode": badge.code,
        "version": badge.version,
        "inLanguage": badge.language,
    }
    if badge.targets:
        made["alignment"] = [_alignment(target) for target in badge.targets]
    return made


def _alignment(target: Target) -> dict[str, Any]:
    return {
        "type": ["Alignment"],
        "targetCode": target.code,
        "targetName": target.name,
        "targetFramework": target.framework,
        "targetUrl": target.url,
    }
