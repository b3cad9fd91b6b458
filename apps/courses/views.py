"""Pages of courses: catalogue, player, tests, certificates."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services

MISSES_A_MINUTE = 20


def _number(text: str | None) -> int | None:
    """A small whole number from the address, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else None


@access(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every course."""
    return render(request, "courses/catalogue.html", {"courses": selectors.list_courses(request.user)})


@access(PUBLIC)
@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """What a course teaches, how long and how heavy it is, and where to go on."""
    return render(request, "courses/course.html", {"page": selectors.course_page(request.user, course)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def enrol(request: Request, course: str) -> HttpResponse:
    """Start the course; somebody who had to sign in first comes back by GET and meets the course's page."""
    if request.method == "GET":
        return redirect("courses:course", course=course)
    services.enrol(actor=request.user, course=course)
    step = selectors.course_page(request.user, course).step
    if step.kind != "lesson":
        return redirect("courses:course", course=course)
    return redirect("courses:lesson", course=course, lesson=step.slug)


@access(SIGNED_IN)
@require_safe
def lesson(request: Request, course: str, lesson: str) -> HttpResponse:
    """One screen of a lesson; without a number, the one where the learner stopped."""
    if selectors.enrolment_of(request.user, course) is None:
        return _start_first(request, course)
    asked = _number(request.GET.get("screen"))
    shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=asked)
    if asked is not None and asked != shown:
        return redirect(_screen_url(course, lesson, shown))
    return _lesson(request, course, lesson, shown)


def _start_first(request: Request, course: str) -> HttpResponse:
    selectors.course_page(request.user, course)
    messages.info(request, _("Start the course first. It takes one tap."))
    return redirect("courses:course", course=course)


def _screen_url(course: str, lesson: str, screen: int | None, anchor: str = "") -> str:
    url = reverse("courses:lesson", kwargs={"course": course, "lesson": lesson})
    return f"{url}{f'?screen={screen}' if screen else ''}{f'#{anchor}' if anchor else ''}"


def _lesson(
    request: Request,
    course: str,
    lesson: str,
    screen: int,
    error: str = "",
    error_at: str = "",
    status: int = 200,
) -> HttpResponse:
    page = selectors.lesson_page(
        request.user, course, lesson, screen,
        hook=_number(request.GET.get("hook")), retry=request.GET.get("retry", ""),
    )  # fmt: skip
    context = {
        "page": page,
        "error": error,
        "error_at": error_at,
        "page_error": bool(error),
        "typed": request.POST.get("typed", ""),
    }
    return render(request, "courses/lesson.html", context, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def practice(request: Request, course: str, lesson: str) -> HttpResponse:
    """Answer one question of the check; the lesson comes back with the feedback."""
    screen = _number(request.POST.get("screen"))
    if request.method == "GET":
        return redirect("courses:lesson", course=course, lesson=lesson)
    code = request.POST.get("question", "")
    given = dict(request.POST.lists())
    try:
        services.answer_practice(actor=request.user, course=course, lesson=lesson, question=code, given=given)
    except Refused as refused:
        shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=screen)
        return _lesson(request, course, lesson, shown, refused.message, refused.field.rpartition(".")[2], 422)
    return redirect(_screen_url(course, lesson, screen, code.rpartition(".")[2]))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def plan(request: Request, course: str, lesson: str) -> HttpResponse:
    """Keep what the learner will do at work."""
    screen = _number(request.POST.get("screen"))
    if request.method == "GET":
        return redirect("courses:lesson", course=course, lesson=lesson)
    try:
        text = request.POST.get("text", "")
        services.save_plan(actor=request.user, course=course, lesson=lesson, text=text)
    except Refused as refused:
        shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=screen)
        return _lesson(request, course, lesson, shown, refused.message, "plan", 422)
    messages.success(request, _("Your plan is kept. Only you see it."))
    return redirect(_screen_url(course, lesson, screen))


@access(SIGNED_IN)
@require_safe
def test(request: Request, course: str, module: str) -> HttpResponse:
    """A module's test: how it works and the last result, or the question that is next."""
    if selectors.enrolment_of(request.user, course) is None:
        return _start_first(request, course)
    number = request.GET.get("question")
    page = selectors.test_page(request.user, course, module, 0 if number == "last" else _number(number))
    return render(request, "courses/test.html", {"page": page})


def _test_again(request: Request, course: str, module: str, code: str, refused: Refused) -> HttpResponse:
    """The question once more, with what was typed and why it was not taken."""
    held = selectors.test_page(request.user, course, module, 0)
    number = next((question.number for question in held.questions if question.code == code), None)
    if number is None:
        raise refused
    page = selectors.test_page(request.user, course, module, number)
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
        services.start_attempt(actor=request.user, course=course, module=module)
    return redirect(_test_url(course, module))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def test_answer(request: Request, course: str, module: str) -> HttpResponse:
    """Save one answer and go to the next question, or to the last look."""
    if request.method == "GET":
        return redirect(_test_url(course, module))
    code = request.POST.get("question", "")
    try:
        row = services.save_answer(
            actor=request.user, course=course, module=module, attempt=request.POST.get("attempt", ""),
            question=code, given=dict(request.POST.lists()),
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
    if request.method == "POST":
        attempt = request.POST.get("attempt", "")
        services.hand_in(actor=request.user, course=course, module=module, attempt=attempt)
    return redirect(_test_url(course, module))


@access(SIGNED_IN)
@require_safe
def my_learning(request: Request) -> HttpResponse:
    """The person's courses and certificates."""
    return render(request, "courses/my_learning.html", {"page": selectors.my_learning(request.user)})


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
