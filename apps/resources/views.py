"""The library of resources, open to everybody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, access
from apps.resources import selectors


@access(PUBLIC)
@require_safe
def browse(request: Request) -> HttpResponse:
    """The library, filtered by `?area=` and `?kind=`."""
    area, kind, page = (request.GET.get(name, "") for name in ("area", "kind", "page"))
    found = selectors.list_resources(request.user, area=area, kind=kind, page=page)
    query = urlencode({name: value for name, value in (("area", found.area), ("kind", found.kind)) if value})
    return render(request, "resources/list.html", {"found": found, "query": query})


@access(PUBLIC)
@require_safe
def resource(request: Request, resource: str) -> HttpResponse:
    """One resource: what it is for and where it stands, or our own text."""
    return render(
        request, "resources/resource.html", {"page": selectors.resource_page(request.user, resource)}
    )
