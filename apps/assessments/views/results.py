"""Results of one member beside each other: any two, and all over time."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.assessments.selectors.side_by_side import side_by_side
from apps.assessments.selectors.trend import trend_page
from apps.core.access import SIGNED_IN, access


@access(SIGNED_IN)
@require_safe
def compare_results(request: Request, member: str) -> HttpResponse:
    """Any two results of a member; `?one=` and `?other=` name their assessments."""
    page = side_by_side(
        request.user, member, one=request.GET.get("one", ""), other=request.GET.get("other", "")
    )
    return render(request, "assessments/compare_results.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def trend(request: Request, member: str) -> HttpResponse:
    """All results of a member over time."""
    return render(request, "assessments/trend.html", {"page": trend_page(request.user, member)})
