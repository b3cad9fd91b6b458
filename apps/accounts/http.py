"""The request a signed-in endpoint receives; `access` has already turned everyone else away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from apps.accounts.models import User


class Request(HttpRequest):
    user: User  # type: ignore[assignment]
    htmx: HtmxDetails
