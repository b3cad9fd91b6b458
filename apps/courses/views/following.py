"""What became of plans at work: on a page, and by the link in a mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services
from apps.courses.choices import AtWork


@access(SIGNED_IN)
@require_safe
def follow_ups(request: Request) -> HttpResponse:
    """The person's plans and what became of them."""
    return _page(request, {})


def _page(request: Request, said: dict[str, Any], status: int = 200) -> HttpResponse:
    page = selectors.follow_ups_page(request.user)
    words = {"page": page, "choices": AtWork.choices, **said}
    return render(request, "courses/follow_ups.html", words, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def follow_up(request: Request, follow_up: str) -> HttpResponse:
    """Say what became of one plan; GET, after signing in again, leads to all."""
    if request.method == "GET":
        return redirect("courses:follow_ups")
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
    try:
        services.answer_follow_up(actor=request.user, follow_up=follow_up, answer=answer, reason=reason)
    except Refused as fault:
        said = {"error": fault.message, "error_at": follow_up, "reason": reason, "page_error": True}
        return _page(request, said, 422)
    messages.success(request, _("Thank you. Your answer is kept."))
    return redirect("courses:follow_ups")


@access(PUBLIC)
@require_http_methods(["GET", "POST"])
def follow_up_link(request: HttpRequest, link: str) -> HttpResponse:
    """The same by the link in a mail, without signing in; opening the link alone answers nothing."""
    words: dict[str, Any] = {"row": selectors.follow_up_by_link(link), "choices": AtWork.choices}
    status = 200
    if request.method == "POST":
        answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
        try:
            owner = selectors.asked_by_link(link)
            services.answer_by_link(actor=owner, link=link, answer=answer, reason=reason)
        except Refused as fault:
            words |= {"error": fault.message, "reason": reason, "page_error": True}
            status = 422
        else:
            words |= {"kept": True, "row": selectors.follow_up_by_link(link)}
    response = render(request, "courses/follow_up_link.html", words, status=status)
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex", "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
