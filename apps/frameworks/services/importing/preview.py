"""What an import would make, for somebody to look at before it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.frameworks.choices import VersionState
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.services.importing.reading import Prepared
from apps.frameworks.services.importing.settings import KINDS, METHODS
from apps.frameworks.services.load import document_hash


@dataclass(frozen=True)
class AreaPreview:
    code: str
    name: str
    indicators: tuple[tuple[str, str, str], ...]
    """Code, name, intent."""


@dataclass(frozen=True)
class DimensionPreview:
    code: str
    name: str
    areas: tuple[AreaPreview, ...]
    count: int


@dataclass(frozen=True)
class Preview:
    """`blocked` is a sentence when the import would be refused although the file is right."""

    kind: str
    name: str
    slug: str
    version: str
    language: str
    description: str
    source: tuple[tuple[str, str], ...]
    dimensions: tuple[DimensionPreview, ...]
    areas: int
    indicators: int
    national: int
    organisational: int
    descriptors: int
    prerequisites: int
    profiles: int
    languages: tuple[str, ...]
    method: str
    levels: tuple[tuple[int, str, str], ...]
    other_scales: int
    notes: tuple[str, ...]
    effect: str
    blocked: str


def preview_of(prepared: Prepared, *, programme: int | None, publish: bool) -> Preview:
    """Describe a prepared document and what would happen to what is stored. 1 query."""
    document = prepared.document
    rows: list[dict[str, Any]] = document["indicators"]
    effect, blocked = _effect(document, programme, publish)
    method = document["method"]["name"]
    return Preview(
        kind=str(KINDS.get(prepared.kind, prepared.kind)),
        name=document["name"], slug=document["id"], version=document["version"], language=document["language"],
        description=document.get("description", ""), source=tuple(document.get("source", {}).items()),
        dimensions=tuple(_dimensions(document)), areas=len(document["areas"]), indicators=len(rows),
        national=sum(row["scope"] != "organisational" for row in rows),
        organisational=sum(row["scope"] != "national" for row in rows),
        descriptors=sum(len(levels) for row in rows for levels in row.get("levels", {}).values()),
        prerequisites=len(document.get("prerequisites", [])), profiles=len(document.get("profiles", [])),
        languages=tuple(document.get("translations", {})), method=str(METHODS.get(method, method)),
        levels=tuple((row["level"], row["name"], row["meaning"]) for row in document["scale"]["levels"]),
        other_scales=len(document.get("scales", [])), notes=tuple(prepared.notes), effect=effect, blocked=blocked,
    )  # fmt: skip


def _dimensions(document: dict[str, Any]) -> Iterator[DimensionPreview]:
    inside: dict[str, list[tuple[str, str, str]]] = {}
    for row in document["indicators"]:
        inside.setdefault(row["area"], []).append((row["id"], row["name"], row["intent"]))
    for row in document["dimensions"]:
        areas = tuple(
            AreaPreview(area["id"], area["name"], tuple(inside.get(area["id"], ())))
            for area in document["areas"]
            if area["dimension"] == row["id"]
        )
        yield DimensionPreview(row["id"], row["name"], areas, sum(len(area.indicators) for area in areas))


def _effect(document: dict[str, Any], programme: int | None, publish: bool) -> tuple[str, str]:
    """What would happen, and why it would not be allowed; one of them is empty."""
    names = {"name": document["name"], "version": document["version"], "slug": document["id"]}
    stored = list(
        FrameworkVersion.objects.filter(framework__slug=document["id"])
        .select_related("framework")
        .defer("document")
    )
    if stored and stored[0].framework.programme_id != programme:
        return "", _("The id “%(slug)s” is in use. Choose another one.") % names
    same = next((row for row in stored if row.version == document["version"]), None)
    if same and same.document_hash == document_hash(document):
        if same.state == VersionState.DRAFT and publish:
            return _("The draft of %(name)s %(version)s, which is the same, is published.") % names, ""
        return _("%(name)s %(version)s is here already with the same content: nothing changes.") % names, ""
    if same and same.state == VersionState.PUBLISHED:
        return "", _("%(name)s %(version)s is published with other content. Raise the version.") % names
    if same:
        return _("The draft of %(name)s %(version)s is replaced.") % names, ""
    if stored:
        return _("%(name)s gets a new version %(version)s.") % names, ""
    return _("A new framework is made: %(name)s %(version)s.") % names, ""
