"""A client of the API as a program would be: a token in each request, versions and keys where they belong."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils.timezone import localdate

from apps.accounts.choices import Scope
from apps.accounts.models import User
from apps.accounts.services import make_token

ALL = tuple(Scope.values)


def token_for(user: User, *scopes: str) -> str:
    """The secret of a new token; of every scope when none is named."""
    until = localdate() + timedelta(9)
    _row, secret = make_token(actor=user, name="A program", scopes=list(scopes or ALL), expires_on=until)
    return secret


class Program:
    """Speaks JSON under /api/v1/. `last` is the newest answer."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.secret, self.client = token_for(user, *scopes), Client()
        self.last: Any = None

    def ask(self, method: str, path: str, sent: Any = None, **headers: str) -> Any:
        """The answer as it is; `sent` as bytes goes out untouched."""
        body = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
        heads = {"Authorization": f"Bearer {self.secret}"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        at = path if path.startswith("/api/") else f"/api/v1/{path}"
        self.last = self.client.generic(method, at, body, content_type="application/json", headers=heads)
        return self.last

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """The body of an answer that has this status."""
        return self._body(self.ask("GET", path, **headers), status)

    def post(self, path: str, sent: Any = None, status: int = 200, key: str = "") -> Any:
        key = key or secrets.token_urlsafe(18)
        return self._body(self.ask("POST", path, {} if sent is None else sent, Idempotency_Key=key), status)

    def put(self, path: str, sent: Any, version: int, status: int = 200) -> Any:
        return self._body(self.ask("PUT", path, sent, If_Match=f'"{version}"'), status)

    def _body(self, response: Any, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.content[:600])
        if status >= 400:
            assert response["Content-Type"] == "application/problem+json"
        return json.loads(response.content) if response.content else None
