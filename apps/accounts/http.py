"""The request a signed-in endpoint receives, and the proof that harmful acts ask for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest

from apps.core.access import ViewFunc

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from apps.accounts.models import User


class Request(HttpRequest):
    """`access` has already turned everyone else away."""

    user: User  # type: ignore[assignment]
    htmx: HtmxDetails


def fresh_sign_in(view: ViewFunc) -> ViewFunc:
    """For acts that can harm: POST asks for a factor again when the last proof is older than five minutes.

    What was sent waits in the session and is done after the proof. The demonstration has no factors to ask for.
    """
    guard = reauthentication_required(allow_get=True, enabled=lambda request: not settings.DEMO)
    return cast("ViewFunc", guard(view))
