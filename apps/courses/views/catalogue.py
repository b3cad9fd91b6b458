"""Pages before a course is taken: all courses, one of them, and starting it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.courses import selectors, services
from apps.courses.policies import writes_courses


@access(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The courses that fit what the address asks for."""
    wanted = selectors.read_wanted(request.GET.dict())
    context = {"page": selectors.catalogue(request.user, wanted), "writes": writes_courses(request.user)}
    return render(request, "courses/catalogue.html", context)


@access(PUBLIC)
@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """What a course teaches, how long and how heavy it is, and where to go on."""
    page = selectors.course_page(request.user, course)
    offer = (
        selectors.save_offer(request.user, course)
        if page.enrolled and request.user.is_authenticated
        else None
    )
    return render(request, "courses/course.html", {"page": page, "offer": offer})


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
def my_learning(request: Request) -> HttpResponse:
    """The person's courses and certificates."""
    page = selectors.my_learning(request.user)
    return render(
        request, "courses/my_learning.html", {"page": page, "owner": selectors.owner_key(request.user)}
    )
