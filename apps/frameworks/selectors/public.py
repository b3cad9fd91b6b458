"""Frameworks as data for other systems: what is published, and each document whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.versions import published_version

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """The newest published version of one framework."""

    slug: str
    name: str
    version: str
    language: str
    document_hash: str
    published_at: datetime | None


def list_frameworks(user: User | AnonymousUser) -> list[FrameworkRow]:
    """One row a framework of which the user may see a published version, by name. 1 query."""
    versions = (
        FrameworkVersion.objects.published()
        .visible_to(user)
        .select_related("framework")
        .defer("document")
        .order_by("framework__name", "framework__slug", "-published_at", "-pk")
    )
    newest: dict[str, FrameworkRow] = {}
    for version in versions:
        frame = version.framework
        newest.setdefault(
            frame.slug,
            FrameworkRow(
                frame.slug,
                frame.name,
                version.version,
                version.language,
                version.document_hash,
                version.published_at,
            ),
        )
    return list(newest.values())


def framework_document(user: User | AnonymousUser, slug: str) -> dict[str, Any]:
    """The newest published document of `slug`, as the published JSON Schema describes it; Http404 without one."""
    document: dict[str, Any] = published_version(user, slug).document
    return document
