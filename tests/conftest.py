"""Fixtures and locks that hold for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.utils import timezone, translation

from tests.people import Cast, make_cast


class QueriesInTemplate(AssertionError):
    """A template asked the database."""


@pytest.fixture(autouse=True)
def templates_run_no_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's data is complete before rendering starts; allauth's own pages are not ours to hold to it."""
    from django.template.base import Template

    original = Template._render

    def blocked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise QueriesInTemplate(sql)

    free = [False]

    def _render(self: Any, context: Any) -> Any:
        parts = ("allauth", "/account/", "/mfa/", "/usersessions/", "/socialaccount/")
        if free[0] or any(part in str(self.origin) for part in parts):
            before, free[0] = free[0], True
            try:
                return original(self, context)
            finally:
                free[0] = before
        with connection.execute_wrapper(blocked):
            return original(self, context)

    monkeypatch.setattr(Template, "_render", _render)


class OrderDropped(AssertionError):
    """Rows are counted together with their own, and so lose the order of their model."""


@pytest.fixture(autouse=True)
def rows_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """`annotate(Count(...))` silently drops Meta.ordering; SQLite sorts by luck, PostgreSQL does not: say order_by()."""
    from django.db.models.sql.compiler import SQLCompiler

    original = SQLCompiler.pre_sql_setup

    def pre_sql_setup(self: Any, with_col_aliases: bool = False) -> Any:
        found = original(self, with_col_aliases=with_col_aliases)
        if found[2] and self._meta_ordering and self.klass_info:
            raise OrderDropped(f"{self.query.model.__name__}: order_by({self._meta_ordering}) has to be said")
        return found

    monkeypatch.setattr(SQLCompiler, "pre_sql_setup", pre_sql_setup)


@pytest.fixture(autouse=True)
def files_in_their_own_place(settings: Any, tmp_path: Path) -> None:
    """Uploads of one test are not seen by the next."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture(autouse=True)
def language_and_zone_of_one_test_end_with_it() -> Iterator[None]:
    """A page shown in Arabic leaves its language active in the thread, as in a server; each request there sets its own."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each xdist worker has a database of its own."""


@pytest.fixture(autouse=True)
def flush_may_empty_the_audit_record(request: pytest.FixtureRequest) -> Iterator[None]:
    """Transactional tests are cleaned by DELETE on SQLite, which the append-only trigger forbids; lift it for them."""
    names = set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    transactional = names & {"transactional_db", "live_server"} or (
        marker and marker.kwargs.get("transaction")
    )
    if transactional and connection.vendor == "sqlite":
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
    yield


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast of `tests/people.py`."""
    return make_cast()


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A slow machine is no fault of the code: examples have no deadline, and the same ones are tried in every run.
hypothesis.settings.register_profile("belay", deadline=None, derandomize=True)
hypothesis.settings.load_profile("belay")
