"""A lock names its row: `FOR UPDATE` over a join that may be empty is refused by PostgreSQL, and SQLite never says so."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

CODE = sorted((Path(settings.BASE_DIR) / "apps").rglob("*.py"))


def _chain(node: ast.expr) -> dict[str, ast.Call]:
    """The calls of one chain `a.b().c()` by their names."""
    found: dict[str, ast.Call] = {}
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found[node.func.attr] = node
        node = node.func if isinstance(node, ast.Call) else node.value
    return found


def unnamed_locks(source: str) -> list[int]:
    """The lines of `source` that lock rows over `select_related` without saying `of`."""
    chains = (
        (node.lineno, _chain(node)) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
    )
    return sorted(
        {
            line
            for line, calls in chains
            if {"select_for_update", "select_related"} <= set(calls)
            and "of" not in {word.arg for word in calls["select_for_update"].keywords}
        }
    )


def test_a_lock_over_related_rows_says_which_rows_it_locks():
    assert {str(path): found for path in CODE if (found := unnamed_locks(path.read_text()))} == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("Row.objects.select_for_update().select_related('a').get(pk=1)", [1]),
        ("Row.objects.select_related('a').select_for_update().get(pk=1)", [1]),
        ("Row.objects.select_for_update(of=('self',)).select_related('a').get(pk=1)", []),
        ("Row.objects.select_for_update().get(pk=1)", []),
    ],
)
def test_the_lock_can_fail(source, lines):
    assert unnamed_locks(source) == lines
