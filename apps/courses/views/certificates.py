"""Pages of certificates: the holder's own, and the check that anyone can make."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.courses import selectors

MISSES_A_MINUTE = 20


@access(SIGNED_IN)
@require_safe
def certificate(request: Request, certificate: str) -> HttpResponse:
    """The holder's own certificate."""
    held = selectors.certificate_for_print(request.user, certificate)
    drawing = selectors.certificate_qr_svg(held.verify_url, title=_("Code to scan: leads to the check page"))
    return render(request, "courses/certificate.html", {"certificate": held, "qr": drawing})


@access(PUBLIC)
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The form for a certificate's code."""
    typed = request.GET.get("code", "").strip()[:60]
    if not typed:
        return _unlisted(render(request, "courses/verify.html", {"answer": None}))
    return _verified(request, typed)


@access(PUBLIC)
@require_safe
def verified(request: HttpRequest, certificate_code: str) -> HttpResponse:
    """Whether a certificate is genuine."""
    return _verified(request, certificate_code.strip()[:60])


def _verified(request: HttpRequest, typed: str) -> HttpResponse:
    """Answer a code. Only codes that are not found count against the limit, so checking real ones is never slowed."""
    key = f"verify:{get_adapter().get_client_ip(request)}"
    if cache.get(key, 0) >= MISSES_A_MINUTE:
        busy = _unlisted(render(request, "429.html", status=429))
        busy["Retry-After"] = "60"
        return busy
    answer = selectors.verified(request.user, typed)
    if answer.certificate is None:
        cache.set(key, cache.get(key, 0) + 1, timeout=60)
    status = {"unknown": 404, "malformed": 400}.get(answer.state, 200)
    return _unlisted(render(request, "courses/verify.html", {"answer": answer}, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Search engines and caches keep no names."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
