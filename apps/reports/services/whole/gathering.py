"""Rows of a table as plain data: keys of other rows by their public names, moments in UTC, secrets left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DateTimeField, Field, IntegerField, JSONField, Model
from django.db.models.fields import BooleanField

from apps.accounts.models import User
from apps.core.workbooks import Cell
from apps.frameworks.models import Area, Framework, FrameworkVersion, Indicator
from apps.members.models import Member
from apps.reports.services.whole.tables import Table

CHUNK = 500
# how rows without a public id are named where others point to them
NAMED_BY: dict[type[Model], str] = {
    Indicator: "code",
    Area: "code",
    Framework: "slug",
    FrameworkVersion: "version",
}


class Names:
    """Public names of rows that others point to, asked for once; and which people and members were named."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[Model], Any], Any] = {}
        self.people: set[int] = set()
        self.members: set[int] = set()

    def learn(self, model: type[Model], keys: Iterable[Any]) -> None:
        """Look up the names of these rows, as many at once as a database takes."""
        wanted = sorted({key for key in keys if key is not None})
        if model is User:
            self.people.update(wanted)
        if model is Member:
            self.members.update(wanted)
        new = [key for key in wanted if (model, key) not in self._known]
        name = name_column(model)
        for place in range(0, len(new), CHUNK):
            found = model._default_manager.filter(pk__in=new[place : place + CHUNK])  # type: ignore[attr-defined]
            for key, value in found.order_by().values_list("pk", name):
                self._known[model, key] = value

    def of(self, model: type[Model], key: Any) -> Any:
        """The name of a row that was learnt; None for no row."""
        return None if key is None else self._known.get((model, key))


def name_column(model: type[Model]) -> str:
    """The column that names a row of this model outside: its public id, a code, else its number."""
    if model in NAMED_BY:
        return NAMED_BY[model]
    known = {field.name for field in model._meta.concrete_fields}
    return "public_id" if "public_id" in known else "pk"


def columns_of(table: Table) -> list[Field[Any, Any]]:
    """The columns that leave, in the order of the model; the number of a row only where it has no public id."""
    named = name_column(table.model) == "public_id"
    return [
        field
        for field in table.model._meta.concrete_fields
        if field.name not in table.without and not (named and field.primary_key)
    ]


def lists_of(table: Table) -> list[Any]:
    """Columns that name several rows, as mentions do; ways through a table of their own are that table."""
    several: list[Any] = list(table.model._meta.many_to_many)
    return [f for f in several if f.remote_field.through._meta.auto_created and f.name not in table.without]


def rows_of(table: Table, member: Member, names: Names) -> list[dict[str, Any]]:
    """The member's rows of a table, the oldest first, each as column → plain value."""
    columns = columns_of(table)
    chosen = table.model._default_manager.filter(table.rows(member)).order_by("pk").distinct()  # type: ignore[attr-defined]
    found = list(chosen.values_list("pk", *(field.attname for field in columns)))
    for place, field in enumerate(columns, start=1):
        if field.related_model:
            names.learn(_model(field), (row[place] for row in found))
    several = {f.name: _several(f, [row[0] for row in found], names) for f in lists_of(table)}
    mended = table.mended or (lambda _member, row: row)
    rows = []
    for pk, *values in found:
        row = {_label(f): _plain(f, v, names) for f, v in zip(columns, values, strict=True)}
        row |= {name: keys.get(pk, []) for name, keys in several.items()}
        rows.append(mended(member, row))
    return rows


def _several(field: Any, keys: Sequence[Any], names: Names) -> dict[Any, list[Any]]:
    """Row → the names that its list holds, in their order."""
    through, found = field.remote_field.through, []
    here, there = field.m2m_column_name(), field.m2m_reverse_name()
    for place in range(0, len(keys), CHUNK):
        some = through._default_manager.filter(**{f"{here}__in": keys[place : place + CHUNK]})
        found += list(some.order_by("pk").values_list(here, there))
    names.learn(field.related_model, (key for _row, key in found))
    several: dict[Any, list[Any]] = {}
    for row, key in found:
        several.setdefault(row, []).append(names.of(field.related_model, key))
    return several


def _model(field: Field[Any, Any]) -> type[Model]:
    related = field.related_model
    assert isinstance(related, type)
    return related


def _label(field: Field[Any, Any]) -> str:
    return "id" if field.name == "public_id" or field.primary_key else field.name


def _plain(field: Field[Any, Any], value: Any, names: Names) -> Any:
    if field.related_model:
        return names.of(_model(field), value)
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def schema_of(table: Table) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file of a table."""
    properties = {_label(field): _type_of(field) for field in columns_of(table)}
    properties |= {field.name: {"type": "array"} for field in lists_of(table)}
    hidden = sorted(properties) if table.mended is None else ["id"]
    row = {"type": "object", "properties": properties, "required": hidden, "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name,
        "type": "object",
        "properties": {
            "format": {"const": "belay-member-table"},
            "version": {"const": 1},
            "table": {"const": table.name},
            "rows": {"type": "array", "items": row},
        },
        "required": ["format", "version", "table", "rows"],
        "additionalProperties": False,
    }


def _type_of(field: Field[Any, Any]) -> dict[str, Any]:
    """What stands in a column; a row that another points to may be one that does not leave, so it may be null."""
    if field.related_model:
        return {"type": ["string", "integer", "null"]}
    kinds: list[tuple[type[Any], dict[str, Any]]] = [
        (BooleanField, {"type": "boolean"}), (IntegerField, {"type": "integer"}), (JSONField, {}),
        (DateTimeField, {"type": "string", "format": "date-time"}), (DateField, {"type": "string", "format": "date"}),
    ]  # fmt: skip
    found = next((shape for kind, shape in kinds if isinstance(field, kind)), {"type": "string"})
    if field.null and "type" in found:
        return {**found, "type": [found["type"], "null"]}
    return found


def cells_of(
    rows: Sequence[dict[str, Any]], table: Table, as_text: Callable[[Any], str]
) -> Iterator[list[Cell]]:
    """The same rows for a spreadsheet, headings first; what is not plain is written as JSON text."""
    headings = [_label(field) for field in columns_of(table)] + [field.name for field in lists_of(table)]
    yield list(headings)
    for row in rows:
        yield [_cell(row.get(heading), as_text) for heading in headings]


def _cell(value: Any, as_text: Callable[[Any], str]) -> Cell:
    if value is None or isinstance(value, str | bool | int):
        return value
    return as_text(value)
