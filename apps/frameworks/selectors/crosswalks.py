"""Crosswalks: outside systems, their items, and the indicators that are related to each. Never a score there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from apps.frameworks.selectors.book import Book, Edition, Entry, System, book_at, book_of
from apps.frameworks.selectors.browse import pinned
from apps.frameworks.selectors.versions import SHARED

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.frameworks.models import FrameworkVersion

CUT = re.compile(r"[.(-]")
"""Ids such as GV.RM-01, H-7 or 13(a): what stands before one of these is the group."""


@dataclass(frozen=True, slots=True)
class SystemLine:
    """An outside system in the list; `known` is 0 where the framework does not list all its items."""

    system: System
    related: int
    known: int
    indicators: int


@dataclass(frozen=True, slots=True)
class CrosswalksPage:
    edition: Edition
    systems: tuple[SystemLine, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an outside system with the indicators that are related to it; `title` may be empty."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Items whose ids begin alike; `id` is empty where the system has no groups."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SystemPage:
    """One outside system: its related items by group, and those that nothing here is related to."""

    edition: Edition
    system: System
    groups: tuple[ItemGroup, ...]
    uncovered: tuple[Item, ...]
    others: tuple[System, ...]

    @property
    def related(self) -> int:
        return sum(len(group.items) for group in self.groups)

    @property
    def known(self) -> int:
        return self.related + len(self.uncovered) if self.system.items else 0

    @property
    def indicators(self) -> int:
        return len({e.code for group in self.groups for item in group.items for e in item.entries})


def crosswalks_page(user: User | AnonymousUser, *, slug: str = SHARED, number: str = "") -> CrosswalksPage:
    """The outside systems that a version points to. 1 query once read."""
    book = book_at(user, slug, number)
    lines = []
    for system in book.systems:
        items = items_of(book, system)
        related = [item for item in items if item.entries]
        codes = {entry.code for item in related for entry in item.entries}
        known = len(items) if system.items else 0
        lines.append(SystemLine(system, len(related), known, len(codes)))
    return CrosswalksPage(pinned(book, number), tuple(lines))


def system_page(
    user: User | AnonymousUser, system: str, *, slug: str = SHARED, number: str = ""
) -> SystemPage:
    """One outside system, item by item. Raises Http404 for one that the version does not point to. 1 query once read."""
    book = book_at(user, slug, number)
    found = system_of(book, system)
    items = items_of(book, found)
    return SystemPage(
        pinned(book, number),
        found,
        grouped(found, [item for item in items if item.entries]),
        tuple(item for item in items if not item.entries),
        tuple(row for row in book.systems if row is not found),
    )


def systems_of(version: FrameworkVersion) -> tuple[System, ...]:
    """The outside systems that a version points to."""
    return book_of(version).systems


def system_items(version: FrameworkVersion, system: str) -> tuple[System, tuple[ItemGroup, ...]]:
    """One outside system with its related items by group. Raises Http404 for one that the version does not point to."""
    book = book_of(version)
    found = system_of(book, system)
    return found, grouped(found, [item for item in items_of(book, found) if item.entries])


def system_of(book: Book, system: str) -> System:
    """The system with this id. Raises Http404."""
    for row in book.systems:
        if row.id == system:
            return row
    raise Http404(_("The framework points to no such system."))


def items_of(book: Book, system: System) -> list[Item]:
    """Items that indicators point to and that the system's list names, in the order of the list, others by number.

    An id of the list that is only the beginning of others, such as GV.RM of GV.RM-01, is a heading and no item.
    """
    pointing: dict[str, list[Entry]] = {}
    for entry in book.entries.values():
        for item in entry.crosswalk.get(system.id, ()):
            pointing.setdefault(item, []).append(entry)
    heads = _heads([*pointing, *system.items])
    known = (item for item in system.items if item not in heads)
    place = {item: number for number, item in enumerate(system.items)}
    ids = sorted({*pointing, *known}, key=lambda item: (place.get(item, len(place)), natural(item)))
    return [Item(item, system.items.get(item, ""), tuple(pointing.get(item, ()))) for item in ids]


def _heads(items: Iterable[str]) -> set[str]:
    return {item[: match.start()] for item in items for match in CUT.finditer(item)}


def grouped(system: System, items: list[Item]) -> tuple[ItemGroup, ...]:
    """Items by what their ids begin with; in one group where that would part every item from every other."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(CUT.split(item.id, maxsplit=1)[0], []).append(item)
    if len(groups) in (1, len(items)):
        return (ItemGroup("", "", tuple(items)),) if items else ()
    return tuple(ItemGroup(key, system.items.get(key, ""), tuple(rows)) for key, rows in groups.items())


def natural(item: str) -> list[tuple[int, int, str]]:
    """An order in which 7.2 comes before 7.10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", item)]


__all__ = [
    "CrosswalksPage",
    "Item",
    "ItemGroup",
    "SystemLine",
    "SystemPage",
    "crosswalks_page",
    "system_items",
    "system_page",
    "systems_of",
]
