"""Courses kept on a device: the worker, what it fetches, and taking what was done without a connection."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services

# Everything that a saved page loads; kept beside the pages, so that a new release does not undress them.
PARTS = (
    "css/belay.css", "css/courses.css", "css/saved.css", "img/favicon.svg", "js/belay.js", "js/order.js", "js/marking.js",
    "js/waiting.js", "js/saved.js", "js/saved-lesson.js",
)  # fmt: skip
MOST_BYTES = 512 * 1024


@access(PUBLIC)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it may answer for every page; browsers ask for it anew each time."""
    response = render(request, "courses/worker.js", content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@access(SIGNED_IN)
@require_safe
def manifest(request: Request, course: str) -> HttpResponse:
    """What a device has to fetch to keep this course."""
    found = selectors.manifest(request.user, course)
    offer = found.offer
    return JsonResponse(
        {
            "course": offer.course, "title": offer.title, "mark": offer.mark, "owner": offer.owner,
            "megabytes": round(offer.megabytes, 2), "pages": found.pages, "parts": [static(part) for part in PARTS],
        }
    )  # fmt: skip


def _nobodys(template: str, **context: Any) -> HttpResponse:
    """A page without its reader's name, tabs or notices: it stays on a device that others may use."""
    return HttpResponse(render_to_string(template, context))


@access(SIGNED_IN)
@require_safe
def saved(request: Request) -> HttpResponse:
    """What this device keeps and what waits to be sent; filled by the browser."""
    return _nobodys("courses/saved.html", owner=selectors.owner_key(request.user))


@access(SIGNED_IN)
@require_safe
def saved_course(request: Request, course: str) -> HttpResponse:
    """The outline of a saved course."""
    return _nobodys("courses/saved_course.html", page=selectors.saved_course(request.user, course))


@access(SIGNED_IN)
@require_safe
def saved_lesson(request: Request, course: str, lesson: str) -> HttpResponse:
    """A whole lesson on one page, to keep."""
    return _nobodys("courses/saved_lesson.html", page=selectors.saved_lesson(request.user, course, lesson))


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def sync(request: Request) -> HttpResponse:
    """GET: whose answers may be sent now, and the token for it. POST: take them."""
    if request.method == "GET":
        return JsonResponse({"owner": selectors.owner_key(request.user), "token": get_token(request)})
    try:
        if len(request.body) > MOST_BYTES:
            raise ValueError
        taken = services.sync_offline(actor=request.user, data=json.loads(request.body))
    except (ValueError, RecursionError):
        return JsonResponse({"error": "unreadable"}, status=400)
    except Refused as refused:
        return JsonResponse({"error": refused.message}, status=400)
    return JsonResponse({"taken": [{"seq": one.seq, "state": one.state, "text": one.text} for one in taken]})
