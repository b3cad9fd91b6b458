"""The framework browser: tree, area, indicator, search, words, targets, other frameworks, print. Open to everybody.

Each page has a short address for the newest version of the shared framework, and one that names framework and version.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, access
from apps.frameworks import selectors
from apps.frameworks.selectors import SHARED


@access(PUBLIC)
@require_safe
def shelf(request: Request) -> HttpResponse:
    """Every framework that this person may read, with its versions."""
    context = {"rows": selectors.shelf(request.user), "may_import": request.user.is_staff}
    return render(request, "frameworks/list.html", context)


@access(PUBLIC)
@require_safe
def browse(request: Request, framework: str = SHARED, version: str = "") -> HttpResponse:
    """The tree, perhaps for one scope (`?scope=national`) or key indicators only (`?key=1`), perhaps all open."""
    try:
        tree = selectors.framework_tree(
            request.user,
            scope=request.GET.get("scope", ""),
            key=request.GET.get("key") == "1",
            slug=framework,
            number=version,
        )
    except Http404:
        if version:
            raise
        return render(request, "frameworks/none.html", {"any": bool(selectors.list_frameworks(request.user))})
    context = {"tree": tree, "page": tree, "open": request.GET.get("open") == "all"}
    return render(request, "frameworks/browse.html", context)


@access(PUBLIC)
@require_safe
def area(request: Request, area: str, framework: str = SHARED, version: str = "") -> HttpResponse:
    """One area: its indicators, each with what it is about."""
    page = selectors.area_page(request.user, area, slug=framework, number=version)
    return render(request, "frameworks/area.html", {"page": page})


@access(PUBLIC)
@require_safe
def indicator(request: Request, indicator: str, framework: str = SHARED, version: str = "") -> HttpResponse:
    """One indicator: its levels and everything that helps to choose one."""
    page = selectors.indicator_page(request.user, indicator, slug=framework, number=version)
    return render(request, "frameworks/indicator.html", {"page": page})


@access(PUBLIC)
@require_safe
def search(request: Request, framework: str = SHARED, version: str = "") -> HttpResponse:
    """What `?q=` finds, grouped by area."""
    page = selectors.search_framework(request.user, request.GET.get("q", ""), slug=framework, number=version)
    return render(request, "frameworks/search.html", {"page": page})


@access(PUBLIC)
@require_safe
def terms(request: Request, framework: str = SHARED, version: str = "") -> HttpResponse:
    """All words with their meanings."""
    page = selectors.terms_page(request.user, slug=framework, number=version)
    return render(request, "frameworks/terms.html", {"page": page})


@access(PUBLIC)
@require_safe
def profiles(request: Request, framework: str = SHARED, version: str = "") -> HttpResponse:
    """What each target profile asks of each indicator."""
    page = selectors.profiles_page(request.user, slug=framework, number=version)
    return render(request, "frameworks/profiles.html", {"page": page})


@access(PUBLIC)
@require_safe
def crosswalks(request: Request, framework: str = SHARED, version: str = "") -> HttpResponse:
    """The outside systems that the framework points to."""
    page = selectors.crosswalks_page(request.user, slug=framework, number=version)
    return render(request, "frameworks/crosswalks.html", {"page": page})


@access(PUBLIC)
@require_safe
def crosswalk(request: Request, system: str, framework: str = SHARED, version: str = "") -> HttpResponse:
    """One outside system, item by item."""
    page = selectors.system_page(request.user, system, slug=framework, number=version)
    return render(request, "frameworks/crosswalk.html", {"page": page})


@access(PUBLIC)
@require_safe
def whole(request: Request, framework: str = SHARED, version: str = "") -> HttpResponse:
    """Everything on one page, for paper, perhaps for one scope (`?scope=national`)."""
    page = selectors.print_page(
        request.user, scope=request.GET.get("scope", ""), slug=framework, number=version
    )
    return render(request, "frameworks/print.html", {"page": page})
