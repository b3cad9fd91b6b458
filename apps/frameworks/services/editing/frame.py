"""Edits of the whole: its name and source, the words of its scale, its method and tiers, its target profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.frameworks.services.editing.edits import (
    Document,
    EditFaults,
    Path,
    check_part,
    drop_translated,
    first_name,
    row_of,
    set_fields,
)
from apps.scoring import known_methods

MOST_PROFILES = 50


@dataclass(frozen=True, slots=True)
class AboutEdit:
    """Name, description, source, and the (name, meaning) of each level of the main scale from 0 up."""

    name: str
    description: str
    source: Mapping[str, str]
    levels: Sequence[tuple[str, str]]

    @property
    def what(self) -> str:
        return "about"

    def part(self, document: Document) -> Any:
        """The same fields as they are."""
        return [document.get(name) for name in ("name", "description", "source", "scale")]

    def apply(self, document: Document) -> None:
        """Write them; the number of levels stays, for descriptors and targets are written in it."""
        changed = set_fields(document, {"name": self.name, "description": self.description})
        source = {name: text for name, text in self.source.items() if text}
        set_fields(document, {"source": source})
        check_part("$defs/line", self.name, lambda _path: "name")
        if self.description:
            check_part("$defs/text", self.description, lambda _path: "description")
        check_part("properties/source", source, lambda path: f"source_{first_name(path)}")
        for row, (name, meaning) in zip(document["scale"]["levels"], self.levels, strict=False):
            row["name"], row["meaning"] = name, meaning
        check_part("$defs/scaleLevels", document["scale"]["levels"], _scale_field)
        for language in document.get("translations", {}).values():
            for name in changed:
                language.pop(name, None)


def _scale_field(path: Path) -> str:
    return f"level_{path[0]}_{path[1]}" if len(path) > 1 else ""


@dataclass(frozen=True, slots=True)
class MethodEdit:
    """The method by name, its parameters as the document has them, and the tiers (least, name) of its value."""

    name: str
    parameters: Mapping[str, Any]
    tiers: Sequence[tuple[str, str]]

    @property
    def what(self) -> str:
        return "method"

    def part(self, document: Document) -> Any:
        """The method and the tiers."""
        return document["method"], document.get("tiers")

    def apply(self, document: Document) -> None:
        """Write them, keeping the ids of tiers that keep their name."""
        newest = {method.name: method.version for method in sorted(known_methods(), key=lambda m: m.version)}
        if self.name not in newest:
            raise EditFaults({"method": [_("Choose one of the methods.")]})
        method: Document = {"name": self.name, "version": newest[self.name]}
        if document["method"]["name"] == self.name:
            method["version"] = document["method"]["version"]
        parameters = {name: value for name, value in self.parameters.items() if value not in ("", None, [])}
        if parameters:
            method["parameters"] = parameters
        check_part("properties/method", method, _method_field)
        document["method"] = method
        self._set_tiers(document)

    def _set_tiers(self, document: Document) -> None:
        known = {row["name"]: row["id"] for row in document.get("tiers", [])}
        tiers = [
            {"id": known.get(name) or f"tier-{place}", "name": name, "at_least": number(least)}
            for place, (least, name) in enumerate(self.tiers, start=1)
        ]
        if len({tier["id"] for tier in tiers}) < len(tiers):
            tiers = [{**tier, "id": f"tier-{place}"} for place, tier in enumerate(tiers, start=1)]
        check_part("properties/tiers", tiers, lambda _path: "tiers")
        set_fields(document, {"tiers": tiers})


def _method_field(path: Path) -> str:
    match path:
        case ("parameters", str(name), *_rest):
            return name
    return "method"


def number(text: str) -> int | str:
    """A number as a document has it: whole ones as such, others as exact text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else text


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """A target profile; a new one when `code` is empty. `targets` names those that differ from `default`."""

    code: str
    name: str
    description: str
    scope: str
    default: int
    targets: Mapping[str, int]

    @property
    def what(self) -> str:
        return f"profile:{self.code or slugify(self.name)}"

    def part(self, document: Document) -> Any:
        """The profile as it is; nothing of a new one."""
        return row_of(document, "profiles", self.code) if self.code else None

    def apply(self, document: Document) -> None:
        """Write it; a target for an indicator that the scope is not asked is left out."""
        profiles = document.setdefault("profiles", [])
        if not self.code and len(profiles) >= MOST_PROFILES:
            raise EditFaults({"": [_("There are %(n)s already, which is the most.") % {"n": MOST_PROFILES}]})
        row = row_of(document, "profiles", self.code) if self.code else {"id": self._new_id(profiles)}
        targets: Document = {"default": self.default}
        if named := self._targets(document):
            targets["indicators"] = named
        values = {"name": self.name, "description": self.description, "scope": self.scope, "targets": targets}
        changed = set_fields(row, values)
        check_part("properties/profiles/items", row, _profile_field)
        if not self.code:
            profiles.append(row)
        drop_translated(document, "profiles", row["id"], changed & {"name", "description"})

    def _targets(self, document: Document) -> dict[str, int]:
        asked = {row["id"] for row in document["indicators"] if row["scope"] in (self.scope, "both")}
        return {
            code: level for code, level in self.targets.items() if code in asked and level != self.default
        }

    def _new_id(self, profiles: list[Document]) -> str:
        wanted = slugify(self.name).replace("_", "-")[:50].strip("-")
        wanted = wanted if wanted[:1].isalpha() else f"profile-{wanted}".strip("-")
        taken = {row["id"] for row in profiles}
        return next(
            name for n in range(1, 99) if (name := wanted if n == 1 else f"{wanted}-{n}") not in taken
        )


def _profile_field(path: Path) -> str:
    match path:
        case ("targets", "default", *_rest):
            return "default"
        case ("targets", "indicators", str(code), *_rest):
            return f"target_{code}"
        case (str(name), *_rest):
            return name if name != "id" else "name"
    return ""


@dataclass(frozen=True, slots=True)
class ProfileRemoved:
    """A target profile that nobody may start from any more."""

    code: str

    @property
    def what(self) -> str:
        return f"removed:{self.code}"

    def part(self, document: Document) -> Any:
        """The profile as it is."""
        return row_of(document, "profiles", self.code)

    def apply(self, document: Document) -> None:
        """Take it out, also where the method names it."""
        document["profiles"].remove(row_of(document, "profiles", self.code))
        for language in document.get("translations", {}).values():
            language.get("profiles", {}).pop(self.code, None)
        named = document["method"].get("parameters", {}).get("profiles", [])
        if self.code in named:
            named.remove(self.code)
