"""A person's token in the header `Authorization: Bearer …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from apps.accounts import selectors, services
from apps.accounts.http import prefer

if TYPE_CHECKING:
    from rest_framework.request import Request

LONGEST = 200


class TokenAuthentication(BaseAuthentication):
    """Whoever shows a token in force acts as its person, within its scopes."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Raises `AuthenticationFailed` (401) for a token that is wrong, over or revoked: the same words for each."""
        word, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "bearer":
            return None
        token = selectors.token_of(None, secret) if len(secret) <= LONGEST else None
        if token is None:
            raise AuthenticationFailed(_("This token does not work: it is wrong, over or revoked."))
        prefer(request._request, token.user)
        services.note_token_use(actor=token.user, token=token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="Belay"'
