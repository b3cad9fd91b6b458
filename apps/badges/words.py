"""Why a credential is refused, and the states of one that was read. Whoever shows them puts them in words."""

from __future__ import annotations

from enum import Enum


class Why(Enum):
    """What makes a file or a text no credential that can be looked at."""

    TOO_LARGE = "too large"
    NOT_TEXT = "not UTF-8 text"
    NOT_JSON = "not JSON"
    DOUBLED = "the same name twice in one object"
    TOO_DEEP = "nested too deeply, or too many parts"
    NOT_A_CREDENTIAL = "not a credential"
    NOT_A_BADGE = "a signed document that is no badge"
    NOT_SIGNED = "a credential without a signature"
    NOT_AN_IMAGE = "not a PNG or SVG image"
    BROKEN_IMAGE = "a damaged image"
    NOTHING_INSIDE = "an image without a credential"
    TWO_INSIDE = "an image with more than one credential"
    FORBIDDEN_XML = "an SVG with a document type or entities"


class BadCredential(ValueError):
    """What was given cannot be looked at; `why` names the reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Unsafe(ValueError):
    """A part of the document would not be covered by the signature: a term, type or address that JSON-LD drops."""


class State(Enum):
    """What the signature, the dates and the status list say; "superseded" is known to the issuer alone."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN_ISSUER = "unknown_issuer"
