"""Remove the demonstration and everything that hangs on it; the audit record stays."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import SET_NULL, FileField, ForeignKey, Model, Q

from apps.accounts.models import User
from apps.home.services.people import DOMAIN
from apps.insights.models import BenchmarkRelease
from apps.members.models import Member, Programme

Rows = dict[type[Model], set[Any]]
AT_ONCE = 500


def clear_demo() -> int:
    """Delete demonstration members, programmes and people with all rows that name them; return how many rows.

    Runs inside the caller's transaction. Foreign keys are checked when it ends, so the order does not matter here.
    An organisation that a visitor founded in an invented nation goes with that nation.
    """
    found: Rows = defaultdict(set)
    invented = Q(is_demo=True) | Q(email__endswith=f".{DOMAIN}")
    found[Member].update(Member.objects.filter(is_demo=True).values_list("pk", flat=True))
    found[Programme].update(Programme.objects.filter(is_demo=True).values_list("pk", flat=True))
    found[User].update(User.objects.filter(invented).values_list("pk", flat=True))
    found[BenchmarkRelease].update(BenchmarkRelease.objects.filter(is_demo=True).values_list("pk", flat=True))
    _follow(found)
    files = [name for model, keys in found.items() for name in _files(model, keys)]
    for model, keys in found.items():
        for some in _portions(keys):
            rows = model._default_manager.filter(pk__in=some)
            rows._raw_delete(rows.db)
    transaction.on_commit(lambda: _delete_files(files))
    return sum(len(keys) for keys in found.values())


def _follow(found: Rows) -> None:
    """Add every row that points at a found one, until there are no more; loosen links that may be empty."""
    fresh = {model: set(keys) for model, keys in found.items()}
    while fresh:
        after: Rows = defaultdict(set)
        for model, keys in fresh.items():
            for field in _links_to(model):
                after[field.model].update(_pointing(field, keys, found))
        for model, keys in after.items():
            found[model] |= keys
        fresh = {model: keys for model, keys in after.items() if keys}


def _links_to(model: type[Model]) -> list[ForeignKey[Model, Model]]:
    every = (field for row in apps.get_models(include_auto_created=True) for field in row._meta.local_fields)
    return [field for field in every if isinstance(field, ForeignKey) and field.related_model is model]


def _pointing(field: ForeignKey[Model, Model], keys: set[Any], found: Rows) -> set[Any]:
    pointing: set[Any] = set()
    for some in _portions(keys):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": some})
        if field.remote_field.on_delete is SET_NULL:
            rows.update(**{field.name: None})
        else:
            pointing.update(rows.values_list("pk", flat=True))
    return pointing - found[field.model]


def _files(model: type[Model], keys: set[Any]) -> list[str]:
    names: list[str] = []
    for field in model._meta.local_fields:
        if isinstance(field, FileField):
            for some in _portions(keys):
                rows = model._base_manager.filter(pk__in=some).exclude(**{field.name: ""})
                names.extend(rows.values_list(field.name, flat=True))
    return names


def _delete_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _portions(keys: set[Any]) -> list[list[Any]]:
    """SQLite takes a limited number of values in one statement."""
    every = list(keys)
    return [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]
