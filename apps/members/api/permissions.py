"""The second step at sign-in, asked of programs as of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from apps.members.selectors import lacks_second_factor

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class SecondFactor(BasePermission):
    """A person whose role can do harm sets one up first; a token does not lead around it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Raises `PermissionDenied` with the way out."""
        if lacks_second_factor(request.user):
            raise PermissionDenied(
                _("Your role needs a second step when you sign in. Set one up on the site first.")
            )
        return True
