"""What mentoring changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.insights import selectors


@access(SIGNED_IN)
@require_safe
def uplift(request: Request, programme: str) -> HttpResponse:
    """What mentoring changed, with what it is compared with and how sure that is."""
    return render(
        request, "insights/uplift.html", {"page": selectors.programme_uplift(request.user, programme)}
    )
