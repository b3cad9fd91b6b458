"""Skip the lessons of modules that the answers before the course cover."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import services
from apps.courses.choices import TestPlace


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def skip(request: Request, course: str) -> HttpResponse:
    """Skip the lessons of the ticked modules; GET, after signing in again, leads to the course."""
    if request.method == "GET":
        return redirect("courses:course", course=course)
    try:
        chosen = services.skip_modules(
            actor=request.user, course=course, modules=request.POST.getlist("modules")
        )
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("courses:test", course=course, module=TestPlace.BEFORE.value)
    text = ngettext(
        "The lessons of %(number)d module are skipped. Its test is still to be passed.",
        "The lessons of %(number)d modules are skipped. Their tests are still to be passed.",
        len(chosen),
    )
    messages.success(request, text % {"number": len(chosen)})
    return redirect("courses:course", course=course)
