"""Who may call which endpoint. Every view must declare one rule; `checks.py` refuses those that do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

ViewFunc = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Rule:
    """`allows(user)` decides before any row is read; rows are then scoped by selectors."""

    name: str
    allows: Callable[[Any], bool]
    anonymous: bool = False


PUBLIC = Rule("public", lambda user: True, anonymous=True)
SIGNED_IN = Rule("signed in", lambda user: user.is_authenticated)
STAFF = Rule("staff", lambda user: user.is_authenticated and user.is_staff)


def access(rule: Rule) -> Callable[[ViewFunc], ViewFunc]:
    """Declare the rule of a view; a person it does not allow gets 403 in words."""

    def decorate(view: ViewFunc) -> ViewFunc:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not rule.allows(request.user):
                raise PermissionDenied(_("This page is for the administrators of the site."))
            return view(request, *args, **kwargs)

        wrapper.access_rule = rule  # type: ignore[attr-defined]
        return login_not_required(wrapper) if rule.anonymous else wrapper

    return decorate
