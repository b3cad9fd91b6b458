"""Import contracts do not see string foreign keys; this does."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import Field


def ranks() -> dict[str, int]:
    contracts = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["id"] == "apps")["layers"]
    return {name.strip(): i for i, layer in enumerate(reversed(layers)) for name in layer.split("|")}


def test_foreign_keys_point_down() -> None:
    rank, wrong = ranks(), []
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        for field in model._meta.get_fields():
            if (
                isinstance(field, Field)
                and field.is_relation
                and field.related_model.__module__.startswith("apps.")
            ):
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if here != there and rank[there] >= rank[here]:
                    wrong.append(f"{model._meta.label}.{field.name} -> {there}")
    assert wrong == []


def test_rows_of_members_carry_the_member_in_every_unique_key() -> None:
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("apps.") or model._meta.app_label != "assessments":
            continue
        names = {f.name for f in model._meta.get_fields()}
        for constraint in model._meta.constraints:
            fields = set(getattr(constraint, "fields", ()))
            if fields and "member" in names and "member" not in fields:
                wrong.append(f"{model._meta.label}: {constraint.name}")
    assert wrong == []
