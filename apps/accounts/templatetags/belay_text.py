"""The sentence of a notification, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from apps.accounts.emails import sentence

register = template.Library()


@register.simple_tag
def notice_sentence(kind: str, values: Mapping[str, Any]) -> str:
    """One line; new lines in names cannot break a subject."""
    return " ".join(sentence(kind, values).split())
