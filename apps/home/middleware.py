"""Requests for what a person may not see are noted, after the answer is made."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from apps.home.services.denied import note_denied

log = logging.getLogger(__name__)


class DeniedMiddleware:
    """A signed-in person who gets 404 for an address with ids leaves a note; the answer stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if (
            response.status_code != 404
            or match is None
            or not match.kwargs
            or not request.user.is_authenticated
        ):
            return response
        try:
            note_denied(
                actor=request.user, route=match.view_name, method=str(request.method), things=match.kwargs
            )
        except DatabaseError as fault:
            log.warning("A refused request was not noted.", exc_info=fault)
        return response
