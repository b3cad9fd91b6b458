"""Statements that are sent so often that building them anew would cost more than running them.

Saving an answer is the one act that everybody repeats all day. The ORM spends most of its time there on making the same
text again; here the text is written down or made once, and runs as it stands on SQLite and PostgreSQL. Values always go
as parameters. For everything else the ORM is right.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Every row that the statement finds, as the database gives it: numbers, texts and truth need no conversion."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def row(sql: str, *values: Any) -> tuple[Any, ...] | None:
    """The first row that the statement finds, or None."""
    found = rows(sql, *values)
    return found[0] if found else None


def lock_row(sql: str, *values: Any) -> tuple[Any, ...] | None:
    """`row`, locked until the transaction ends. SQLite locks the whole database when a transaction begins."""
    return row(f"{sql} FOR UPDATE" if connection.features.has_select_for_update else sql, *values)


def part_of(model: type[Model], names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """An object of which only these columns are read; others are read when somebody asks for them."""
    ordered, places = _order(model, names)
    return model.from_db(connection.alias, ordered, [values[place] for place in places])


def insert(new: Model) -> None:
    """Write a new object as one row, all columns, and give it its key. Raises `IntegrityError`."""
    sql, fields, key = _insertion(type(new))
    values = [field.get_db_prep_save(getattr(new, field.attname), connection) for field in fields]
    tells = bool(key) and connection.features.can_return_columns_from_insert
    with connection.cursor() as cursor:
        cursor.execute(f'{sql} RETURNING "{key}"' if tells else sql, values)
        if key:
            setattr(new, key, cursor.fetchone()[0] if tells else cursor.lastrowid)
    new._state.adding, new._state.db = False, connection.alias


def update(changed: Model, *names: str, **still: Any) -> bool:
    """Write these fields of the object if its row still has the values `still`; say whether it had."""
    sql, fields, guards = _change(type(changed), names, tuple(still))
    values = [field.get_db_prep_save(getattr(changed, field.attname), connection) for field in fields]
    kept = [
        guard.get_db_prep_save(value, connection) for guard, value in zip(guards, still.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, changed.pk, *kept])
        return bool(cursor.rowcount)


@cache
def _order(model: type[Model], names: tuple[str, ...]) -> tuple[list[str], list[int]]:
    """The names in the order of the model's own fields, and where each stands in `names`."""
    ordered = [field.attname for field in model._meta.concrete_fields if field.attname in names]
    return ordered, [names.index(name) for name in ordered]


@cache
def _insertion(model: type[Model]) -> tuple[str, tuple[Field[Any, Any], ...], str]:
    """The text, the fields in its order, and the name of the key that the database gives (empty: none)."""
    meta = model._meta
    given = meta.pk if isinstance(meta.pk, AutoField) else None
    fields = tuple(field for field in meta.concrete_fields if field is not given)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    text = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})'  # noqa: S608
    return text, fields, given.attname if given else ""


@cache
def _change(
    model: type[Model], names: tuple[str, ...], still: tuple[str, ...]
) -> tuple[str, list[Field[Any, Any]], list[Field[Any, Any]]]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields, guards = [by_name[name] for name in names], [by_name[name] for name in still]
    news = ", ".join(f'"{field.column}" = %s' for field in fields)
    where = "".join(f' AND "{guard.column}" = %s' for guard in guards)
    assert model._meta.pk is not None
    key = model._meta.pk.column
    return f'UPDATE "{model._meta.db_table}" SET {news} WHERE "{key}" = %s{where}', fields, guards  # noqa: S608
