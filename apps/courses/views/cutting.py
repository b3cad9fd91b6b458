"""The page on which judges find the cut score of a test."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses.selectors.cutting import CutPage, cut_course, cut_page
from apps.courses.services.cutting import save_estimates
from apps.courses.views.words import number


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def cut(request: Request, course: str, module: str) -> HttpResponse:
    """Estimate each question, then see what all judges together expect."""
    page = cut_page(request.user, course, module)
    if request.method == "GET":
        return render(request, "courses/cut.html", {"page": page})
    row = cut_course(request.user, course)
    given = {one.code: request.POST.get(f"at.{one.code}", "") for one in page.questions}
    try:
        save_estimates(actor=request.user, course=row, place=module, given=given)
    except Refused as fault:
        context = {"page": _typed(page, given), "error": fault.message, "faulty": fault.field}
        return render(request, "courses/cut.html", context, status=422)
    messages.success(request, _("Your estimates are kept, with your name and the day."))
    return redirect("courses:cut", course=course, module=module)


def _typed(page: CutPage, given: dict[str, str]) -> CutPage:
    """What was typed stays in the form, as far as it is a number."""
    rows = tuple(replace(one, value=number(given[one.code].strip())) for one in page.questions)
    return replace(page, questions=rows)
