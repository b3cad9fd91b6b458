"""Reading a credential that a stranger gave: limits first, then its shape."""

from __future__ import annotations

import json
from typing import Any

from apps.badges.words import BadCredential, Why

LARGEST = 256 * 1024
DEEPEST = 12
MOST_OBJECTS = 200
SAFE_INTEGER = 2**53


def read(content: bytes) -> dict[str, Any]:
    """The JSON object in `content`, at most 256 KB. Raises BadCredential with the reason.

    Refused: names doubled in one object, NaN, fractions, numbers past 2^53, broken Unicode, over 12 levels or 200 objects.
    """
    if len(content) > LARGEST:
        raise BadCredential(Why.TOO_LARGE)
    try:
        text = content.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_no_number)
    except UnicodeDecodeError as fault:
        raise BadCredential(Why.NOT_TEXT) from fault
    except RecursionError as fault:
        raise BadCredential(Why.TOO_DEEP) from fault
    except BadCredential:
        raise
    except ValueError as fault:
        raise BadCredential(Why.NOT_JSON) from fault
    if not isinstance(value, dict):
        raise BadCredential(Why.NOT_A_CREDENTIAL)
    _refuse_size(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadCredential(Why.DOUBLED)
    return found


def _no_number(text: str) -> Any:
    raise BadCredential(Why.NOT_JSON)


def _refuse_size(value: Any) -> None:
    """Count levels and objects without recursion, and look at every text and number."""
    objects, level = 0, [value]
    for _depth in range(DEEPEST + 1):
        objects += sum(isinstance(part, dict) for part in level)
        if objects > MOST_OBJECTS:
            raise BadCredential(Why.TOO_DEEP)
        level = [inner for part in level for inner in _inside(part)]
        if not level:
            return
    raise BadCredential(Why.TOO_DEEP)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str) and any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        raise BadCredential(Why.NOT_TEXT)
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        raise BadCredential(Why.NOT_JSON)
    return []


def require_credential(document: dict[str, Any]) -> None:
    """Raise BadCredential unless this looks like a credential with one proof."""
    types = document.get("type")
    if "@context" not in document or "VerifiableCredential" not in (
        types if isinstance(types, list) else [types]
    ):
        raise BadCredential(Why.NOT_A_CREDENTIAL)
    if not isinstance(document.get("proof"), dict):
        raise BadCredential(Why.NOT_SIGNED)


def require_badge(document: dict[str, Any]) -> None:
    """Raise BadCredential for what may well be signed and still says nothing of a person, as a list of what was withdrawn."""
    types = document.get("type")
    if not isinstance(types, list) or "OpenBadgeCredential" not in types:
        raise BadCredential(Why.NOT_A_BADGE)


def is_plain(document: dict[str, Any]) -> bool:
    """Whether every part says something of its own, so that canonical RDF keeps it and stays small.

    Not plain: empty or null parts, JSON-LD keywords and addresses as names, contexts inside, ids of blank nodes, the same
    entry twice, and siblings that differ only deeper down (they make canonical forms slow).
    """
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not all(isinstance(one, str) for one in contexts):
        return False
    return all(_plain(part) for key, part in document.items() if key != "@context") and _names_fit(
        {key: part for key, part in document.items() if key != "@context"}
    )


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and _names_fit(value) and all(map(_plain, value.values()))
    if isinstance(value, list):
        faces = [_face(part) for part in value]
        return bool(value) and len(set(faces)) == len(faces) and all(map(_plain, value))
    return value is not None and value != ""


def _names_fit(value: dict[str, Any]) -> bool:
    if not all(name and name.isascii() and name.isalnum() for name in value):
        return False
    typed = isinstance(value.get("hashed", True), bool) and isinstance(value.get("statusSize", 1), int)
    return typed and not str(value.get("id", "")).startswith("_:")


def _face(value: Any) -> str:
    """What an entry of a list shows by itself, without what is deeper in it."""
    if isinstance(value, dict):
        value = {key: part for key, part in value.items() if not isinstance(part, dict | list)}
    return json.dumps(value, sort_keys=True)
