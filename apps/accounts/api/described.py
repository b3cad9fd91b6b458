"""Tokens in the OpenAPI description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from apps.accounts.api.authentication import TokenAuthentication


class TokenDescribed(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the OpenAPI description says about signing in with a token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made on /me/account/tokens/.",
        }
