"""The region of a programme, for its office."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file
from apps.insights import selectors


@access(SIGNED_IN)
@require_safe
def region(request: Request, programme: str) -> HttpResponse:
    """Members and areas in levels, as the address asks, with what else the office knows of its region."""
    page = selectors.region_page(request.user, programme, request.GET)
    return render(request, "insights/region.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def region_area(request: Request, programme: str, area: str) -> HttpResponse:
    """The members behind the figures of one area."""
    page = selectors.area_page(request.user, programme, area)
    return render(request, "insights/region_area.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def region_file(request: Request, programme: str, ending: str) -> HttpResponse:
    """The table as the address asks, all pages of it, as CSV or XLSX."""
    _programme, rows = selectors.region_table(request.user, programme, request.GET)
    return table_file(rows, ending, name="region", title=_("Region"))
