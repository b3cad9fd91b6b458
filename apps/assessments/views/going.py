"""Where a page leads after something was done."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


def go(name: str, args: Mapping[str, str]) -> HttpResponse:
    """Lead to a page of this app by name."""
    return HttpResponseRedirect(reverse(f"assessments:{name}", kwargs=dict(args)))
