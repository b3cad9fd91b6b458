"""What an edit of a draft is: a change of one part of its document, checked against the schema of that part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Protocol

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from apps.core.errors import Refused
from apps.frameworks.services.checking import framework_schema
from apps.frameworks.services.wording import schema_sentence

Document = dict[str, Any]
Path = tuple[str | int, ...]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Edit(Protocol):
    """One change. `what` names it for the history, as `indicator:GOV.1.1`."""

    @property
    def what(self) -> str: ...

    def part(self, document: Document) -> Any:
        """What of the document this edit speaks of: when that is as it was seen, nobody else is overwritten."""

    def apply(self, document: Document) -> None:
        """Change `document` in place. Raises `EditFaults` or `Refused`; what it then left behind is thrown away."""


class EditFaults(Refused):
    """`fields` maps the name of a form's field ("" for the whole) to what is wrong with it."""

    def __init__(self, fields: Mapping[str, Iterable[str]]) -> None:
        self.fields = {name: tuple(sentences) for name, sentences in fields.items()}
        super().__init__(" ".join(text for sentences in self.fields.values() for text in sentences))


@cache
def _validator(part: str) -> Draft202012Validator:
    """The validator of one part, such as `$defs/indicator` or `properties/profiles/items`."""
    schema = framework_schema()
    here: Any = schema
    for name in part.split("/"):
        here = here[name]
    return Draft202012Validator({**here, "$defs": schema["$defs"]})


def check_part(part: str, value: Any, field_of: Any) -> None:
    """Hold a part to its schema; `field_of(path)` names the form's field of a place in it. Raises `EditFaults`."""
    fields: dict[str, list[str]] = {}
    for error in _validator(part).iter_errors(value):
        fields.setdefault(field_of(tuple(error.absolute_path)), []).append(schema_sentence(error))
    for path in _control_characters(value):
        fields.setdefault(field_of(path), []).append(_("It contains a control character."))
    if fields:
        raise EditFaults(fields)


def _control_characters(value: Any, path: Path = ()) -> Iterable[Path]:
    if isinstance(value, str):
        return [path] if CONTROL.search(value) else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in _control_characters(each, (*path, key))]


def first_name(path: Path) -> str:
    """The field of a part whose form has one field for each of its names."""
    return str(path[0]) if path else ""


def row_of(document: Document, kind: str, code: str) -> Document:
    """The dimension, area, indicator or profile with this id. Raises `Refused` when someone removed it meanwhile."""
    for row in document.get(kind, []):
        if row["id"] == code:
            found: Document = row
            return found
    raise Refused(_("%(code)s is not in this draft any more.") % {"code": code})


def set_fields(row: Document, values: Mapping[str, Any]) -> set[str]:
    """Write `values`, leaving out what is empty; return the names that changed."""
    changed = set()
    for name, value in values.items():
        if value in ("", None, [], {}):
            if row.pop(name, None) is not None:
                changed.add(name)
        elif row.get(name) != value or type(row.get(name)) is not type(value):
            row[name] = value
            changed.add(name)
    return changed


def drop_translated(document: Document, kind: str, code: str, names: Iterable[str]) -> None:
    """Take out translations of texts that were rewritten: until they are translated anew, the original is shown."""
    for language in document.get("translations", {}).values():
        row = language.get(kind, {}).get(code)
        if isinstance(row, dict):
            for name in names:
                row.pop(name, None)
            if not row:
                del language[kind][code]
