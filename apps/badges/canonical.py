"""Canonical RDF of a document, in which nothing of the document may be missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pyld import jsonld

from apps.badges.contexts import UnknownContext, shipped
from apps.badges.words import Unsafe

ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")


def canonical(document: Mapping[str, Any], more: Mapping[str, dict[str, Any]] | None = None) -> bytes:
    """RDFC-1.0 n-quads of `document`. `more` adds contexts for this call (tests with the public vectors).

    Raises Unsafe when a part would be dropped: an unknown term, a type or address that is not absolute, or a context
    that is not shipped.
    """
    loader, dropped = _loader(more or {}), set[str]()
    try:
        expanded = jsonld.expand(
            dict(document), {"documentLoader": loader, "base": ""}, on_property_dropped=dropped.add
        )
        _refuse_dropped(expanded, dropped)
        quads: str = jsonld.normalize(
            expanded,
            {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader},
        )
    except jsonld.JsonLdError as fault:
        raise Unsafe(str(fault.code or fault.type)) from fault
    except (UnknownContext, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise Unsafe("a context or a value that JSON-LD does not know") from fault
    return quads.encode()


def _loader(more: Mapping[str, dict[str, Any]]) -> Callable[[str, Any], dict[str, Any]]:
    def load(url: str, options: Any = None) -> dict[str, Any]:
        found = more[url] if url in more else shipped(url)
        return {
            "contextUrl": None,
            "documentUrl": url,
            "document": found,
            "contentType": "application/ld+json",
        }

    return load


def _refuse_dropped(expanded: Any, dropped: set[str]) -> None:
    if dropped or not expanded:
        raise Unsafe(", ".join(sorted(str(name) for name in dropped)) or "nothing is left")
    _refuse_relative(expanded)


def _refuse_relative(value: Any) -> None:
    """Types and addresses that are not absolute are no RDF and would vanish without a word."""
    if isinstance(value, list):
        for part in value:
            _refuse_relative(part)
    if not isinstance(value, dict):
        return
    types = value.get("@type", [])
    for name in [value.get("@id"), *([types] if isinstance(types, str) else types)]:
        if name is not None and name != "@json" and not ABSOLUTE.match(name):
            raise Unsafe(f"“{name[:80]}” is not an absolute address")
    for key, part in value.items():
        if not key.startswith("@") or key in ("@graph", "@list", "@set"):
            _refuse_relative(part)
