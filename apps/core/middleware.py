"""Request ids, safe headers, the page for a database that is away, refusals in words, tables as files."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from apps.core.errors import Conflict, Refused
from apps.core.logs import request_id
from apps.core.problems import is_api, problem_response
from apps.core.table_files import FORMAT, page_table_file

log = logging.getLogger("belay.request")
GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_ID = re.compile(r"^[A-Za-z0-9-]{8,40}$")


class RequestIdMiddleware:
    """Give each request an id, log its end, and send the id back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if SAFE_ID.match(given) else str(uuid.uuid4()))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "served",
                extra={
                    "method": request.method,
                    "route": match.view_name if match else "",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000),
                },
            )
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


def database_page(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """503 with the time to come back when the database is away, 400 for a value that it cannot hold, else None.

    PostgreSQL refuses NUL and numbers out of range where SQLite takes them; forms catch most, this catches the rest.
    Neither page asks the database anything.
    """
    context = {"request_id": request_id.get()}
    away = isinstance(exception, OperationalError | InterfaceError)
    if is_api(request) and (away or isinstance(exception, DataError)):
        page = problem_response(503 if away else 400)
        if away:
            page["Retry-After"] = "10"
        return page
    if away:
        text = render_to_string("503.html", context)
        return HttpResponse(text, status=503, headers={"Retry-After": "10"})
    if isinstance(exception, DataError):
        return HttpResponse(render_to_string("400.html", context), status=400)
    return None


class DatabaseAwayMiddleware:
    """A database that does not answer, or that refuses a value, is said in words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        page = database_page(request, exception)
        if page is not None:
            log.error("The database did not take the request.", exc_info=exception)
        return page


class HeadersMiddleware:
    """Headers that Django does not set itself; pages of signed-in people are never kept by a cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A page made because the database is away must not ask it who is signed in.
        if response.status_code >= 500 or (hasattr(request, "user") and request.user.is_authenticated):
            response.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalMiddleware:
    """`Refused` and `Conflict` that no view handled become 400 and 409 pages; an empty 405 gets words too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not is_api(request):
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refused | Conflict) else None


def refusal_page(request: HttpRequest, exception: Refused | Conflict) -> HttpResponse:
    """400 or 409 in the words of the refusal, for people or for programs."""
    status = 400 if isinstance(exception, Refused) else 409
    if is_api(request):
        return problem_response(status, exception.message)
    values = {"reason": exception.message, "request_id": request_id.get()}
    return render(request, f"{status}.html", values, status=status)


class TableFilesMiddleware:
    """`?format=csv` or `xlsx` on a page with tables: the page is made as ever, and one of its tables leaves as a file."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked = FORMAT in request.GET and request.method in ("GET", "HEAD") and not is_api(request)
        page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
        if not asked or not page or response.streaming:
            return response
        try:
            return page_table_file(request, response.content.decode())
        except Refused as refusal:
            return refusal_page(request, refusal)
