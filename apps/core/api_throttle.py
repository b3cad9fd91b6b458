"""How much one person or one address may ask of the API in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Pace(SimpleRateThrottle):
    """Reading and writing are counted apart, by person; visitors by address. Each web process counts for itself
    unless a shared cache is set."""

    cache = ConnectionProxy(caches, "throttle")  # type: ignore[assignment]

    def __init__(self) -> None:
        """The rate is known once the request is."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Raises `Throttled` in words, with the time to come back."""
        writes = request.method not in SAFE_METHODS
        self.scope = "write" if writes else "read"
        rate = settings.API_WRITES_PER_MINUTE if writes else settings.API_READS_PER_MINUTE
        if not rate:
            return True
        self.num_requests, self.duration, self.rate = rate, 60, f"{rate}/min"
        if super().allow_request(request, view):
            return True
        raise Throttled(wait=self.wait(), detail=_("Too many requests. Wait a little, then go on."))

    def get_cache_key(self, request: Request, view: Any) -> str:
        person = request.user.public_id if request.user.is_authenticated else self.get_ident(request)
        return f"api:{self.scope}:{person}"
