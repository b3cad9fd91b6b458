"""The request a signed-in endpoint receives, and the proof that harmful acts ask for again."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from apps.core.access import ViewFunc

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from apps.accounts.models import User


class Request(HttpRequest):
    """`access` has already turned everyone else away."""

    user: User  # type: ignore[assignment]
    htmx: HtmxDetails


def prefer(request: HttpRequest, user: User) -> None:
    """Answer in the person's language and time zone. What the request itself asks for wins: a cookie of the device,
    and for a program the header."""
    named = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or (
        "Authorization" in request.headers and "Accept-Language" in request.headers
    )
    if user.language and not named:
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
    timezone.activate(zoneinfo.ZoneInfo(user.time_zone))


def fresh_sign_in(view: ViewFunc) -> ViewFunc:
    """For acts that can harm: POST asks for a factor again when the last proof is older than five minutes.

    What was sent waits in the session and is done after the proof. The demonstration has no factors to ask for.
    """
    guard = reauthentication_required(allow_get=True, enabled=lambda request: not settings.DEMO)
    return cast("ViewFunc", guard(view))
