"""Errors of the API, in words. Apart from `api.py`, which DRF loads while it is still loading itself."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.core.errors import Conflict, Refused


def explain(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what services raise into 400 and 409; leave the rest to DRF."""
    if isinstance(exc, Refused):
        return Response({"detail": exc.message, "field": exc.field}, status=400)
    if isinstance(exc, Conflict):
        return Response({"detail": exc.message, "current": exc.current, "proposed": exc.proposed}, status=409)
    return exception_handler(exc, context)
