"""The framework as pages that its readers turn: the tree, an area, an indicator, its targets, the whole on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from django.http import Http404
from django.utils.translation import gettext as _

from apps.frameworks.choices import Scope
from apps.frameworks.selectors.book import (
    SCOPES,
    Area,
    Book,
    Dimension,
    Edition,
    Entry,
    Ladder,
    Profile,
    Step,
    System,
    book_at,
    edition_at,
)
from apps.frameworks.selectors.versions import SHARED
from apps.frameworks.selectors.voice import Said

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FrameworkTree:
    """`scope` and `key` are the filters; counts are after the filter but for those named by scope.

    `newer` is the newest version where the page shows an older one. `source` is (label, text).
    """

    edition: Edition
    newer: str
    method: str
    scope: str
    key: bool
    dimensions: tuple[Dimension, ...]
    scale: tuple[Step, ...]
    profiles: tuple[Profile, ...]
    source: tuple[tuple[str, str], ...]
    national: int
    organisational: int
    total: int

    @property
    def shown(self) -> int:
        return sum(dimension.count for dimension in self.dimensions)

    @property
    def areas(self) -> int:
        return sum(len(dimension.areas) for dimension in self.dimensions)

    @property
    def keys(self) -> int:
        return sum(area.keys for dimension in self.dimensions for area in dimension.areas)


@dataclass(frozen=True, slots=True)
class AreaPage:
    edition: Edition
    code: str
    name: Said
    intent: Said
    dimension: str
    dimension_name: Said
    indicators: tuple[Entry, ...]
    previous: Area | None
    following: Area | None

    @property
    def keys(self) -> int:
        return sum(entry.key for entry in self.indicators)


@dataclass(frozen=True, slots=True)
class Link:
    """A prerequisite, seen from one end: the indicator at the other, and the level that must be reached first."""

    code: str
    name: Said
    at_level: int
    level_name: Said


@dataclass(frozen=True, slots=True)
class Target:
    """What a profile wants of an indicator."""

    profile: Profile
    step: Step


@dataclass(frozen=True, slots=True)
class Relation:
    """An outside system with its items (id, title or "") that are related to an indicator."""

    system: System
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    edition: Edition
    text: Entry
    area: Area
    dimension: Dimension
    own_scale: tuple[Step, ...]
    targets: tuple[Target, ...]
    relations: tuple[Relation, ...]
    requires: tuple[Link, ...]
    opens: tuple[Link, ...]
    previous: Entry | None
    following: Entry | None

    @property
    def ladders(self) -> tuple[Ladder, ...]:
        return self.text.ladders


def framework_tree(
    user: User | AnonymousUser, *, scope: str = "", key: bool = False, slug: str = SHARED, number: str = ""
) -> FrameworkTree:
    """The tree, filtered to what one scope is asked; any other value of `scope` filters nothing.

    1 query once read; 2 when a version is named.
    """
    book = book_at(user, slug, number)
    newest = edition_at(user, slug).version if number else ""
    chosen = scope if scope in SCOPES else ""
    rows = list(book.entries.values())
    return FrameworkTree(
        edition=pinned(book, number),
        newer=newest if newest != number else "",
        method=book.method,
        scope=chosen,
        key=key,
        dimensions=_filtered(book, chosen, key),
        scale=book.scale,
        profiles=tuple(row for row in book.profiles if chosen in ("", row.scope)),
        source=_source(book),
        national=sum(row.scope != Scope.ORGANISATIONAL for row in rows),
        organisational=sum(row.scope != Scope.NATIONAL for row in rows),
        total=len(rows),
    )


def _source(book: Book) -> tuple[tuple[str, str], ...]:
    """Where an imported framework came from, with the label of each part."""
    labels = {
        "title": _("Title"),
        "publisher": _("Publisher"),
        "licence": _("Licence"),
        "address": _("Address"),
        "note": _("Note"),
    }
    return tuple((label, book.source[key]) for key, label in labels.items() if book.source.get(key))


def pinned(book: Book, number: str) -> Edition:
    """The edition, marked when the address names its version."""
    return replace(book.edition, pinned=True) if number else book.edition


def _filtered(book: Book, scope: str, key: bool) -> tuple[Dimension, ...]:
    """Dimensions and areas that hold any indicator that the filters leave."""
    dimensions = []
    for dimension in book.dimensions:
        areas = [
            replace(area, indicators=tuple(e for e in area.indicators if e.asks(scope) and e.key >= key))
            for area in dimension.areas
        ]
        kept = tuple(area for area in areas if area.indicators)
        if kept:
            dimensions.append(replace(dimension, areas=kept))
    return tuple(dimensions)


def area_page(user: User | AnonymousUser, code: str, *, slug: str = SHARED, number: str = "") -> AreaPage:
    """One area with its indicators and its neighbours; Http404 when there is none. 1 query once read."""
    book = book_at(user, slug, number)
    areas = [area for dimension in book.dimensions for area in dimension.areas]
    area, previous, following = _place(areas, code)
    if area is None:
        raise Http404(_("The framework has no such area."))
    return AreaPage(
        edition=pinned(book, number),
        code=area.code,
        name=area.name,
        intent=area.intent,
        dimension=area.dimension,
        dimension_name=_dimension_of(book, area).name,
        indicators=area.indicators,
        previous=previous,
        following=following,
    )


def _place(rows: Sequence[T], code: str) -> tuple[T | None, T | None, T | None]:
    """The row of a code with the one before and the one after."""
    for number, row in enumerate(rows):
        if getattr(row, "code", "") == code:
            before = rows[number - 1] if number else None
            return row, before, rows[number + 1] if number + 1 < len(rows) else None
    return None, None, None


def _dimension_of(book: Book, area: Area) -> Dimension:
    return next(row for row in book.dimensions if row.code == area.dimension)


def indicator_page(
    user: User | AnonymousUser, code: str, *, slug: str = SHARED, number: str = ""
) -> IndicatorPage:
    """Everything about one indicator; Http404 when there is none. 1 query once read."""
    book = book_at(user, slug, number)
    ordered = [e for dimension in book.dimensions for area in dimension.areas for e in area.indicators]
    entry, previous, following = _place(ordered, code)
    if entry is None:
        raise Http404(_("The framework has no such indicator."))
    area = book.areas[entry.area]
    return IndicatorPage(
        edition=pinned(book, number),
        text=entry,
        area=area,
        dimension=_dimension_of(book, area),
        own_scale=book.scales[entry.scale] if entry.scale else (),
        targets=targets_of(book, entry),
        relations=relations_of(book, entry),
        requires=tuple(_link(book, there, level, there) for here, there, level in book.needs if here == code),
        opens=tuple(_link(book, there, level, code) for there, here, level in book.needs if here == code),
        previous=previous,
        following=following,
    )


def targets_of(book: Book, entry: Entry) -> tuple[Target, ...]:
    """What each profile of a scope that is asked the indicator wants of it."""
    return tuple(
        Target(row, book.step(entry, row.target(entry.code)))
        for row in book.profiles
        if entry.asks(row.scope)
    )


def relations_of(book: Book, entry: Entry) -> tuple[Relation, ...]:
    """The related items of each outside system, with their titles where the framework has them."""
    return tuple(
        Relation(row, tuple((item, row.items.get(item, "")) for item in entry.crosswalk[row.id]))
        for row in book.systems
        if row.id in entry.crosswalk
    )


def _link(book: Book, code: str, level: int, reached: str) -> Link:
    """A link to `code`; the level is one of the indicator that must reach it first."""
    return Link(code, book.entries[code].name, level, book.step(book.entries[reached], level).name)


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """An indicator with what each profile wants of it."""

    entry: Entry
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ProfileArea:
    area: Area
    rows: tuple[ProfileRow, ...]


@dataclass(frozen=True, slots=True)
class ProfileTable:
    """The profiles of one scope side by side."""

    scope: str
    profiles: tuple[Profile, ...]
    areas: tuple[ProfileArea, ...]

    @property
    def width(self) -> int:
        return len(self.profiles) + 1


@dataclass(frozen=True, slots=True)
class ProfilesPage:
    edition: Edition
    count: int
    tables: tuple[ProfileTable, ...]


def profiles_page(user: User | AnonymousUser, *, slug: str = SHARED, number: str = "") -> ProfilesPage:
    """What each target profile asks, a table a scope. 1 query once read."""
    book = book_at(user, slug, number)
    tables = (_profile_table(book, scope.value) for scope in SCOPES)
    return ProfilesPage(
        pinned(book, number), len(book.profiles), tuple(table for table in tables if table.profiles)
    )


def _profile_table(book: Book, scope: str) -> ProfileTable:
    profiles = tuple(row for row in book.profiles if row.scope == scope)
    areas = [
        ProfileArea(
            area,
            tuple(
                ProfileRow(entry, tuple(book.step(entry, row.target(entry.code)) for row in profiles))
                for entry in area.indicators
            ),
        )
        for dimension in _filtered(book, scope, key=False)
        for area in dimension.areas
    ]
    return ProfileTable(scope, profiles, tuple(areas))


@dataclass(frozen=True, slots=True)
class PrintPage:
    """The whole version for paper, perhaps as one scope sees it."""

    edition: Edition
    scope: str
    scale: tuple[Step, ...]
    dimensions: tuple[Dimension, ...]

    @property
    def shown(self) -> int:
        return sum(dimension.count for dimension in self.dimensions)


def print_page(
    user: User | AnonymousUser, *, scope: str = "", slug: str = SHARED, number: str = ""
) -> PrintPage:
    """Every indicator with its ladders and help; with a scope, only its indicators and its ladder. 1 query once read."""
    book = book_at(user, slug, number)
    chosen = scope if scope in SCOPES else ""
    return PrintPage(
        pinned(book, number),
        chosen,
        book.scale,
        tuple(
            replace(dimension, areas=tuple(_one_scope(area, chosen) for area in dimension.areas))
            for dimension in _filtered(book, chosen, key=False)
        ),
    )


def _one_scope(area: Area, scope: str) -> Area:
    if not scope:
        return area
    entries = (replace(e, ladders=tuple(x for x in e.ladders if x.scope == scope)) for e in area.indicators)
    return replace(area, indicators=tuple(entries))
