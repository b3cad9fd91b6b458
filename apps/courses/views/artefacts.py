"""The piece of work that a course asks for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses import selectors, services
from apps.courses.forms.work_files import WorkFileForm
from apps.courses.views.words import number, start_first


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def artefact(request: Request, course: str) -> HttpResponse:
    """Write it, with the rubric beside; see where it was offered."""
    if selectors.enrolment_of(request.user, course) is None:
        return start_first(request, course)
    words, status = {"title": "", "text": ""}, 200
    said: dict[str, object] = {}
    if request.method == "POST":
        words = {name: request.POST.get(name, "") for name in words}
        seen = number(request.POST.get("version")) or 0
        try:
            services.save_artefact(actor=request.user, course=course, expected=seen, **words)
        except (Refused, Conflict) as fault:
            said = {"error": fault.message, "page_error": True, "typed": words}
            said["error_at"] = getattr(fault, "field", "") or "text"
            status = 409 if isinstance(fault, Conflict) else 422
        else:
            messages.success(request, _("Kept. Only you see it until you offer it."))
            return redirect("courses:artefact", course=course)
    page = selectors.artefact_page(request.user, course)
    context = {"page": page, "form": WorkFileForm(), **said}
    return render(request, "courses/artefact.html", context, status=status)
