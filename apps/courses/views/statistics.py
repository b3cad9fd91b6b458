"""Pages of item statistics."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file
from apps.courses.selectors import statistics as reads
from apps.courses.services.statistics import ask_for_statistics


@access(SIGNED_IN)
@require_safe
def statistics(request: Request) -> HttpResponse:
    """Courses whose questions the person may look at."""
    return render(request, "courses/statistics.html", {"courses": reads.statistics_list(request.user)})


@access(SIGNED_IN)
@require_POST
def statistics_make(request: Request, course: str) -> HttpResponse:
    """Work them out now."""
    ask_for_statistics(actor=request.user, course=reads.get_seen_course(request.user, course))
    messages.success(request, _("The figures are being worked out. Load this page again in a moment."))
    return redirect("courses:statistics")


@access(SIGNED_IN)
@require_safe
def statistics_pool(request: Request, course: str, module: str) -> HttpResponse:
    """The questions of one pool."""
    return render(
        request, "courses/statistics_pool.html", {"page": reads.pool_page(request.user, course, module)}
    )


@access(SIGNED_IN)
@require_safe
def statistics_file(request: Request, course: str, module: str, ending: str) -> HttpResponse:
    """The same as CSV or XLSX."""
    page = reads.pool_page(request.user, course, module)
    name = f"statistics-{page.slug}-{page.place}"
    return table_file(reads.pool_rows(page), ending, name=name, title=_("Questions"))
