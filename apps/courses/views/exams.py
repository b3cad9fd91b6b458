"""Pages of a test: beginning a try, one question at a time, handing in."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services
from apps.courses.views.sittings import elsewhere
from apps.courses.views.words import number, start_first


@access(SIGNED_IN)
@require_safe
def test(request: Request, course: str, module: str) -> HttpResponse:
    """A module's test: how it works and the last result, or the question that is next."""
    if selectors.enrolment_of(request.user, course) is None:
        return start_first(request, course)
    services.close_overdue(actor=request.user, course=course, module=module, looking=True)
    if elsewhere(request, course, module):
        return redirect("courses:test_supervised", course=course, module=module)
    asked = request.GET.get("question")
    page = selectors.test_page(request.user, course, module, 0 if asked == "last" else number(asked))
    return render(request, "courses/test.html", {"page": page})


def _test_again(request: Request, course: str, module: str, code: str, refused: Refused) -> HttpResponse:
    """The question once more, with what was typed and why it was not taken."""
    held = selectors.test_page(request.user, course, module, 0)
    place = next((question.number for question in held.questions if question.code == code), None)
    if place is None:
        raise refused
    page = selectors.test_page(request.user, course, module, place)
    context = {"page": page, "error": refused.message, "typed": request.POST.get("typed", "")}
    return render(request, "courses/test.html", context, status=422)


def _test_url(course: str, module: str, question: str = "") -> str:
    url = reverse("courses:test", kwargs={"course": course, "module": module})
    return f"{url}?question={question}" if question else url


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def test_start(request: Request, course: str, module: str) -> HttpResponse:
    """Begin a try."""
    if request.method == "POST":
        services.close_overdue(actor=request.user, course=course, module=module, looking=True)
        services.start_attempt(actor=request.user, course=course, module=module)
    return redirect(_test_url(course, module))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def test_answer(request: Request, course: str, module: str) -> HttpResponse:
    """Save one answer and go to the next question, or to the last look."""
    if request.method == "GET":
        return redirect(_test_url(course, module))
    services.close_overdue(actor=request.user, course=course, module=module, looking=False)
    if elsewhere(request, course, module):
        return redirect("courses:test_supervised", course=course, module=module)
    code = request.POST.get("question", "")
    try:
        row = services.save_answer(
            actor=request.user, course=course, module=module, attempt=request.POST.get("attempt", ""),
            question=code, given=dict(request.POST.lists()), address=get_adapter().get_client_ip(request) or "",
        )  # fmt: skip
    except Refused as refused:
        return _test_again(request, course, module, code, refused)
    codes = [drawn["code"] for drawn in row.questions]
    place = codes.index(code) + 2
    return redirect(_test_url(course, module, str(place) if place <= len(codes) else "last"))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def test_hand_in(request: Request, course: str, module: str) -> HttpResponse:
    """Hand the try in; once."""
    if elsewhere(request, course, module):
        return redirect("courses:test_supervised", course=course, module=module)
    if request.method == "POST":
        attempt = request.POST.get("attempt", "")
        services.hand_in(actor=request.user, course=course, module=module, attempt=attempt)
    return redirect(_test_url(course, module))
