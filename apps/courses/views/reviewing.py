"""The review box: five questions, two minutes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services


@access(SIGNED_IN)
@require_safe
def review(request: Request) -> HttpResponse:
    """The next question that is due, or the one just answered with what was right."""
    page = selectors.review_page(
        request.user, told=request.GET.get("told", "")[:20], more="more" in request.GET
    )
    return render(request, "courses/review.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def review_answer(request: Request, review_item: str) -> HttpResponse:
    """Answer a question of the box; the page then says what was right."""
    if request.method == "GET":
        return redirect("courses:review")
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0
    try:
        given = dict(request.POST.lists())
        services.answer_review(actor=request.user, review_item=review_item, version=seen, given=given)
    except Refused as fault:
        page = selectors.review_page(request.user, more=True)
        words = {
            "page": page,
            "error": fault.message,
            "page_error": True,
            "typed": request.POST.get("typed", ""),
        }
        return render(request, "courses/review.html", words, status=422)
    return redirect(f"{reverse('courses:review')}?told={review_item}")
