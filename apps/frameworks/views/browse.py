"""The framework browser: tree, area, indicator. Open to everybody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, access
from apps.frameworks import selectors


@access(PUBLIC)
@require_safe
def browse(request: Request) -> HttpResponse:
    """The tree of the shared framework, perhaps for one scope only (`?scope=national`)."""
    try:
        tree = selectors.framework_tree(request.user, scope=request.GET.get("scope", ""))
    except Http404:
        return render(request, "frameworks/none.html")
    return render(request, "frameworks/browse.html", {"tree": tree})


@access(PUBLIC)
@require_safe
def area(request: Request, area: str) -> HttpResponse:
    """One area: its indicators, each with what it is about."""
    return render(request, "frameworks/area.html", {"page": selectors.area_page(request.user, area)})


@access(PUBLIC)
@require_safe
def indicator(request: Request, indicator: str) -> HttpResponse:
    """One indicator: its levels and everything that helps to choose one."""
    return render(
        request, "frameworks/indicator.html", {"page": selectors.indicator_page(request.user, indicator)}
    )
