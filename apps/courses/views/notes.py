"""Notes, the words of a course, and its key points for paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses import selectors, services
from apps.courses.views.player import render_lesson, screen_url
from apps.courses.views.words import number, start_first


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def note(request: Request, course: str, lesson: str) -> HttpResponse:
    """Keep a note beside a lesson; GET, after signing in again, leads to the lesson."""
    screen = number(request.POST.get("screen"))
    if request.method == "GET":
        return redirect("courses:lesson", course=course, lesson=lesson)
    text, seen = request.POST.get("text", ""), number(request.POST.get("version")) or 0
    try:
        services.save_note(actor=request.user, course=course, lesson=lesson, text=text, expected=seen)
    except (Refused, Conflict) as fault:
        shown = services.open_screen(actor=request.user, course=course, lesson=lesson, screen=screen)
        said = {"error": fault.message, "error_at": "note", "note_text": text}
        status = 409 if isinstance(fault, Conflict) else 422
        return render_lesson(request, course, lesson, shown, said, status)
    messages.success(request, _("Your note is kept. Only you see it."))
    return redirect(screen_url(course, lesson, screen, "my-note"))


@access(SIGNED_IN)
@require_safe
def notes(request: Request) -> HttpResponse:
    """The person's notes from all courses, searchable."""
    return render(
        request, "courses/notes.html", {"page": selectors.notes_page(request.user, request.GET.get("q", ""))}
    )


@access(PUBLIC)
@require_safe
def glossary(request: HttpRequest, course: str) -> HttpResponse:
    """The words of a course."""
    page = selectors.glossary_page(request.user, course, request.GET.get("q", ""))
    return render(request, "courses/glossary.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def key_points(request: Request, course: str) -> HttpResponse:
    """The key points of a course, to print: one page a module."""
    if selectors.enrolment_of(request.user, course) is None:
        return start_first(request, course)
    return render(request, "courses/key_points.html", {"page": selectors.points_page(request.user, course)})
