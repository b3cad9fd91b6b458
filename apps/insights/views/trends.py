"""A member's results over time."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file
from apps.insights.selectors.trends import trend_rows
from apps.insights.services.trends import read_trends


@access(SIGNED_IN)
@require_safe
def trends(request: Request, member: str) -> HttpResponse:
    """History, changes and projection; read under a grant it goes on record."""
    return render(request, "insights/trends.html", {"page": read_trends(actor=request.user, member=member)})


@access(SIGNED_IN)
@require_safe
def trends_file(request: Request, member: str, ending: str) -> HttpResponse:
    """The same as CSV or XLSX."""
    page = read_trends(actor=request.user, member=member)
    return table_file(trend_rows(page), ending, name="results-over-time", title=_("Results over time"))
