"""What a result says about the outcomes of other frameworks: related, never equivalent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import Http404

from apps.assessments import selectors as assessments
from apps.frameworks import selectors as frameworks


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """An item of an outside system with the related indicators that the reader may see, each with its level."""

    item: frameworks.Item
    rows: tuple[tuple[frameworks.Entry, assessments.GivenLevel], ...]

    @property
    def state(self) -> str:
        """at_target: every related indicator reached its target; answered: at least one is; open: none."""
        applying = [given for _entry, given in self.rows if given.applies]
        if applying and all(given.at_target for given in applying):
            return "at_target"
        return "answered" if any(given.answered for given in applying) else "open"


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    id: str
    title: str
    items: tuple[RelatedItem, ...]


@dataclass(frozen=True, slots=True)
class RelatedSystem:
    """An outside system beside one result. Counts are of related coverage: never a score there."""

    system: frameworks.System
    groups: tuple[RelatedGroup, ...]

    def count(self, *states: str) -> int:
        return sum(row.state in states for group in self.groups for row in group.items)

    @property
    def total(self) -> int:
        return sum(len(group.items) for group in self.groups)

    @property
    def at_target(self) -> int:
        return self.count("at_target")

    @property
    def answered(self) -> int:
        return self.count("answered")

    @property
    def open(self) -> int:
        return self.count("open")


@dataclass(frozen=True, slots=True)
class RelatedPage:
    """What a result says about outside systems: all of them in short, or one item by item."""

    levels: assessments.ResultLevels
    edition: frameworks.Edition
    systems: tuple[RelatedSystem, ...]
    chosen: RelatedSystem | None


def related_page(levels: assessments.ResultLevels, system: str = "") -> RelatedPage:
    """Outside systems beside levels that were already found for their reader. Raises Http404 for an unknown system."""
    book = frameworks.book_of(levels.version)
    edition = replace(book.edition, pinned=True)
    systems = tuple(_related_system(levels, row.id) for row in book.systems)
    chosen = next((row for row in systems if row.system.id == system), None)
    if system and chosen is None:
        raise Http404
    return RelatedPage(levels, edition, tuple(row for row in systems if row.total), chosen)


def _related_system(levels: assessments.ResultLevels, system: str) -> RelatedSystem:
    """The system with those of its items that are related to an indicator in the levels."""
    found, groups = frameworks.system_items(levels.version, system)
    kept = []
    for group in groups:
        items = tuple(row for item in group.items if (row := _related_item(levels, item)).rows)
        if items:
            kept.append(RelatedGroup(group.id, group.title, items))
    return RelatedSystem(found, tuple(kept))


def _related_item(levels: assessments.ResultLevels, item: frameworks.Item) -> RelatedItem:
    return RelatedItem(item, tuple((e, levels.rows[e.code]) for e in item.entries if e.code in levels.rows))
