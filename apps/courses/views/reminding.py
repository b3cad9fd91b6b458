"""How a learner is reminded: the calendar file, its private address, the weekly mail."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.courses import selectors, services


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def reminding(request: Request) -> HttpResponse:
    """What is planned and how one is reminded; POST makes a calendar address and shows it this once."""
    address = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "open":
            secret = services.make_calendar_address(actor=request.user)
            address = settings.SITE_URL + reverse("courses:calendar", kwargs={"calendar_secret": secret})
        elif act == "close":
            services.end_calendar_address(actor=request.user)
            messages.success(request, _("The calendar address no longer works."))
            return redirect("courses:reminding")
        elif act in ("digest_on", "digest_off"):
            services.set_digest(actor=request.user, wanted=act == "digest_on")
            messages.success(request, _("Saved."))
            return redirect("courses:reminding")
    page = selectors.reminding_page(request.user)
    response = render(request, "courses/reminding.html", {"page": page, "address": address})
    response["Cache-Control"] = "private, no-store"
    return response


@access(SIGNED_IN)
@require_safe
def calendar_file(request: Request) -> HttpResponse:
    """What is planned, as a file for any calendar."""
    content = selectors.calendar_text(request.user)
    return _file(content, {"Content-Disposition": 'attachment; filename="belay-learning.ics"'})


@access(PUBLIC)
@require_safe
def calendar(request: HttpRequest, calendar_secret: str) -> HttpResponse:
    """The same by the private address, in its owner's language."""
    owner = selectors.calendar_owner(calendar_secret)
    with translation.override(owner.language or "en"):
        return _file(selectors.calendar_text(owner), {"X-Robots-Tag": "noindex"})


def _file(content: bytes, headers: dict[str, str]) -> HttpResponse:
    kept = {"Cache-Control": "private, no-store", **headers}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=kept)


@csrf_exempt
@access(PUBLIC)
@require_http_methods(["GET", "POST"])
def digest_off(request: HttpRequest, digest_link: str) -> HttpResponse:
    """End the weekly mail: one tap on the page, or the mail program's own one-click POST (RFC 8058)."""
    owner = selectors.digest_owner(digest_link)
    if request.method == "POST":
        services.set_digest(actor=owner, wanted=False)
    response = render(request, "courses/digest_off.html", {"ended": request.method == "POST"})
    response["X-Robots-Tag"] = "noindex"
    return response
