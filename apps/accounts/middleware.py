"""A signed-in person's language and time zone, and when each of their sessions was last seen."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.http import prefer
from apps.accounts.selectors import is_lately_seen


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


class LastSeenMiddleware(UserSessionsMiddleware):  # type: ignore[misc]
    """Where a person is signed in, with the time last seen to within five minutes: reading a page writes nothing."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key, user = request.session.session_key, request.user
        if key and user.is_authenticated:
            ip, agent = get_adapter().get_client_ip(request), request.META.get("HTTP_USER_AGENT", "")
            if is_lately_seen(user, session=key, ip=ip, agent=agent):
                return self.get_response(request)  # type: ignore[no-any-return]
        return super().__call__(request)  # type: ignore[no-any-return]
