"""People whose role can do harm work with a second factor, outside the demonstration."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.members.selectors import lacks_second_factor

FREE_PATHS = (
    "/accounts/",
    "/language/",
    "/static/",
    "/healthz",
    "/readyz",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/api/",  # asks the same of tokens too, and says so in its own words: apps.members.api
)


class SecondFactorMiddleware:
    """Lead such a person to the page where a second factor is set up, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if request.path.startswith(FREE_PATHS) or not lacks_second_factor(user):
            return self.get_response(request)
        messages.info(
            request,
            _("Your role needs a second step when you sign in. Set one up now; it takes two minutes."),
        )
        return redirect("mfa_index")
