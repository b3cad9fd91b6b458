"""URL converters: public ids and framework codes."""

from __future__ import annotations

import re


class PublicIdConverter:
    """A random public id; anything else is not a page."""

    regex = "[a-z2-7]{20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(PublicIdConverter):
    """A framework code such as GOV.1, RES.3.4, PR.AA-01 or 7_b.

    A code that is a plain word is written with a tilde, so that an area called "people" has a page of its own beside
    the page that is called so.
    """

    regex = r"~[a-z][a-z-]{0,39}|[A-Za-z0-9][A-Za-z0-9._-]{0,39}"

    def to_python(self, value: str) -> str:
        return value.removeprefix("~")

    def to_url(self, value: str) -> str:
        return f"~{value}" if re.fullmatch("[a-z][a-z-]*", value) else value


class EditionConverter(PublicIdConverter):
    """The number of a framework version: 1.0 or 2.13.4."""

    regex = r"[0-9]{1,6}(?:\.[0-9]{1,6}){1,2}"
