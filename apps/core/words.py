"""What people write to each other: checked, and searched for the names of those it is meant for."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from apps.core.errors import Refused


class Called(Protocol):
    """Somebody with a full name."""

    full_name: str


def checked_words(text: str, *, limit: int) -> str:
    """The words as they are kept. Raises `Refused`, naming the field `text`, for none and for too many."""
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refused(_("Write a sentence first."), field="text")
    if len(said) > limit:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": limit}, field="text")
    return said


def is_named(person: Called, text: str) -> bool:
    """Whether the text says @ and the person's full name, in any case."""
    name = person.full_name.strip().casefold()
    return bool(name) and f"@{name}" in text.casefold()
