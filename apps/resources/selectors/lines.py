"""Entries of the library in one line each, and what members said of them in figures that name nobody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum

from apps.resources.choices import ResourceKind, language_name
from apps.resources.models import Resource, ResourceUse

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

FEWEST = 3  # members, before a figure about them is shown
SLIM = (
    "pk", "slug", "title", "kind", "publisher", "summary", "when", "language", "areas", "levels", "url", "tlp",
    "checked_at", "answered_at", "failures",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """How many members used an entry and the mean of their stars with one decimal; None under three members."""

    members: int | None = None
    mean: Decimal | None = None


NO_FIGURES = Figures()


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """An entry as lists show it: it helps to climb from level `low` to `high`; `own` is a text of the site's own."""

    pk: int
    slug: str
    title: str
    kind: str
    kind_name: str
    publisher: str
    summary: str
    when: str
    language: str
    language_name: str
    areas: tuple[str, ...]
    low: int
    high: int
    own: bool
    url: str
    tlp: str
    failing: bool
    figures: Figures = NO_FIGURES


def lines(user: User | AnonymousUser) -> list[ResourceLine]:
    """All a person may see, without the texts; areas are matched here, for SQLite cannot search inside JSON lists."""
    rows = Resource.objects.visible_to(user).order_by("title", "slug").values(*SLIM)
    return [line_of(row) for row in rows]


def line_of(row: dict[str, Any]) -> ResourceLine:
    """A row of `SLIM` values."""
    low, high = row["levels"] if len(row["levels"]) == 2 else (0, 5)
    kept = ("pk", "slug", "title", "kind", "publisher", "summary", "when", "language", "url", "tlp")
    return ResourceLine(
        **{name: row[name] for name in kept},
        kind_name=str(ResourceKind(row["kind"]).label),
        language_name=language_name(row["language"]),
        areas=tuple(row["areas"]),
        low=low,
        high=high,
        own=not row["url"],
        failing=row["failures"] > 0,
    )


def slim(row: Resource) -> dict[str, Any]:
    """The `SLIM` values of a whole row."""
    return {name: getattr(row, name) for name in SLIM}


def figures_of(keys: Collection[int]) -> dict[int, Figures]:
    """Figures of the entries with these keys that three members or more used. 1 query."""
    rows = ResourceUse.objects.filter(resource__in=keys).order_by().values("resource")
    counted = rows.annotate(members=Count("pk"), stars=Sum("stars")).filter(members__gte=FEWEST)
    return {
        row["resource"]: Figures(row["members"], mean_of(row["stars"], row["members"])) for row in counted
    }


def mean_of(stars: int, members: int) -> Decimal:
    """The mean with one decimal, halves up."""
    return (Decimal(stars) / members).quantize(Decimal("0.1"), ROUND_HALF_UP)
