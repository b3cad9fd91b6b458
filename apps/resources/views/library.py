"""The library of resources, open to everybody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import PUBLIC, access
from apps.resources import selectors
from apps.resources.selectors import Asked

FILTERS = ("q", "area", "kind", "level", "language", "tlp")


@access(PUBLIC)
@require_safe
def browse(request: Request) -> HttpResponse:
    """The library, searched and filtered; the address keeps what is asked."""
    asked = Asked(**{name: request.GET.get(name, "") for name in FILTERS})
    found = selectors.list_resources(request.user, asked, page=request.GET.get("page", 1))
    context = {"found": found, "asked": found.asked, "query": urlencode(found.asked.pairs)}
    return render(request, "resources/list.html", context)


@access(PUBLIC)
@require_safe
def resource(request: Request, resource: str) -> HttpResponse:
    """One resource: what it is for and where it stands, or our own text."""
    page = selectors.resource_page(request.user, resource)
    return render(request, "resources/resource.html", {"page": page})


@access(PUBLIC)
@require_safe
def markdown(request: Request, resource: str) -> HttpResponse:
    """Our own text as a Markdown file, to be changed at home."""
    response = HttpResponse(
        selectors.markdown_file(request.user, resource), content_type="text/markdown; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{resource}.md") or "attachment"
    return response
