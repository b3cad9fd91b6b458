"""A database that is away or refuses a value is said in words, whoever asks; logs hold no words of members."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.test import Client

from apps.core.logs import JsonFormatter
from tests.factories import OrganisationFactory, UserFactory, join

pytestmark = pytest.mark.django_db


def signed_in() -> tuple[Client, str]:
    """A lead in a browser, and the address of the team."""
    user, member = UserFactory(), OrganisationFactory()
    join(member, user, "lead")
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client, f"/o/{member.public_id}/team/"


@pytest.mark.parametrize(("fault", "status"), [(OperationalError("gone"), 503), (DataError("NUL"), 400)])
def test_database_that_fails_before_the_view_is_said_in_words(fault: Exception, status: int) -> None:
    """A signed-in person's session is the first thing asked for, long before any view."""

    def fail(*args: Any) -> Any:
        raise fault

    client, team = signed_in()
    with connection.execute_wrapper(fail):
        response = client.get(team)
    assert response.status_code == status
    assert "<h1" in response.content.decode()
    assert status != 503 or (response["Retry-After"] == "10" and "no-store" in response["Cache-Control"])


def test_broken_view_of_a_signed_in_person_when_the_database_is_away_is_still_503() -> None:
    """The session was read, then the database went: nothing on the way out may ask it again."""
    asked = []

    def fail_later(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        if len(asked) > 4:
            raise OperationalError("gone")
        return execute(sql, params, many, context)

    client, team = signed_in()
    with connection.execute_wrapper(fail_later):
        assert client.get(team).status_code == 503


def formatted(record: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return line


def test_log_of_a_fault_holds_frames_and_no_words() -> None:
    try:
        raise ValueError("Failing row contains (our\nsecret plan,\nand more)")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "A job failed.", (), sys.exc_info())
    line = formatted(record)
    assert line["exception"] == "ValueError" and "test_faults" in str(line["where"])
    assert "secret" not in json.dumps(line)


def test_log_of_a_refused_invitation_does_not_hold_its_token() -> None:
    args = ("Not Found", "/invitation/the-token-itself/")
    line = formatted(logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", args, None))
    assert line["message"] == "Not Found"
