"""Pages that take a course out as a package for other systems."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import send_file
from apps.courses.selectors.scorm import scorm_page
from apps.courses.services.scorm import take_out_course


@access(SIGNED_IN)
@require_safe
def scorm(request: Request, course: str) -> HttpResponse:
    """What can be taken out of this course: each language, whole or a module."""
    return render(request, "courses/scorm.html", {"page": scorm_page(request.user, course)})


@access(SIGNED_IN)
@require_safe
def scorm_file(request: Request, course: str) -> HttpResponseBase:
    """The package as a file."""
    language, module = request.GET.get("language", ""), request.GET.get("module", "")
    name, content = take_out_course(actor=request.user, course=course, language=language, module=module)
    return send_file([content], title=name, content_type="application/zip", size=len(content))
