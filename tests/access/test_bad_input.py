"""Hostile values and odd methods at every address: a clear 4xx, never a 500. NUL shows its teeth on PostgreSQL only."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from apps.core.access import STAFF
from apps.core.checks import own_views
from tests.access import matrix
from tests.access.test_matrix import rows, url_of, world
from tests.people import PEOPLE as MATRIX_PEOPLE
from tests.people import Cast

pytestmark = pytest.mark.django_db

HOSTILE = {
    "nul": "a\x00b",
    "control characters": "\x01\x1b[2J\u202e\ufeff" * 1_500,
    "huge number": "9" * 40,
    "last day": "9999-12-31",
}
# Names that views read without a form, and hidden ones of forms; others come from the matrix row.
NAMES = (
    "accepted", "act", "answer", "area", "areas", "attempt", "base", "choice", "chosen", "code", "draft", "email",
    "ends_on", "ev-dated", "ev-kind", "ev-title", "ev-url", "full_name", "held_on", "hook", "idempotency", "key", "kind",
    "language", "name", "nation", "need", "next", "note", "notes", "offer", "other", "page", "paper", "programme",
    "purpose", "question", "reader", "reason", "result", "retry", "role", "round", "scope", "screen", "show", "text",
    "then", "title", "use", "version", "why",
)  # fmt: skip
PEOPLE = ("lead", "mentor", "manager")


def tried(app: str, cast: Cast) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(method, address name, who gets furthest there, data of the row) of every row of an app."""
    for row in importlib.import_module(f"tests.access.matrix.{app}").ROWS:
        method, name, statuses, *extra = row
        reached = dict(zip(MATRIX_PEOPLE, statuses, strict=True))
        person = next((p for p in PEOPLE if reached[p] not in (403, 404, 405)), PEOPLE[0])
        data = extra[0] if extra else {}
        if name != "home:enter":
            yield method, name, person, dict(data(cast) if callable(data) else data)


def variants(data: dict[str, Any], value: str) -> Iterator[dict[str, Any]]:
    """Every name hostile; the good row with hostile extras; the good row with one value spoilt at a time."""
    yield dict.fromkeys((*NAMES, *data), value)
    if not data:
        return
    yield {**dict.fromkeys(NAMES, value), **data}
    for name in data:
        yield {**data, name: value}


def status(client: Client, method: str, url: str, data: dict[str, Any]) -> int:
    point = transaction.savepoint()
    response = client.post(url, data) if method == "POST" else client.get(url, data)
    transaction.savepoint_rollback(point)
    return response.status_code


def browser(cast: Cast, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.people[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("app", [m.name for m in pkgutil.iter_modules(matrix.__path__)])
def test_hostile_values_are_answered_in_words(app: str) -> None:
    cast = world()
    clients = {person: browser(cast, person) for person in PEOPLE}
    wrong = set()
    for method, name, person, data in tried(app, cast):
        for what, value in HOSTILE.items():
            for sent in variants(data, value):
                code = status(clients[person], method, url_of(name, cast), sent)
                wrong |= {f"{method} {name} with {what}: {code}"} if code >= 500 else set()
    assert wrong == set()


def test_odd_methods_are_refused_everywhere() -> None:
    """Only what has a row takes another method than GET and POST; test_matrix.py says who may there."""
    cast = world()
    clients = {person: browser(cast, person) for person in ("lead", "staff")}
    views = {name: "staff" if view.access_rule is STAFF else "lead" for _route, name, view in own_views()}
    methods = ("PUT", "PATCH", "DELETE", "TRACE")
    held = {(method, name) for method, name, _s, _e in rows()}
    odd = [(m, n) for n in views for m in methods if (m, n) not in held]
    found = {(m, n): clients[views[n]].generic(m, url_of(n, cast)).status_code for m, n in odd}
    assert {at: code for at, code in found.items() if code != 405} == {}


def test_every_address_that_takes_post_has_a_post_row() -> None:
    """What no POST row covers answers 405 to everybody, before it looks at anything."""
    cast = world()
    held = {name for method, name, _s, _e in rows() if method == "POST"}
    wrong = []
    for person in (*PEOPLE, "staff"):
        client = browser(cast, person)
        for _route, name, view in own_views():
            if name in held or (view.access_rule is STAFF and person != "staff"):
                continue
            if client.post(url_of(name, cast), {}).status_code != 405:
                wrong.append(f"{name} as {person}")
    assert wrong == []
