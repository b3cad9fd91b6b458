"""Errors as data: problem details (RFC 9457) with a sentence for people and a code for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from apps.core.logs import current_request_id

MEDIA_TYPE = "application/problem+json"
CODES = {
    400: "bad_request", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    406: "not_acceptable", 409: "conflict", 412: "stale", 413: "too_large", 415: "unsupported_media_type",
    428: "version_missing", 429: "throttled", 500: "server_error", 503: "unavailable",
}  # fmt: skip


def is_api(request: HttpRequest) -> bool:
    """Whether the answer goes to a program."""
    return request.path.startswith("/api/")


def problem(status: int, detail: str = "", *, code: str = "", **more: Any) -> dict[str, Any]:
    """The members of RFC 9457, `code` for programs, the id of the request, and whatever else helps (`more`)."""
    title = HTTPStatus(status).phrase
    found = {"type": "about:blank", "title": title, "status": status, "detail": str(detail) or title}
    found |= {"code": code or CODES.get(status, "error"), "request_id": current_request_id()}
    return found | {name: value for name, value in more.items() if value not in (None, "")}


def problem_response(status: int, detail: str = "", *, code: str = "", **more: Any) -> JsonResponse:
    """The same as an answer, for what goes wrong outside the API's own classes."""
    data = problem(status, detail, code=code, **more)
    return JsonResponse(data, status=status, content_type=MEDIA_TYPE)
