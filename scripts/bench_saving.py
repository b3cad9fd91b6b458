"""Saving an answer, whole request, against a bare Django view with one indexed write."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

# What `startproject` puts there: a person signed in by a session, protection against forged forms.
STOCK = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


@login_required
def write_one_row(request: HttpRequest) -> HttpResponse:
    """The bare view: one row with a unique key, committed."""
    from apps.core.models import IdempotencyKey

    with transaction.atomic():
        IdempotencyKey.objects.create(
            owner="bench", scope=request.POST["why"], key=str(time.perf_counter_ns())
        )
    return HttpResponse(status=302, headers={"Location": "/"})


urlpatterns = [path("bare/", write_one_row)]


def own_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that leads a `bare_browser` to the addresses of its module without touching the site's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = request.META["bench.addresses"]  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def browser(user: Any) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def bare_browser(user: Any, addresses: str, middleware: Sequence[str] | None = None) -> Client:
    """A browser that finds the addresses of a module, behind the site's middleware or this one, which is loaded now."""
    client = browser(user)
    client.defaults["bench.addresses"] = addresses
    behind = settings.MIDDLEWARE if middleware is None else middleware
    with override_settings(MIDDLEWARE=[f"{__name__}.own_addresses", *behind]):
        client.handler.load_middleware()
    return client


def bare_save(user: Any, middleware: Sequence[str]) -> Callable[[], None]:
    """One save of the bare view behind this middleware."""
    client = bare_browser(user, __name__, middleware)

    def act() -> None:
        answer = client.post("/bare/", {"answer": "3", "why": "Words.", "version": "1", "idempotency": "k"})
        assert answer.status_code == 302, answer.status_code

    return act


def save_of(user: Any, assessment: Any) -> Callable[[], None]:
    """Save the same question again and again, each time other words; what was said last time has been read."""
    from apps.assessments.models import Response
    from apps.frameworks.models import Indicator

    asked = Indicator.objects.in_scope(assessment.scope).filter(version=assessment.version_of)
    one = asked.select_related("area").order_by("position", "pk")[0]
    where = (assessment.member.public_id, assessment.public_id, one.area.code, one.code)
    client, url = browser(user), reverse("assessments:question", args=where)
    before = Response.objects.filter(assessment=assessment, indicator=one).first()
    count = itertools.count(before.version if before else 0)

    def act() -> None:
        client.cookies.pop("messages", None)
        n = next(count)
        data = {"answer": str(n % 4), "why": f"Words {n}.", "version": str(n), "idempotency": f"k{n}"}
        answer = client.post(url, data)
        assert answer.status_code == 302, answer.status_code

    return act


SITE = (
    "a bare Django view behind the same middleware: session, signed-in user, last seen, form data read, one row with a "
    "unique key committed, redirect"
)
PLAIN = "the same bare view behind no more than what startproject puts there"


def rows(row: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """In time, with the commits that the disk has to take, and in the processor's own time; at most twice the bare view.

    Both sides read the same form data and answer with a redirect. Ours also checks the answer, keeps its history, the record and
    the key of the save, and finds the next open question. The last row is for the curious: it counts our middleware too.
    """
    from apps.assessments.models import Assessment

    running = Assessment.objects.filter(member__is_demo=True).running().select_related("lead", "member")
    assessment = running.order_by("pk")[0]
    save, bare = save_of(assessment.lead, assessment), bare_save(assessment.lead, settings.MIDDLEWARE)
    plain = bare_save(assessment.lead, STOCK)
    return [
        row("save an answer", save, bare, SITE, 60) | {"limit": 2},
        row("save an answer, processor only", save, bare, SITE, 60, time.process_time) | {"limit": 2},
        row("save an answer, middleware of ours counted", save, plain, PLAIN, 60),
    ]
