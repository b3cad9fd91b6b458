"""Texts of a document in the reader's language where it has them, each with the language that it is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self


class Said(str):
    """A text that knows its language (a BCP 47 tag), so that pages can mark it."""

    lang: str

    def __new__(cls, text: str, lang: str) -> Self:
        made = super().__new__(cls, text)
        made.lang = lang
        return made


@dataclass(frozen=True, slots=True)
class Voice:
    """Chooses between the original and the translation; a translation may leave out any part."""

    written: str
    told: str
    translation: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any], language: str) -> Voice:
        """The voice of `document` for a reader of `language`; "pt-br" also reads "pt"."""
        written = str(document["language"])
        found = document.get("translations", {})
        wanted = language.lower()
        for tag in (wanted, wanted.partition("-")[0]):
            if tag == written.lower():
                break
            for name, translation in found.items():
                if name.lower() == tag:
                    return cls(written, name, translation)
        return cls(written, written, {})

    def at(self, *place: str | int) -> Any:
        """What the translation has at a place; None where it has nothing."""
        found: Any = self.translation
        for key in place:
            if isinstance(key, int):
                found = found[key] if isinstance(found, list) and key < len(found) else None
            else:
                found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def original(self, text: str) -> Said:
        return Said(text, self.written)

    def said(self, text: str) -> Said:
        return Said(text, self.told)

    def either(self, text: str, given: object) -> Said:
        """The translation when it is a text, else the original."""
        return self.said(given) if isinstance(given, str) and given else self.original(text)

    def text(self, text: str, *place: str | int) -> Said:
        return self.either(text, self.at(*place))

    def each(self, texts: Iterable[str], given: object) -> tuple[Said, ...]:
        """A list is translated whole or not at all: half of it would be in the wrong place."""
        if isinstance(given, list) and given:
            return tuple(self.said(line) for line in given if isinstance(line, str))
        return tuple(self.original(text) for text in texts)

    def lines(self, texts: Iterable[str], *place: str | int) -> tuple[Said, ...]:
        return self.each(texts, self.at(*place))
