"""What a person finds in the library of resources."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.markdown import render_markdown
from apps.frameworks.selectors import area_names
from apps.resources.choices import ResourceKind
from apps.resources.models import Resource

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """A resource named beside an area; `url` is its page here, `kind` a translated word."""

    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class ResourceLine:
    slug: str
    title: str
    kind: str
    kind_name: str
    publisher: str
    summary: str
    language: str
    areas: tuple[str, ...]
    low: int
    high: int
    own: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; `count` is how many resources it would leave."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ResourceList:
    page: Page[ResourceLine]
    total: int
    area: str
    kind: str
    areas: tuple[Choice, ...]
    kinds: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AreaName:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """`text` is our own template as safe HTML; empty for a resource that stands elsewhere at `url`."""

    line: ResourceLine
    url: str
    text: SafeString
    areas: tuple[AreaName, ...]


def for_areas(user: User | AnonymousUser, codes: Collection[str]) -> dict[str, list[ResourceLink]]:
    """For each area code that has any, its resources by title; templates of ours come first. 1 query."""
    found: dict[str, list[ResourceLink]] = {}
    for row in sorted(_lines(user), key=lambda line: (not line.own, line.title)):
        for code in row.areas:
            if code in codes:
                url = reverse("resources:resource", kwargs={"resource": row.slug})
                found.setdefault(code, []).append(ResourceLink(row.title, url, row.kind_name))
    return found


def list_resources(
    user: User | AnonymousUser, *, area: str = "", kind: str = "", page: str | int = 1
) -> ResourceList:
    """One page of the library, filtered; an unknown area or kind filters nothing. 3 queries."""
    lines = _lines(user)
    names = area_names(user)
    area = area if area in {code for line in lines for code in line.areas} else ""
    kind = kind if kind in ResourceKind else ""
    in_area = [line for line in lines if not area or area in line.areas]
    of_kind = [line for line in lines if not kind or line.kind == kind]
    shown = [line for line in in_area if not kind or line.kind == kind]
    return ResourceList(
        page=Paginator(shown, PAGE_SIZE).get_page(page),
        total=len(lines),
        area=area,
        kind=kind,
        areas=tuple(_area_choices(of_kind, names, area)),
        kinds=tuple(
            Choice(value, str(label), sum(line.kind == value for line in in_area), value == kind)
            for value, label in ResourceKind.choices
        ),
    )


def _area_choices(lines: list[ResourceLine], names: dict[str, str], chosen: str) -> list[Choice]:
    """Areas in the framework's order; those it does not know come last, by code."""
    used = {code for line in lines for code in line.areas} | ({chosen} if chosen else set())
    order = [code for code in names if code in used] + sorted(used - set(names))
    return [
        Choice(code, names.get(code, ""), sum(code in line.areas for line in lines), code == chosen)
        for code in order
    ]


def resource_page(user: User | AnonymousUser, slug: str) -> ResourcePage:
    """One resource; Http404 when there is none that this person may see. 3 queries."""
    row = Resource.objects.visible_to(user).filter(slug=slug).first()
    if row is None:
        raise Http404(_("There is no such resource."))
    names = area_names(user)
    line = _line({name: getattr(row, name) for name in SLIM} | {"own": bool(row.text)})
    areas = tuple(AreaName(code, names.get(code, "")) for code in line.areas)
    return ResourcePage(line, row.url, render_markdown(row.text), areas)


SLIM = ("slug", "title", "kind", "publisher", "summary", "language", "areas", "levels", "url")


def _lines(user: User | AnonymousUser) -> list[ResourceLine]:
    """All a person may see, without the texts; areas are matched here, for SQLite cannot search inside JSON lists."""
    rows = Resource.objects.visible_to(user).order_by("title", "slug").values(*SLIM)
    return [_line({**row, "own": not row["url"]}) for row in rows]


def _line(row: dict[str, Any]) -> ResourceLine:
    low, high = row["levels"] if len(row["levels"]) == 2 else (0, 5)
    return ResourceLine(
        slug=row["slug"],
        title=row["title"],
        kind=row["kind"],
        kind_name=str(ResourceKind(row["kind"]).label),
        publisher=row["publisher"],
        summary=row["summary"],
        language=row["language"],
        areas=tuple(row["areas"]),
        low=low,
        high=high,
        own=row["own"],
    )
