"""Pages about time in tests: what a lost connection took, and more time for people who need it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses import selectors, services
from apps.courses.forms import ExtraTimeForm
from apps.courses.views.words import number


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def test_back(request: Request, course: str, module: str) -> HttpResponse:
    """The browser is back after a lost connection: the seconds that are left now, with what was given back."""
    if request.method == "GET":
        return redirect("courses:test", course=course, module=module)
    row = services.give_back_time(
        actor=request.user, course=course, module=module, attempt=request.POST.get("attempt", ""),
        seconds=number(request.POST.get("seconds")) or 0,
    )  # fmt: skip
    left = int((row.closes_at - now()).total_seconds()) if row.closes_at and not row.handed_in_at else 0
    return JsonResponse({"left": max(0, left)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def extra_time(request: Request) -> HttpResponse:
    """Who has more time in tests, and giving it."""
    page = selectors.extra_time_page(request.user)
    form = ExtraTimeForm(request.POST or None, courses=page.courses)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.grant_extra_time(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _("%(who)s has more time in tests now.") % {"who": row.learner})
            return redirect("courses:extra_time")
    status = 422 if form.errors else 200
    return render(request, "courses/extra_time.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_POST
def extra_time_end(request: Request, extra_time: str) -> HttpResponse:
    """End somebody's extra time."""
    services.end_extra_time(actor=request.user, extra_time=extra_time)
    return redirect("courses:extra_time")
