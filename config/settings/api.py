"""How the API reads, answers and describes itself."""

from __future__ import annotations

from typing import Any

DESCRIPTION: dict[str, Any] = {
    "TITLE": "Belay",
    "VERSION": "1",
    "DESCRIPTION": "Everything that pages do with assessments. See the guide to the API for tokens, versions and keys.",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.api_schema.add_problems",
    ],
}


def rest_framework(*, proxies: int) -> dict[str, Any]:
    """What the REST framework is told; `proxies` is how many stand before the site that may name a caller."""
    return {
        # The token first: without one, the answer to a stranger is 401 and names it.
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "apps.accounts.api.authentication.TokenAuthentication",
            "rest_framework.authentication.SessionAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": [
            "apps.core.api.DeclaredAccess",
            "apps.members.api.permissions.SecondFactor",
            "apps.core.api.ScopedToken",
        ],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["apps.core.api_reading.StrictJson"],
        "DEFAULT_THROTTLE_CLASSES": ["apps.core.api_throttle.Pace"],
        "DEFAULT_METADATA_CLASS": None,
        "NUM_PROXIES": proxies,
        "DEFAULT_SCHEMA_CLASS": "apps.core.api_schema.Schema",
        "EXCEPTION_HANDLER": "apps.core.api_errors.explain",
        "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    }
