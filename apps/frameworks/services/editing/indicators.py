"""Edits of one indicator: its words, its weight, its place, and what must come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.frameworks.services.editing.edits import (
    Document,
    EditFaults,
    Path,
    check_part,
    drop_translated,
    row_of,
    set_fields,
)
from apps.frameworks.services.sense import scopes_of

TRANSLATED = ("name", "intent", "question", "look_for", "mistakes", "words")


@dataclass(frozen=True, slots=True)
class IndicatorEdit:
    """`values` are fields as the document has them, empty ones to be left out; `needs` are (code, level) first."""

    code: str
    values: Mapping[str, Any]
    needs: tuple[tuple[str, int], ...]

    @property
    def what(self) -> str:
        return f"indicator:{self.code}"

    def part(self, document: Document) -> Any:
        """The indicator and what it needs first."""
        return row_of(document, "indicators", self.code), needs_of(document, self.code)

    def apply(self, document: Document) -> None:
        """Write the fields and the prerequisites; translations of rewritten texts go."""
        row = row_of(document, "indicators", self.code)
        before = dict(row)
        changed = set_fields(row, self.values)
        self._check_places(document, row)
        if row.get("levels"):
            row["levels"] = {
                scope: steps for scope, steps in row["levels"].items() if scope in scopes_of(row)
            }
            if not row["levels"]:
                del row["levels"]
        check_part("$defs/indicator", row, field_of)
        drop_translated(document, "indicators", self.code, changed & set(TRANSLATED))
        _drop_translated_levels(document, self.code, before.get("levels", {}), row.get("levels", {}))
        self._set_needs(document)

    def _check_places(self, document: Document, row: Document) -> None:
        if row["area"] not in {area["id"] for area in document["areas"]}:
            raise EditFaults({"area": [_("Choose one of the areas.")]})
        if "scale" in row and row["scale"] not in {scale["id"] for scale in document.get("scales", [])}:
            raise EditFaults({"scale": [_("Choose one of the scales.")]})

    def _set_needs(self, document: Document) -> None:
        known = {row["id"] for row in document["indicators"]} - {self.code}
        unknown = [code for code, _level in self.needs if code not in known]
        if unknown:
            sentence = _("%(code)s is not another indicator of this framework.")
            raise EditFaults({"needs": [sentence % {"code": code} for code in unknown]})
        if len({code for code, _level in self.needs}) < len(self.needs):
            raise EditFaults({"needs": [_("Name each indicator once.")]})
        if needs_of(document, self.code) == self.needs:
            return
        kept = [row for row in document.get("prerequisites", []) if row["indicator"] != self.code]
        kept += [{"indicator": self.code, "requires": code, "at_level": level} for code, level in self.needs]
        for row in kept:
            check_part("properties/prerequisites/items", row, lambda _path: "needs")
        document["prerequisites"] = kept


def needs_of(document: Mapping[str, Any], code: str) -> tuple[tuple[str, int], ...]:
    """What must be reached before an indicator, as (code, level)."""
    rows = document.get("prerequisites", [])
    return tuple((row["requires"], row["at_level"]) for row in rows if row["indicator"] == code)


def field_of(path: Path) -> str:
    """The form's field of a place in an indicator: `levels.national[3].text` is `national_3_text`."""
    match path:
        case ("levels", scope, int(level), "title" | "text" | "evidence" as name, *_rest):
            return f"{scope}_{level}_{name}"
        case ("levels", *_rest):
            return ""
        case (str(name), *_rest):
            return name
    return ""


def _drop_translated_levels(
    document: Document, code: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Take out translated descriptors whose original was rewritten."""
    for language in document.get("translations", {}).values():
        levels = language.get("indicators", {}).get(code, {}).get("levels")
        if not levels:
            continue
        for scope in list(levels):
            same = {step["level"] for step in after.get(scope, []) if step in before.get(scope, [])}
            levels[scope] = [step for step in levels[scope] if step["level"] in same]
            if not levels[scope]:
                del levels[scope]
        if not levels:
            del language["indicators"][code]["levels"]
