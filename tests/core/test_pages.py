"""Health, headers, errors in words, and a start that refuses what is dangerous."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from apps.core.errors import Conflict, Refused
from apps.core.middleware import DatabaseAwayMiddleware, RefusalMiddleware
from config.settings.guard import dangers

pytestmark = pytest.mark.django_db


def test_health_is_said_without_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readiness_names_what_is_not_well(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").json()["checks"]["database"] == "ok"
    monkeypatch.setattr("apps.core.health.MIN_FREE_BYTES", 2**60)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "MB free" in response.json()["checks"]["disk"]


def test_every_page_has_safe_headers(client: Client) -> None:
    response = client.get("/help/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_request_id_is_given_back_and_hostile_ones_are_not(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"
    assert "<" not in client.get("/healthz", headers={"X-Request-ID": "<script>"})["X-Request-ID"]


def test_unknown_page_is_friendly(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_missing_token_is_explained_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def test_database_away_is_a_page_with_a_time_to_come_back() -> None:
    request = RequestFactory().get("/")
    response = DatabaseAwayMiddleware(lambda r: None).process_exception(request, OperationalError("gone"))  # type: ignore[arg-type,return-value]
    assert response is not None
    assert response.status_code == 503
    assert response["Retry-After"] == "10"


@pytest.mark.parametrize(("fault", "status"), [(Refused("Not now."), 400), (Conflict("Changed."), 409)])
def test_refusals_become_pages_and_json(fault: Exception, status: int) -> None:
    middleware = RefusalMiddleware(lambda r: None)  # type: ignore[arg-type,return-value]
    for path in ("/x/", "/api/v1/x/"):
        response = middleware.process_exception(RequestFactory().get(path), fault)
        assert response is not None
        assert response.status_code == status
        assert fault.message.encode() in response.content  # type: ignore[attr-defined]


def test_dangerous_settings_are_named() -> None:
    safe = {
        "SECRET_KEY": "x" * 60, "DEMO": False, "DEBUG": False, "SECURE_SITE": True, "ALLOWED_HOSTS": ["belay.example"],
        "DATABASES": {"default": {"NAME": "/var/lib/belay/db"}}, "FIELD_KEY": "y" * 40,
        "SIGNING_KEY": "A" * 43 + "=", "EMAIL_URL": "smtp://mail", "SITE_URL": "https://belay.example",
        "PACKAGES_ORIGIN": "https://*.usercontent.example",
    }  # fmt: skip
    assert dangers(safe) == []
    for change in (
        {"SECRET_KEY": ""}, {"SECRET_KEY": "short"}, {"DEBUG": True}, {"SECURE_SITE": False}, {"ALLOWED_HOSTS": ["*"]},
        {"DATABASES": {"default": {"NAME": "/tmp/db"}}}, {"FIELD_KEY": ""}, {"EMAIL_URL": ""},
        {"SIGNING_KEY": ""}, {"SIGNING_KEY": "short"}, {"SIGNING_KEY": "AAAA"},
        {"PACKAGES_ORIGIN": "https://packages.belay.example"},
    ):  # fmt: skip
        assert len(dangers(safe | change)) == 1


def test_dangerous_start_ends_with_words_and_no_trace() -> None:
    bare = {
        k: v for k, v in os.environ.items() if not k.startswith(("BELAY_", "SECRET_KEY", "DJANGO_", "PYTEST"))
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], capture_output=True, text=True, env=bare, check=False
    )
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_address_that_only_takes_a_form_says_so(client: Client) -> None:
    response = client.get("/tour/aaaaaaaaaaaaaaaaaaaa/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "only takes a form" in response.content.decode()
