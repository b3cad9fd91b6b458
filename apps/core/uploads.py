"""What is uploaded, before any of it is read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

REST_OF_THE_FORM = 2 * 1024 * 1024


def too_long(request: HttpRequest, limit: int) -> HttpResponse | None:
    """413 before the body is read, when it says itself that it is longer than a file of `limit` bytes and its form."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if sent.isdecimal() and int(sent) <= limit + REST_OF_THE_FORM:
        return None
    reason = _("The file is larger than %(limit)s. It was not taken, and nothing else was changed.")
    return render(request, "400.html", {"reason": reason % {"limit": filesizeformat(limit)}}, status=413)
