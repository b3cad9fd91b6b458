"""URL converters: public ids and framework codes."""

from __future__ import annotations


class PublicIdConverter:
    """A random public id; anything else is not a page."""

    regex = "[a-z2-7]{20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(PublicIdConverter):
    """A framework code such as GOV.1 or RES.3.4."""

    regex = r"[A-Z][A-Z0-9]{0,15}(?:\.[0-9A-Z]{1,8}){1,4}"
