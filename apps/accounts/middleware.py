"""A signed-in person's language and time zone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.http import prefer


class PreferencesMiddleware:
    """The cookie set on this device wins; without one, the language of the account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            prefer(request, user)
        else:
            timezone.deactivate()
        return self.get_response(request)
