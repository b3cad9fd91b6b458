"""DRF side of `access.py`: a class without a rule is refused at run time too, and a token does what it was made for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from apps.core.access import Rule

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

SIGN = "sign"
FRESH_FOR = timedelta(minutes=5)


class Bearer(Protocol):
    """What a token says about itself."""

    created_at: datetime

    def may(self, scope: str) -> bool: ...


class DeclaredAccess(BasePermission):
    """Deny unless the class declares `access_rule` and the rule allows the user."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        rule = getattr(view, "access_rule", None)
        return isinstance(rule, Rule) and rule.allows(request.user)


class ScopedToken(BasePermission):
    """A token reaches what its scopes name; acts that ask for a fresh proof on a page ask for one here."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Raises `PermissionDenied` with the scope that is missing."""
        bearer: Any = request.auth
        need = scope_of(view, str(request.method))
        if bearer is not None and need and not bearer.may(need):
            raise PermissionDenied(_("This token was made without the scope %(scope)s.") % {"scope": need})
        if str(request.method) in getattr(view, "proven", ()):
            _require_proof(bearer)
        return True


def scope_of(view: Any, method: str) -> str:
    """The scope that a token needs: the kind of the class with read or write; empty where everybody may read."""
    kind = getattr(view, "kind", "")
    reads = method in SAFE_METHODS or getattr(view, "only_reads", False)
    return f"{kind}:{'read' if reads else 'write'}" if kind else ""


def _require_proof(bearer: Bearer | None) -> None:
    """On a page a factor is asked for again; a token that was made just now, with that factor, proves the same."""
    if bearer is None or not bearer.may(SIGN) or bearer.created_at < now() - FRESH_FOR:
        raise PermissionDenied(
            _(
                "This needs a fresh proof: a token with the scope “sign” that was made in the last five minutes."
            )
        )
