"""Frameworks as a list, and as data for other systems: which there are, their versions, each document whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.db.models.fields.json import KT

from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.book import edition_at
from apps.frameworks.selectors.versions import SHARED, published_version

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A published version of one framework; in a list of frameworks the newest."""

    slug: str
    name: str
    version: str
    language: str
    document_hash: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A framework with its published versions, the newest first. `programme` is empty for the site's own."""

    slug: str
    name: str
    language: str
    description: str
    programme: str
    indicators: int
    versions: tuple[FrameworkRow, ...]

    @property
    def shared(self) -> bool:
        """Whether it is the framework that stands under the short address."""
        return self.slug == SHARED

    @property
    def newest(self) -> FrameworkRow:
        return self.versions[0]


def _readable(user: User | AnonymousUser) -> QuerySet[FrameworkVersion]:
    rows = FrameworkVersion.objects.published().visible_to(user).select_related("framework").defer("document")
    return rows.order_by("framework__name", "framework__slug", "-published_at", "-pk")


def _row(version: FrameworkVersion) -> FrameworkRow:
    frame = version.framework
    return FrameworkRow(
        frame.slug, frame.name, version.version, version.language, version.document_hash, version.published_at
    )


def list_frameworks(user: User | AnonymousUser) -> list[FrameworkRow]:
    """One row a framework of which the user may see a published version, by name. 1 query."""
    newest: dict[str, FrameworkRow] = {}
    for version in _readable(user):
        newest.setdefault(version.framework.slug, _row(version))
    return list(newest.values())


def list_versions(user: User | AnonymousUser, slug: str) -> list[FrameworkRow]:
    """The published versions of one framework, the newest first; empty when there is none to see. 1 query."""
    return [_row(version) for version in _readable(user).filter(framework__slug=slug)]


def shelf(user: User | AnonymousUser) -> list[Shelf]:
    """Every framework that the user may read, the shared one first, then by name. 1 query."""
    rows = _readable(user).select_related("framework__programme")
    rows = rows.annotate(about=KT("document__description"), asked=Count("indicators"))
    found: dict[str, list[FrameworkVersion]] = {}
    for version in rows:
        found.setdefault(version.framework.slug, []).append(version)
    shelves = [_shelf(versions) for versions in found.values()]
    return sorted(shelves, key=lambda row: row.slug != SHARED)


def _shelf(versions: list[FrameworkVersion]) -> Shelf:
    newest: Any = versions[0]
    frame = newest.framework
    return Shelf(
        frame.slug,
        frame.name,
        newest.language,
        newest.about or "",
        frame.programme.name if frame.programme else "",
        newest.asked,
        tuple(_row(version) for version in versions),
    )


def framework_document(user: User | AnonymousUser, slug: str, number: str = "") -> dict[str, Any]:
    """A published document of `slug`, the newest unless named, as the published schema says; Http404 without one."""
    version = edition_at(user, slug, number) if number else published_version(user, slug)
    document: dict[str, Any] = version.document
    return document
