"""Health, error pages and the style guide."""

from __future__ import annotations

import sys
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core.access import PUBLIC, access
from apps.core.health import readiness
from apps.core.logs import current_request_id
from apps.core.middleware import database_page
from apps.core.pdfkeys import trusted_certificates
from apps.core.problems import is_api, problem_response
from apps.core.seals import public_keys


@access(PUBLIC)
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@access(PUBLIC)
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, outbox age and disk; 503 when one is not well."""
    found = readiness()
    well = all(state == "ok" for state in found.values())
    return JsonResponse(
        {"status": "ok" if well else "not ready", "checks": found}, status=200 if well else 503
    )


@access(PUBLIC)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys that signed results and records are checked with, old ones too."""
    found = [{"id": name, "type": "Ed25519", "public": key} for name, key in public_keys().items()]
    return JsonResponse({"format": "belay-keys", "version": 1, "issuer": settings.SITE_URL, "keys": found})


@access(PUBLIC)
@require_safe
def pdf_certificates(request: HttpRequest) -> HttpResponse:
    """The certificates that PDF files of this site are signed with, old ones too, in PEM; empty where none are."""
    found = b"".join(c.public_bytes(Encoding.PEM) for c in trusted_certificates())
    return HttpResponse(found, content_type="application/x-pem-file")


@access(PUBLIC)
@require_safe
def result_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of results, for programs that read them."""
    content = (settings.CONTENT_DIR / "schemas" / "score.schema.json").read_bytes()
    return HttpResponse(content, content_type="application/schema+json")


@access(PUBLIC)
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component and chart with sample data."""
    from apps.core.style_guide import samples

    return render(request, "core/style_guide.html", samples())


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    if is_api(request):
        return problem_response(status, context.get("reason", ""))
    context["request_id"] = current_request_id()
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in words."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the policy's sentence."""
    return _page(request, 403, reason=str(exception) if str(exception) != "None" else "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return render(request, "403_csrf.html", {"request_id": current_request_id()}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same for what does not exist and what may not be seen."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without any query and without any detail; what the database did outside a view is said as such."""
    if page := database_page(request, sys.exc_info()[1]):
        return page
    if is_api(request):
        return problem_response(500)
    text = render_to_string("500.html", {"request_id": current_request_id()})
    return HttpResponse(text, status=500)
