"""From a tree of any depth to the three floors of a framework: dimensions, areas, indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.frameworks.services.importing.found import (
    LONGEST_LINE,
    LONGEST_LIST,
    LONGEST_NAME,
    LONGEST_TEXT,
    cut,
    named,
    one_line,
    paragraph,
)

LONGEST_CODE = 40
LONGEST_MADE_NAME = 100


@dataclass
class Part:
    """One node of the file. `asked` ones become indicators; what lies below them stands beside them.

    `more` holds ready fields of an indicator, `groups` the names of the sets it is in, `translations` by language the
    texts `name`, `intent` and `look_for`.
    """

    code: str
    name: str
    text: str
    place: str
    asked: bool = False
    children: list[Part] = field(default_factory=list)
    look_for: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    translations: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Tree:
    """The lists of a document, the places of their rows, and which part became which indicator."""

    dimensions: list[dict[str, Any]] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    translations: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)


def build_tree(parts: list[Part], *, title: str, scope: str) -> Tree:
    """Return the document's lists for `parts`; loose indicators go into a dimension or area of the title's name."""
    return _Builder(title, scope).build(parts)


class _Builder:
    def __init__(self, title: str, scope: str) -> None:
        self.title, self.scope = title, scope
        self.tree = Tree()
        floors: set[str] = set()
        self.codes = {"dimensions": floors, "areas": floors, "indicators": set[str]()}
        self.changed: list[str] = []
        self.shortened: list[str] = []
        self.folded: list[str] = []
        self.empty: list[str] = []

    def build(self, parts: list[Part]) -> Tree:
        parts = self._unwrapped(parts)
        loose = [part for part in parts if part.asked]
        if loose:
            parts = [
                Part("ALL", self.title, "", "", children=loose),
                *(row for row in parts if not row.asked),
            ]
        for part in parts:
            self._dimension(part)
        self._say()
        return self.tree

    def _unwrapped(self, parts: list[Part]) -> list[Part]:
        """A single heading around everything is only the title again, if three floors remain without it."""
        while len(parts) == 1 and not parts[0].asked and parts[0].children:
            inner = parts[0].children
            if any(part.asked or not any(not row.asked for row in part.children) for part in inner):
                return parts
            self.tree.notes.append(
                _("“%(name)s” stands above everything and was left out.") % {"name": cut(parts[0].name, 80)}
            )
            parts = inner
        return parts

    def _dimension(self, part: Part) -> None:
        if not any(_asked_below(part)):
            self.empty.append(cut(part.name or part.code, 80))
            return
        code = self._row("dimensions", part, {})
        loose = [row for row in part.children if row.asked]
        if loose:
            self._area(Part(f"{code}.0", part.name, "", part.place, children=loose), code)
        for row in part.children:
            if not row.asked:
                self._area(row, code)

    def _area(self, part: Part, dimension: str) -> None:
        if not any(_asked_below(part)):
            self.empty.append(cut(part.name or part.code, 80))
            return
        code = self._row("areas", part, {"dimension": dimension})
        for child in part.children:
            self._below(child, code, [])

    def _below(self, part: Part, area: str, headings: list[Part]) -> None:
        if part.asked:
            self._indicator(part, area, headings)
        else:
            self.folded.append(part.code or part.name)
            headings = [*headings, part]
        for child in part.children:
            self._below(child, area, headings)

    def _row(self, kind: str, part: Part, more: dict[str, Any]) -> str:
        code = self._code(kind, part)
        row = {"id": code, **more, "name": self._cut(part.name or part.text or code, LONGEST_LINE, code)}
        text = paragraph(part.text)
        if text:
            row["intent"] = self._cut(text, LONGEST_TEXT, code)
        rows: list[dict[str, Any]] = getattr(self.tree, kind)
        rows.append(row)
        self.tree.places[f"{kind}.{code}"] = part.place
        self._translate(kind, code, part)
        return code

    def _indicator(self, part: Part, area: str, headings: list[Part]) -> None:
        code = self._code("indicators", part)
        text = paragraph(part.text)
        above = [paragraph(row.text or row.name) for row in headings]
        intent = "\n".join(line for line in [*above, text] if line) or part.name or code
        row: dict[str, Any] = {
            "id": code, "area": area, "scope": self.scope, "key": False, "effort": 2,
            "name": self._name(part, text, code), "intent": self._cut(intent, LONGEST_TEXT, code), **part.more,
        }  # fmt: skip
        look_for = [self._cut(line, LONGEST_TEXT, code) for line in map(paragraph, part.look_for) if line]
        if len(look_for) > LONGEST_LIST:
            self.shortened.append(code)
        if look_for:
            row["look_for"] = look_for[:LONGEST_LIST]
        self.tree.indicators.append(row)
        self.tree.places[f"indicators.{code}"] = part.place
        for group in part.groups:
            self.tree.groups.setdefault(group, []).append(code)
        self._translate("indicators", code, part)

    def _name(self, part: Part, text: str, code: str) -> str:
        """A title that only repeats the code says nothing: then the text itself, cut, is the name."""
        name = one_line(part.name)
        if name and name not in (part.code, code):
            return self._cut(name, LONGEST_NAME, code)
        return cut(one_line(text), LONGEST_MADE_NAME) or code

    def _translate(self, kind: str, code: str, part: Part) -> None:
        for language, texts in part.translations.items():
            kept: dict[str, Any] = {}
            if one_line(texts.get("name")):
                kept["name"] = cut(
                    one_line(texts["name"]), LONGEST_NAME if kind == "indicators" else LONGEST_LINE
                )
            if paragraph(texts.get("intent")):
                kept["intent"] = cut(paragraph(texts["intent"]), LONGEST_TEXT)
            if kind == "indicators" and texts.get("look_for"):
                kept["look_for"] = [cut(line, LONGEST_TEXT) for line in texts["look_for"]][:LONGEST_LIST]
            if kept:
                self.tree.translations.setdefault(language, {}).setdefault(kind, {})[code] = kept

    def _code(self, kind: str, part: Part) -> str:
        """The part's own code in the allowed letters, made unique."""
        wanted = (
            re.sub(r"[^A-Za-z0-9._-]+", "-", part.code).strip("._-")[:LONGEST_CODE] or f"{kind[:3].upper()}"
        )
        code, number = wanted, 1
        while code in self.codes[kind]:
            number += 1
            code = f"{wanted[: LONGEST_CODE - len(str(number)) - 1]}-{number}"
        self.codes[kind].add(code)
        if part.code and code != part.code:
            self.changed.append(f"{cut(one_line(part.code), 40)} → {code}")
        return code

    def _cut(self, text: str, longest: int, code: str) -> str:
        text = text if longest == LONGEST_TEXT else one_line(text)
        if len(text) > longest:
            self.shortened.append(code)
        return cut(text, longest)

    def _say(self) -> None:
        notes = self.tree.notes
        if self.changed:
            notes.append(
                ngettext(
                    "%(count)s id was changed, to be unique and made of letters, digits, dots and hyphens: %(names)s",
                    "%(count)s ids were changed, to be unique and made of letters, digits, dots and hyphens: %(names)s",
                    len(self.changed),
                )
                % {"count": len(self.changed), "names": named(self.changed)}
            )
        if self.shortened:
            notes.append(
                _("Texts that were too long were cut in %(names)s")
                % {"names": named(dict.fromkeys(self.shortened))}
            )
        if self.empty:
            notes.append(
                ngettext(
                    "%(count)s heading has nothing under it to be assessed and was left out: %(names)s",
                    "%(count)s headings have nothing under them to be assessed and were left out: %(names)s",
                    len(self.empty),
                )
                % {"count": len(self.empty), "names": named(self.empty)}
            )
        if self.folded:
            notes.append(
                ngettext(
                    "%(count)s heading below the areas has no floor of its own: its text stands first in what was under it: %(names)s",
                    "%(count)s headings below the areas have no floor of their own: their text stands first in what was under them: %(names)s",
                    len(self.folded),
                )
                % {"count": len(self.folded), "names": named(self.folded)}
            )


def _asked_below(part: Part) -> Iterator[Part]:
    for child in part.children:
        if child.asked:
            yield child
        yield from _asked_below(child)
