"""What the API takes: strict JSON, the version in If-Match, the key of a request, and known query parameters only."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NoReturn

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser

from apps.core.api_faults import KeyMissing, Malformed, TooLarge, VersionMissing

LARGEST_BODY = 1_000_000
DEEPEST_NESTING = 20
LONGEST_NUMBER = 18
LONGEST_VALUE = 100
MOST_ROWS = 200
ROWS_A_PAGE = 50
TAG = re.compile(r'(?:W/)?"([0-9]{1,10})"')
ANY_TAGS = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*')
KEY = re.compile(r"[\x21-\x7e]{8,64}")
LARGEST_VERSION = 2**31 - 1

Allowed = Mapping[str, tuple[str, ...] | None]


class StrictJson(JSONParser):
    """One JSON object in UTF-8, read so that no two readers can understand it differently."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Raises `Malformed` in words, `TooLarge` for more than a megabyte."""
        return read_json(_body(stream))


def _body(stream: IO[bytes]) -> bytes:
    raw = stream.read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        raise TooLarge(_("The request is larger than this site reads."))
    return raw


def read_json(raw: bytes) -> dict[str, Any]:
    """The object in `raw`. Refuses repeated keys, NaN and endless numbers, deep nesting, and broken Unicode."""
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=_finite,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise Malformed(_("This is not valid JSON in UTF-8.")) from fault
    if not isinstance(found, dict):
        raise Malformed(_("Send one JSON object."))
    _refuse_broken(found, 1)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise Malformed(_("A key appears twice in one object."))
    return dict(pairs)


def _no_number(name: str) -> NoReturn:
    raise Malformed(_("%(name)s is not a number.") % {"name": name})


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Malformed(_("A number has more than %(most)d digits.") % {"most": LONGEST_NUMBER})
    return int(digits)


def _finite(text: str) -> float:
    if len(text) > 40 or not math.isfinite(float(text)):
        raise Malformed(_("A number is too long or too large."))
    return float(text)


def _refuse_broken(value: Any, depth: int) -> None:
    """Raise `Malformed` for what is nested too deep, and for text that no file or database can hold."""
    if depth > DEEPEST_NESTING:
        raise Malformed(_("The JSON is nested too deep."))
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise Malformed(_("A text holds a character that cannot be kept."))
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = (*value, *value.values())
    elif isinstance(value, list):
        parts = value
    for part in parts:
        _refuse_broken(part, depth + 1)


def read_if_match(header: str | None) -> int:
    """The version that a change is about. Raises `VersionMissing` (428) without the header.

    A weak tag counts: a proxy that packs an answer weakens its tag, and the version is still the version.
    """
    if header is None:
        raise VersionMissing(
            _("Say in If-Match which version you change: read it first, its ETag is the version.")
        )
    found = TAG.fullmatch(header.strip())
    if found:
        return min(int(found[1]), LARGEST_VERSION)
    if ANY_TAGS.fullmatch(header.strip()) and "," not in header:
        return LARGEST_VERSION
    raise Malformed(_("If-Match takes one version as it stood in ETag, in quotation marks."))


def read_key(header: str | None) -> str:
    """The key that makes a repeated request one request. Raises `KeyMissing` or `Malformed` (400)."""
    if header is None:
        raise KeyMissing(
            _("Send an Idempotency-Key: a random text of your own that makes a repeated request one request.")
        )
    if not KEY.fullmatch(header):
        raise Malformed(_("An Idempotency-Key has 8 to 64 printable characters without spaces."))
    return header


@dataclass(frozen=True, slots=True)
class Query:
    """The query parameters of a list: its filters, and which part of it."""

    filters: Mapping[str, str] = field(default_factory=dict)
    limit: int = ROWS_A_PAGE
    offset: int = 0

    def __getitem__(self, name: str) -> str:
        return self.filters.get(name, "")


def read_query(given: QueryDict, allowed: Allowed, *, paged: bool) -> Query:
    """Read what is allowed. Raises `Malformed` for any other name, a name given twice, or a value that cannot be."""
    names = {*allowed, *(("limit", "offset") if paged else ())}
    for name in given:
        if name not in names:
            known = ", ".join(sorted(names)) or "–"
            raise Malformed(
                _("There is no query parameter %(name)s here. Known: %(known)s.")
                % {"name": name[:40], "known": known}
            )
        if len(given.getlist(name)) > 1:
            raise Malformed(_("The query parameter %(name)s is given twice.") % {"name": name})
    values = {name: _value(name, str(given[name]), allowed[name]) for name in allowed if name in given}
    if not paged:
        return Query(values)
    limit = _number("limit", given.get("limit", str(ROWS_A_PAGE)), 1, MOST_ROWS)
    return Query(values, limit, _number("offset", given.get("offset", "0"), 0, 10**9))


def _value(name: str, value: str, choices: tuple[str, ...] | None) -> str:
    if len(value) > LONGEST_VALUE or not value.isprintable():
        raise Malformed(_("The value of %(name)s is too long or cannot be read.") % {"name": name})
    if choices is not None and value not in choices:
        raise Malformed(
            _("%(name)s takes one of these: %(choices)s.") % {"name": name, "choices": ", ".join(choices)}
        )
    return value


def _number(name: str, value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 12 and least <= int(value) <= most):
        raise Malformed(
            _("%(name)s is a whole number from %(least)d to %(most)d.")
            % {"name": name, "least": least, "most": most}
        )
    return int(value)
