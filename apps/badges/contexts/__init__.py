"""The closed set of JSON-LD contexts. Nothing is ever fetched.

Sources: credentials-v2.json and data-integrity-v2.json are the W3C's files, byte for byte (W3C Software and Document
License); the digest of the first stands in Verifiable Credentials Data Model 2.0, B.1. ob-3.0.3.json is the context of
Open Badges 3.0 by 1EdTech, as the Digital Credentials Consortium distributes it (MIT License); it is letter for letter
that of commit 60896ea of 1EdTech's repository but for the term jti, which stands there as the last one. We write no jti.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"

# Address → file and its SHA-256.
SHIPPED = {
    CREDENTIALS: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    DATA_INTEGRITY: (
        "data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    OPEN_BADGES: ("ob-3.0.3.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"),
}


class UnknownContext(ValueError):
    """A context that is not shipped; it is not looked for anywhere."""


@cache
def shipped(url: str) -> dict[str, Any]:
    """The context document of `url`, compared letter by letter. Raises UnknownContext."""
    if url not in SHIPPED:
        raise UnknownContext(url)
    path = Path(__file__).with_name(SHIPPED[url][0])
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
