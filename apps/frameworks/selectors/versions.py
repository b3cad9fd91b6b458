"""Which version is in force, and what the scoring engine needs of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.utils.translation import gettext as _

from apps.frameworks.models import FrameworkVersion
from apps.scoring import FrameworkSpec, parse_framework
from apps.scoring.model import Scope

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

SHARED = "belay-shared"
SPECS_KEPT = 16


@dataclass(frozen=True, slots=True)
class ScaleLevel:
    level: int
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A named set of targets: `default` for every indicator that `targets` (code → level) does not name."""

    id: str
    name: str
    description: str
    scope: str
    default: int
    targets: dict[str, int]


def published_version(user: User | AnonymousUser, slug: str = SHARED) -> FrameworkVersion:
    """The newest published version of framework `slug` that the user may see; Http404 when there is none."""
    rows = FrameworkVersion.objects.published().visible_to(user).filter(framework__slug=slug)
    rows = rows.select_related("framework")
    version = rows.order_by("-published_at", "-pk").first()
    if version is None:
        raise Http404(_("No version of this framework is published."))
    return version


def area_names(user: User | AnonymousUser, slug: str = SHARED) -> dict[str, str]:
    """Area code → name of the newest published version, in its order; empty when there is none. 2 queries."""
    versions = FrameworkVersion.objects.published().visible_to(user).filter(framework__slug=slug)
    version = versions.only("pk").order_by("-published_at", "-pk").first()
    if version is None:
        return {}
    return dict(version.areas.order_by("dimension__position", "position").values_list("code", "name"))


def framework_spec(version: FrameworkVersion, scope: str) -> FrameworkSpec:
    """The engine's view of a version from one scope; read once per document, then kept."""
    return _spec(version.document_hash, cast(Scope, scope), version)


@lru_cache(maxsize=SPECS_KEPT)
def _spec(document_hash: str, scope: Scope, version: FrameworkVersion) -> FrameworkSpec:
    return parse_framework(version.document, scope=scope)


def scale_of(version: FrameworkVersion) -> tuple[ScaleLevel, ...]:
    """The levels of the scale from 0 up."""
    rows: list[dict[str, Any]] = version.document["scale"]["levels"]
    return tuple(ScaleLevel(row["level"], row["name"], row["meaning"]) for row in rows)


def profiles_of(version: FrameworkVersion, scope: str) -> tuple[ProfileText, ...]:
    """The target profiles a member of `scope` may start from."""
    return tuple(
        ProfileText(
            id=row["id"],
            name=row["name"],
            description=row.get("description", ""),
            scope=row["scope"],
            default=row["targets"]["default"],
            targets=dict(row["targets"].get("indicators", {})),
        )
        for row in version.document.get("profiles", [])
        if row["scope"] == scope
    )
