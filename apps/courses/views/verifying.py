"""The check that anyone can make: by code, by pasted credential, by file. And what others need to check by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import PUBLIC, access
from apps.core.errors import Refused
from apps.courses import selectors, services

MISSES_A_MINUTE = 20
FILES_A_MINUTE = 20
LARGEST_UPLOAD = 1024 * 1024


@access(PUBLIC)
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The forms for a certificate's code, and for a credential."""
    typed = request.GET.get("code", "").strip()[:60]
    if not typed:
        return _unlisted(render(request, "courses/verify.html", {"answer": None}))
    return _verified(request, typed)


@access(PUBLIC)
@require_safe
def verified(request: HttpRequest, certificate_code: str) -> HttpResponse:
    """Whether a certificate is genuine."""
    return _verified(request, certificate_code.strip()[:60])


@access(PUBLIC)
@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether a pasted credential, or one in a file, is genuine. Nothing of it is kept."""
    if _is_busy(request, "file", FILES_A_MINUTE):
        return _busy(request)
    _count(request, "file")
    try:
        answer = selectors.verified_content(_content(request))
    except Refused as fault:
        values = {
            "answer": None,
            "refused": fault.message,
            "pasted": request.POST.get("credential", "")[:300_000],
        }
        return _unlisted(render(request, "courses/verify.html", values, status=422))
    return _unlisted(render(request, "courses/verify.html", {"answer": answer}))


def _content(request: HttpRequest) -> bytes:
    """What was sent: the file where there is one, otherwise the text."""
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > LARGEST_UPLOAD:
            raise Refused(
                _("This file is larger than 1 MB. A credential, or an image that carries one, is smaller.")
            )
        return bytes(file.read())
    text = request.POST.get("credential", "").strip()
    if not text:
        raise Refused(_("Paste the text of a credential, or choose a file."), field="credential")
    return text.encode("utf-8", "replace")


def _verified(request: HttpRequest, typed: str) -> HttpResponse:
    """Answer a code. Only codes that are not found count against the limit, so checking real ones is never slowed."""
    if _is_busy(request, "code", MISSES_A_MINUTE):
        return _busy(request)
    answer = selectors.verified(request.user, typed)
    if answer.certificate is None:
        _count(request, "code")
    status = {"unknown": 404, "malformed": 400}.get(answer.state, 200)
    return _unlisted(render(request, "courses/verify.html", {"answer": answer}, status=status))


def _key(request: HttpRequest, what: str) -> str:
    return f"verify:{what}:{get_adapter().get_client_ip(request)}"


def _is_busy(request: HttpRequest, what: str, most: int) -> bool:
    return bool(cache.get(_key(request, what), 0) >= most)


def _count(request: HttpRequest, what: str) -> None:
    cache.set(_key(request, what), cache.get(_key(request, what), 0) + 1, timeout=60)


def _busy(request: HttpRequest) -> HttpResponse:
    busy = _unlisted(render(request, "429.html", status=429))
    busy["Retry-After"] = "60"
    return busy


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Search engines and caches keep no names."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


@access(PUBLIC)
@require_safe
def issuer_did(request: HttpRequest) -> HttpResponse:
    """The site's keys for credentials, as `did:web` finds them."""
    return _open(selectors.did_document(), "application/did+json", 3600)


@access(PUBLIC)
@require_safe
def issuer_key(request: HttpRequest, issuer_key: str) -> HttpResponse:
    """One of the site's keys for credentials, old ones too."""
    return _open(selectors.key_document(issuer_key), "application/json", 3600)


@access(PUBLIC)
@require_safe
def status_list(request: HttpRequest, status_number: int) -> HttpResponse:
    """A signed list of which credentials were withdrawn; it names nobody."""
    return _open(services.status_list(status_number), "application/vc+ld+json", 300)


def _open(document: dict[str, Any], kind: str, seconds: int) -> HttpResponse:
    """Data for checking tools anywhere, also those that run in a browser."""
    response = JsonResponse(document, content_type=kind)
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=seconds)
    return response
