"""The request a signed-in endpoint receives, and the proof that harmful acts ask for again."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from apps.accounts.selectors import has_second_factor
from apps.core.access import ViewFunc
from apps.core.errors import Refused

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from apps.accounts.models import User


class Request(HttpRequest):
    """`access` has already turned everyone else away."""

    user: User  # type: ignore[assignment]
    htmx: HtmxDetails


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """What is refused inside becomes the sentence on the page that is shown next; the rest of the block is left out."""
    try:
        yield
    except Refused as fault:
        messages.error(request, fault.message)


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

    Who has a second factor proves with that one: a password that somebody read over a shoulder signs nothing. What was
    sent waits in the session and is done after the proof. The demonstration has no factors to ask for.
    """
    guard = reauthentication_required(allow_get=True, enabled=lambda request: not settings.DEMO)(view)

    @wraps(view)
    def ask(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO and request.method != "GET" and lacks_its_factor(request):
            raise ReauthenticationRequired
        return cast("HttpResponseBase", guard(request, *args, **kwargs))

    return ask


def lacks_its_factor(request: Request) -> bool:
    """Whether this person has a second factor and did not prove with it in the last five minutes."""
    if not has_second_factor(request.user):
        return False
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    proofs = get_authentication_records(request, request.user)
    return not any(proof["method"] == "mfa" and proof["at"] > since for proof in proofs)
