"""The library of table-top kits."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.exercises import selectors


@access(SIGNED_IN)
@require_safe
def library(request: Request) -> HttpResponse:
    """Every kit."""
    return render(request, "exercises/library.html", {"kits": selectors.library(request.user)})


@access(SIGNED_IN)
@require_safe
def kit(request: Request, kit: str) -> HttpResponse:
    """One kit; the whole of it for whoever may facilitate."""
    return render(request, "exercises/kit.html", {"page": selectors.kit_page(request.user, kit)})


@access(SIGNED_IN)
@require_safe
def handout(request: Request, kit: str) -> HttpResponse:
    """What is printed: a sheet for all players; with `?cards=1` role cards and injects, for whoever may facilitate."""
    page = selectors.kit_page(request.user, kit)
    cards = request.GET.get("cards") == "1" and page.preview is not None
    return render(request, "exercises/handout.html", {"page": page, "cards": cards})
