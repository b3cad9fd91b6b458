"""Rows come in one order on every database."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Count, Model
from django.db.models.expressions import OrderBy

from apps.reports.models import Report
from tests.conftest import OrderDropped

OURS = [m for m in apps.get_models() if m.__module__.startswith("apps.") and m._meta.ordering]


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_order_of_a_model_says_where_empty_values_stand_and_ends_in_what_is_unique(
    model: type[Model],
) -> None:
    """PostgreSQL puts NULL last where SQLite puts it first, and gives rows that tie in any order."""
    meta = model._meta
    plain = [part.lstrip("-") for part in meta.ordering if isinstance(part, str)]
    said = [part.nulls_first or part.nulls_last for part in meta.ordering if isinstance(part, OrderBy)]
    fields = [meta.get_field(name.split("__")[0]) for name in plain if name != "pk"]
    assert all(said), "an expression says nulls_first or nulls_last"
    assert [f.name for f in fields if f.null] == [], "use F(...).asc(nulls_last=True)"
    sets = [set(rule.fields) for rule in meta.total_unique_constraints]
    assert "pk" in plain or any(f.unique for f in fields) or any(found & set(plain) for found in sets)


@pytest.mark.django_db
def test_counting_beside_rows_may_not_drop_their_order() -> None:
    rows = Report.objects.annotate(taken=Count("takings"))
    with pytest.raises(OrderDropped):
        list(rows)
    assert list(rows.order_by("-asked_at", "-pk")) == []
