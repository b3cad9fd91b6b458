"""System checks: an endpoint without an access rule stops the build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.access import Rule
from apps.core.api import DeclaredAccess, ScopedToken
from apps.core.pdfkeys import BadPdfKey, ends_soon, key_fault, pdf_key, trusted_certificates


def own_views() -> Iterator[tuple[str, str, Any]]:
    """Yield (route, url name with namespace, view) for every URL served by our own code."""

    def walk(
        patterns: list[URLPattern | URLResolver], prefix: str, space: str
    ) -> Iterator[tuple[str, str, Any]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, route, inner)
                continue
            callback = pattern.callback
            view = getattr(callback, "cls", None) or getattr(callback, "view_class", None) or callback
            if view.__module__.startswith("apps."):
                yield route, space + (pattern.name or ""), view

    yield from walk(get_resolver().url_patterns, "/", "")


@register("access")
def every_view_declares_its_access(app_configs: Any, **kwargs: Any) -> list[Error]:
    """core.E001: a view of ours has no `access_rule`."""
    return [
        Error(
            f"{view.__module__}.{view.__qualname__} ({route}) declares no access rule.",
            hint="Add @access(...) or, on a class, access_rule = ...",
            id="core.E001",
        )
        for route, _name, view in own_views()
        if not isinstance(getattr(view, "access_rule", None), Rule)
    ]


@register("access")
def every_api_class_keeps_the_gate(app_configs: Any, **kwargs: Any) -> list[Error]:
    """core.E002: an API class replaced its permission classes and lost the gate."""
    gate = {DeclaredAccess, ScopedToken}
    return [
        Error(
            f"{view.__module__}.{view.__qualname__} ({route}) lost DeclaredAccess or ScopedToken.",
            id="core.E002",
        )
        for route, _name, view in own_views()
        if hasattr(view, "permission_classes") and not gate <= set(view.permission_classes)
    ]


@register("access")
def every_api_class_names_its_scope(app_configs: Any, **kwargs: Any) -> list[Error]:
    """core.E005: an API class that is not open to everybody names no kind, so that any token would reach it."""
    return [
        Error(f"{view.__module__}.{view.__qualname__} ({route}) names no kind.", id="core.E005")
        for route, _name, view in own_views()
        if hasattr(view, "permission_classes")
        and not getattr(view, "kind", "")
        and not getattr(getattr(view, "access_rule", None), "anonymous", False)
    ]


@register("access")
def every_url_has_a_name(app_configs: Any, **kwargs: Any) -> list[Error]:
    """core.E003: a URL without a name cannot stand in the access matrix."""
    return [
        Error(f"{route} has no name.", id="core.E003")
        for route, name, _view in own_views()
        if name[-1:] in ("", ":")
    ]


@register("rendering")
def pdf_engine_is_ready(app_configs: Any, **kwargs: Any) -> list[Error]:
    """core.E004: the libraries that WeasyPrint loads are missing from the machine."""
    from ctypes.util import find_library

    missing = [name for name in ("pango-1.0", "pangoft2-1.0") if not find_library(name)]
    if not missing:
        return []
    hint = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return [Error(f"System libraries are missing: {', '.join(missing)}.", hint=hint, id="core.E004")]


@register("signing")
def pdf_key_can_sign(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """core.E006: the key for PDF files cannot sign. core.W006: its certificate is over, or ends within 30 days."""
    hint = "Set BELAY_PDF_KEY_FILE as the guide for operators says, or unset it: then nothing is signed."
    try:
        key = pdf_key()
        trusted_certificates()
    except BadPdfKey as fault:
        return [Error(f"PDF files cannot be signed: {fault}.", hint=hint, id="core.E006")]
    if key and (words := key_fault(key) or ends_soon(key)):
        return [
            Warning(
                f"PDF files are signed with {key.name}: {words}.",
                hint="Get a new certificate.",
                id="core.W006",
            )
        ]
    return []
