"""DRF side of `access.py`: a class without a rule is refused at run time too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from apps.core.access import Rule

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DeclaredAccess(BasePermission):
    """Deny unless the class declares `access_rule` and the rule allows the user."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        rule = getattr(view, "access_rule", None)
        return isinstance(rule, Rule) and rule.allows(request.user)
