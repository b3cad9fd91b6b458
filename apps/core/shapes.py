"""The shape of an answer, made from the frozen dataclass that a selector returns: the type is stated once."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from django import forms
from django.utils.translation import gettext as _
from rest_framework import serializers

Shape = type[serializers.Serializer[Any]]
FIELDS: dict[Any, type[serializers.Field[Any, Any, Any, Any]]] = {
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    datetime: serializers.DateTimeField,
    date: serializers.DateField,
}


def shape(name: str, row: type, words: str = "", /, **named: Any) -> Shape:
    """A serializer of the dataclass `row` with the fields named in `words`, typed as the dataclass types them.

    `named` adds fields under other names: a text is the path of the value (`id="public_id"`), a shape describes the
    nested rows of that name, and a field of DRF stands for itself. Raises `TypeError` for a field that `row` lacks.
    """
    kinds = _kinds(row)
    fields: dict[str, Any] = {}
    for key, value in (*named.items(), *((word, word) for word in words.split())):
        if isinstance(value, serializers.Field):
            fields[key] = value
        elif isinstance(value, str):
            fields[key] = _field(kinds, value, key)
        else:
            fields[key] = _nested(kinds, key, value)
    doc = (row.__doc__ or "").strip()
    fields["__doc__"] = "" if doc.startswith(f"{row.__name__}(") else doc
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


def _kinds(row: type) -> dict[str, Any]:
    """The types of the fields and properties of a dataclass."""
    kinds = get_type_hints(row) if dataclasses.is_dataclass(row) else {}
    for name in dir(row):
        getter = getattr(getattr(row, name), "fget", None)
        if getter is not None:
            kinds[name] = get_type_hints(getter).get("return", str)
    return kinds


def _field(kinds: Mapping[str, Any], path: str, key: str) -> Any:
    """A field for a type; of a path with dots, which leads into a row, a text."""
    first, _dot, rest = path.partition(".")
    if first not in kinds:
        raise TypeError(f"There is no {first} to show.")
    kind, null = _bare(str if rest else kinds[first])
    more: dict[str, Any] = {"read_only": True, "allow_null": null}
    if path != key:
        more["source"] = path
    if get_origin(kind) in (tuple, list) or kind in (tuple, list):
        return serializers.ListField(child=_child(kind), **more)
    if get_origin(kind) is dict or (
        isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping)
    ):
        return serializers.DictField(**more)
    return FIELDS.get(kind, serializers.CharField)(**more)


def _child(kind: Any) -> Any:
    inside = (get_args(kind) or (str,))[0]
    return FIELDS.get(inside, serializers.CharField)()


def _nested(kinds: Mapping[str, Any], key: str, value: Shape) -> Any:
    kind, null = _bare(kinds[key])
    return value(many=get_origin(kind) in (tuple, list), read_only=True, allow_null=null)


def _bare(kind: Any) -> tuple[Any, bool]:
    """A type without None, and whether it may be None."""
    if get_origin(kind) in (Union, types.UnionType):
        inside = [part for part in get_args(kind) if part is not type(None)]
        return inside[0], len(inside) < len(get_args(kind))
    return kind, False


class Given(serializers.Serializer[Any]):
    """What somebody sends: fields that are not named here are refused, so that a slip of the pen is not silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises `ValidationError` naming each field that is not known."""
        found = super().to_internal_value(data)
        strangers = sorted(set(data) - set(self.fields))
        if strangers:
            raise serializers.ValidationError(
                {name[:40]: [_("There is no such field.")] for name in strangers}
            )
        return found


GIVEN: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.IntegerField, serializers.IntegerField),
    (forms.DateField, serializers.DateField),
    (forms.FileField, serializers.FileField),
)


def given_of(
    name: str,
    form: type[forms.Form],
    *,
    without: str = "version idempotency key",
    optional: str = "",
    **more: Any,
) -> type[Given]:
    """What a program sends where a person fills in `form`: its fields with their types; the form itself then judges them.

    `optional` names fields that some forms of the class do without.
    """
    fields: dict[str, Any] = {
        key: _given_field(field, needed=field.required and key not in optional.split())
        for key, field in form.base_fields.items()
        if key not in without.split()
    }
    return type(f"{name}Serializer", (Given,), {**fields, **more, "__doc__": form.__doc__})


def _given_field(field: forms.Field, *, needed: bool) -> Any:
    words: dict[str, Any] = {"label": field.label, "help_text": field.help_text or None, "required": needed}
    if isinstance(field, forms.MultipleChoiceField):
        return serializers.ListField(child=serializers.CharField(max_length=100), max_length=500, **words)
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**words | {"required": False})
    for kind, made in GIVEN:
        if isinstance(field, kind):
            return made(**words, **({} if needed else {"allow_null": True}))
    return serializers.CharField(allow_blank=not needed, trim_whitespace=False, **words)


@cache
def listed(rows: Shape) -> Shape:
    """The shape of one page of a list; of the same rows the same, so that the description names it once."""
    fields = {
        "count": serializers.IntegerField(help_text="How many rows there are in all."),
        "next": serializers.URLField(allow_null=True, help_text="Address of the next page."),
        "previous": serializers.URLField(allow_null=True),
        "results": rows(many=True),
        "__doc__": "One page of a list.",
    }
    return type(
        f"{rows.__name__.removesuffix('Serializer')}PageSerializer", (serializers.Serializer,), fields
    )
