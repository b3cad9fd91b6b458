"""The access matrix: every URL of ours × every person → status. Rows live in `matrix/<app>.py`."""

from __future__ import annotations

import importlib
import json
import pkgutil
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.checks import own_views
from tests.access import matrix
from tests.people import PEOPLE, Cast, make_cast


def rows() -> Iterator[tuple[str, str, dict[str, int], dict[str, Any]]]:
    """Yield (method, url name, person → status, extra) of every row of every app."""
    for module in pkgutil.iter_modules(matrix.__path__):
        for row in importlib.import_module(f"tests.access.matrix.{module.name}").ROWS:
            method, name, statuses, *extra = row
            yield method, name, dict(zip(PEOPLE, statuses, strict=True)), extra[0] if extra else {}


def world() -> Cast:
    """The cast with everything that the apps' rows need; frameworks come first, since everything else is about one."""
    cast = make_cast()
    names = sorted(
        (m.name for m in pkgutil.iter_modules(matrix.__path__)), key=lambda name: name != "frameworks"
    )
    for name in names:
        prepare = getattr(importlib.import_module(f"tests.access.matrix.{name}"), "prepare", None)
        if prepare:
            prepare(cast)
    return cast


def test_every_url_has_a_row() -> None:
    assert {name for _, name, _ in own_views()} == {name for _, name, _, _ in rows()}


def url_of(name: str, cast: Cast) -> str:
    from django.urls import get_resolver

    def keys(resolver: Any, parts: list[str]) -> list[str]:
        for part in parts[:-1]:
            resolver = resolver.namespace_dict[part][1]
        return list(resolver.reverse_dict.getlist(parts[-1])[0][0][0][1])

    wanted = keys(get_resolver(), name.split(":"))
    return reverse(name, kwargs={key: cast.ids[key] for key in wanted})


def ask(client: Client, method: str, name: str, cast: Cast, data: Any) -> Any:
    """Send one row: a form to a page, and to the API JSON with a key, or with the version that `data` is about."""
    url = url_of(name, cast)
    if method in ("POST", "PUT") and name.startswith("api-"):
        version = f'"{data.get("_version", 1)}"'
        sent = json.dumps({key: value for key, value in data.items() if key != "_version"})
        headers = {"Idempotency-Key": secrets.token_urlsafe(18), "If-Match": version}
        return client.generic(method, url, sent, content_type="application/json", headers=headers)
    return client.post(url, data) if method == "POST" else client.generic(method, url)


@pytest.mark.parametrize("app", [m.name for m in pkgutil.iter_modules(matrix.__path__)])
@pytest.mark.django_db
def test_statuses(app: str) -> None:
    """One world serves all people of an app: each row is asked in a savepoint that is taken back."""
    cast = world()
    assert [fault for person in PEOPLE for fault in faults_of(app, person, cast)] == []


def faults_of(app: str, person: str, cast: Cast) -> Iterator[str]:
    """Yield a line per row of the app that answers this person otherwise than its row says."""
    from django.core.cache import cache
    from django.db import transaction

    cache.clear()
    client = Client()
    if person != "anonymous":
        client.force_login(cast.people[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    for row in importlib.import_module(f"tests.access.matrix.{app}").ROWS:
        method, name, statuses, *extra = row
        wanted = dict(zip(PEOPLE, statuses, strict=True))[person]
        data = extra[0] if extra else {}
        point = transaction.savepoint()
        response = ask(client, method, name, cast, data(cast) if callable(data) else data)
        transaction.savepoint_rollback(point)
        if response.status_code != wanted:
            yield f"{method} {name} as {person}: {response.status_code}, not {wanted}"
