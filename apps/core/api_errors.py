"""Errors of the API, in words. Apart from `api.py`, which DRF loads while it is still loading itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db.models import Model
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.core.api_faults import KeyMissing, Malformed
from apps.core.errors import Conflict, Refused, Stale
from apps.core.problems import MEDIA_TYPE, problem


def explain(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Whatever an API class raises, as problem details; None for what is nobody's fault but ours."""
    told = _told(exc, context.get("view"))
    if told is not None:
        return Response(told, status=told["status"], content_type=MEDIA_TYPE)
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = _from_library(exc, response)
    response.content_type = MEDIA_TYPE
    return response


def _told(exc: Exception, view: Any) -> dict[str, Any] | None:
    """What our own services raise, and what Django says about a body that it does not read."""
    if isinstance(exc, Refused):
        return problem(exc.status, exc.message, code=exc.code, field=exc.field, codes=list(exc.codes) or None)
    if isinstance(exc, Conflict):
        stale = isinstance(exc, Stale) and hasattr(view, "expected")
        both = getattr(view, "both", both_texts)(exc)
        return problem(412 if stale else 409, exc.message, **both)
    if isinstance(exc, RequestDataTooBig):
        return problem(413, _("The request is larger than this site reads."))
    if isinstance(exc, SuspiciousOperation):
        return problem(400, _("The request is broken."), code="malformed")
    return None


def both_texts(exc: Conflict) -> dict[str, Any]:
    """What is stored and what was sent, as data: of a row only what was sent for it."""
    sent = plain(exc.proposed)
    if isinstance(exc.current, Model):
        names = sent if isinstance(sent, Mapping) else ()
        stored = {name: plain(getattr(exc.current, name, None)) for name in names}
        return {"current": stored | {"version": getattr(exc.current, "version", None)}, "proposed": sent}
    return {"current": plain(exc.current), "proposed": sent}


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in dataclasses.fields(value)}
    return value.isoformat() if hasattr(value, "isoformat") else force_str(value)


def _from_library(exc: Exception, response: Response) -> dict[str, Any]:
    """What DRF says, in one shape; faults of several fields stand in `errors`."""
    status = response.status_code
    if isinstance(exc, ValidationError):
        errors = list(_faults(exc.detail))
        said = errors[0]["detail"] if errors else ""
        return problem(
            status, said, code="invalid", field=errors[0]["field"] if errors else "", errors=errors
        )
    if status == 404:
        return problem(status, _("There is nothing here, or nothing that you may see."))
    detail = getattr(exc, "detail", "") or str(exc)
    code = getattr(exc, "default_code", "") if isinstance(exc, Malformed | KeyMissing) else ""
    return problem(status, str(detail), code=code)


def _faults(detail: Any, field: str = "") -> Any:
    """Yield {"field", "detail"} of nested faults, the field as a path such as `members.0`."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _faults(part, f"{field}.{own}".strip("."))
    elif isinstance(detail, list | tuple):
        for place, part in enumerate(detail):
            deeper = field if isinstance(part, ErrorDetail | str) else f"{field}.{place}".strip(".")
            yield from _faults(part, deeper)
    else:
        yield {"field": field, "detail": str(detail)}
