"""Edits of the tree: dimensions, areas and indicators that come, go, move and are named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.frameworks.services.editing.edits import (
    Document,
    EditFaults,
    check_part,
    drop_translated,
    first_name,
    row_of,
    set_fields,
)
from apps.scoring.model import OVERALL

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
PARENT = {"areas": "dimension", "indicators": "area"}
CHILDREN = {"dimensions": "areas", "areas": "indicators"}
SCHEMA = {
    "dimensions": "properties/dimensions/items",
    "areas": "properties/areas/items",
    "indicators": "$defs/indicator",
}
MOST = {"dimensions": 50, "areas": 200, "indicators": 1000}


@dataclass(frozen=True, slots=True)
class PartAdded:
    """A new dimension, area or indicator at the end of its parent (`values` has `dimension` or `area`)."""

    kind: str
    code: str
    values: Mapping[str, Any]

    @property
    def what(self) -> str:
        return f"added:{self.code}"

    def part(self, document: Document) -> Any:
        """Whatever has the same code already."""
        return [row for kind in MOST for row in document[kind] if row["id"] == self.code]

    def apply(self, document: Document) -> None:
        """Put the new part behind the last of its siblings."""
        self._check(document)
        row = {"id": self.code}
        set_fields(row, self.values)
        check_part(SCHEMA[self.kind], row, _field_of)
        rows, parent = document[self.kind], PARENT.get(self.kind, "")
        last = [place for place, other in enumerate(rows) if other.get(parent) == row.get(parent)]
        rows.insert(last[-1] + 1 if last else len(rows), row)

    def _check(self, document: Document) -> None:
        if not CODE.fullmatch(self.code):
            raise EditFaults(
                {
                    "code": [
                        _("Letters, digits, dot, hyphen and underscore, 40 at most, beginning with no mark.")
                    ]
                }
            )
        if len(document[self.kind]) >= MOST[self.kind]:
            raise EditFaults(
                {"": [_("There are %(n)s already, which is the most.") % {"n": MOST[self.kind]}]}
            )
        # A score is shown under the code of its part, so a dimension and an area cannot share one.
        kinds = ("indicators",) if self.kind == "indicators" else ("dimensions", "areas")
        taken = {row["id"].lower() for kind in kinds for row in document[kind]} | {OVERALL}
        if self.code.lower() in taken:
            raise EditFaults({"code": [_("%(code)s is in use.") % {"code": self.code}]})
        parent = PARENT.get(self.kind)
        if parent:
            _check_parent(document, parent, self.values.get(parent, ""))


@dataclass(frozen=True, slots=True)
class PartEdit:
    """The name, the intent and the parent of a dimension or an area."""

    kind: str
    code: str
    values: Mapping[str, Any]

    @property
    def what(self) -> str:
        return f"part:{self.code}"

    def part(self, document: Document) -> Any:
        """The row itself."""
        return row_of(document, self.kind, self.code)

    def apply(self, document: Document) -> None:
        """Write the fields."""
        row = row_of(document, self.kind, self.code)
        changed = set_fields(row, self.values)
        if "dimension" in row:
            _check_parent(document, "dimension", row["dimension"])
        check_part(SCHEMA[self.kind], row, first_name)
        drop_translated(document, self.kind, self.code, changed & {"name", "intent"})


@dataclass(frozen=True, slots=True)
class PartRemoved:
    """A dimension or area that is empty, or an indicator with everything that names it."""

    kind: str
    code: str

    @property
    def what(self) -> str:
        return f"removed:{self.code}"

    def part(self, document: Document) -> Any:
        """The row itself and what hangs on it."""
        return row_of(document, self.kind, self.code), self._children(document)

    def _children(self, document: Document) -> list[Document]:
        below = CHILDREN.get(self.kind)
        return [row for row in document[below] if row[PARENT[below]] == self.code] if below else []

    def apply(self, document: Document) -> None:
        """Take it out, with its links, targets and translations."""
        row = row_of(document, self.kind, self.code)
        if self._children(document):
            raise Refused(
                _("%(code)s is not empty. Move or remove what is in it first.") % {"code": self.code}
            )
        document[self.kind].remove(row)
        for language in document.get("translations", {}).values():
            language.get(self.kind, {}).pop(self.code, None)
        if self.kind == "indicators":
            _forget_indicator(document, self.code)


def _forget_indicator(document: Document, code: str) -> None:
    links = document.get("prerequisites", [])
    document["prerequisites"] = [row for row in links if code not in (row["indicator"], row["requires"])]
    for profile in document.get("profiles", []):
        profile["targets"].get("indicators", {}).pop(code, None)


@dataclass(frozen=True, slots=True)
class PartMoved:
    """A part one place up (`step` −1) or down (+1) among its siblings."""

    kind: str
    code: str
    step: int

    @property
    def what(self) -> str:
        return f"moved:{self.code}"

    def part(self, document: Document) -> Any:
        """The order of the siblings."""
        return [row["id"] for row in self._siblings(document)]

    def _siblings(self, document: Document) -> list[Document]:
        row, parent = row_of(document, self.kind, self.code), PARENT.get(self.kind, "")
        return [other for other in document[self.kind] if other.get(parent) == row.get(parent)]

    def apply(self, document: Document) -> None:
        """Change places with the neighbour; at the end of the row nothing happens."""
        codes = [row["id"] for row in self._siblings(document)]
        place = codes.index(self.code) + self.step
        if not 0 <= place < len(codes):
            return
        rows = document[self.kind]
        here = next(n for n, row in enumerate(rows) if row["id"] == self.code)
        there = next(n for n, row in enumerate(rows) if row["id"] == codes[place])
        rows[here], rows[there] = rows[there], rows[here]


def _check_parent(document: Document, parent: str, code: str) -> None:
    if code not in {row["id"] for row in document[f"{parent}s"]}:
        raise EditFaults({parent: [_("Choose where it belongs.")]})


def _field_of(path: tuple[str | int, ...]) -> str:
    name = first_name(path)
    return "code" if name == "id" else name
