"""Pages of a lesson: its screens, its check and the plan for work."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services
from apps.courses.views.words import day_of, number, start_first


@access(SIGNED_IN)
@require_safe
def lesson(request: Request, course: str, lesson: str) -> HttpResponse:
    """One screen of a lesson; without a number, the one where the learner stopped."""
    at = selectors.here(request.user, course, lesson)
    if at is None:
        return start_first(request, course)
    asked = number(request.GET.get("screen"))
    shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=asked, at=at)
    if asked is not None and asked != shown:
        return redirect(screen_url(course, lesson, shown))
    return render_lesson(request, course, lesson, shown, at=None if at.is_news(shown) else at)


def screen_url(course: str, lesson: str, screen: int | None, anchor: str = "") -> str:
    """The address of a screen, or of where the learner stopped."""
    url = reverse("courses:lesson", kwargs={"course": course, "lesson": lesson})
    return f"{url}{f'?screen={screen}' if screen else ''}{f'#{anchor}' if anchor else ''}"


def render_lesson(
    request: Request,
    course: str,
    lesson: str,
    screen: int,
    said: Mapping[str, str] | None = None,
    status: int = 200,
    at: selectors.Here | None = None,
) -> HttpResponse:
    """The page of a screen; `said` holds `error`, `error_at` and what was typed when a form is refused.

    `at` spares a query where it was read before and nothing was written since.
    """
    page = selectors.lesson_page(
        request.user, course, lesson, screen,
        hook=number(request.GET.get("hook")), retry=request.GET.get("retry", ""), at=at,
    )  # fmt: skip
    context = {
        "page": page, "owner": selectors.owner_key(request.user), "page_error": bool(said),
        "typed": request.POST.get("typed", ""), **(said or {}),
    }  # fmt: skip
    return render(request, "courses/lesson.html", context, status=status)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def practice(request: Request, course: str, lesson: str) -> HttpResponse:
    """Answer one question of the check; the lesson comes back with the feedback."""
    screen = number(request.POST.get("screen"))
    if request.method == "GET":
        return redirect("courses:lesson", course=course, lesson=lesson)
    code = request.POST.get("question", "")
    given = dict(request.POST.lists())
    try:
        services.answer_practice(actor=request.user, course=course, lesson=lesson, question=code, given=given)
    except Refused as refused:
        shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=screen)
        said = {"error": refused.message, "error_at": refused.field.rpartition(".")[2]}
        return render_lesson(request, course, lesson, shown, said, 422)
    return redirect(screen_url(course, lesson, screen, code.rpartition(".")[2]))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def plan(request: Request, course: str, lesson: str) -> HttpResponse:
    """Keep what the learner will do at work."""
    screen = number(request.POST.get("screen"))
    if request.method == "GET":
        return redirect("courses:lesson", course=course, lesson=lesson)
    try:
        text = request.POST.get("text", "")
        day = day_of(request.POST.get("planned_on", ""))
        services.save_plan(actor=request.user, course=course, lesson=lesson, text=text, planned_on=day)
    except Refused as refused:
        shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=screen)
        return render_lesson(
            request, course, lesson, shown, {"error": refused.message, "error_at": "plan"}, 422
        )
    messages.success(request, _("Your plan is kept. Only you see it."))
    return redirect(screen_url(course, lesson, screen))
