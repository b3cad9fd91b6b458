"""Search in one version: every term must occur in an indicator; what says most comes first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import get_language

from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.book import BOOKS_KEPT, Area, Book, Edition, Entry, book_of, edition_at
from apps.frameworks.selectors.browse import pinned
from apps.frameworks.selectors.folding import fold, fold_with_places
from apps.frameworks.selectors.versions import SHARED
from apps.frameworks.selectors.voice import Said

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User

LONGEST = 100
TERMS = 8
SHOWN = 50
AROUND = 90
"""Characters of a snippet on each side of its first hit."""


class Piece(NamedTuple):
    """A run of text; `hit` when it is what was searched for. The template escapes it."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator with the best of its places: `where` names the place, `snippet` shows it."""

    entry: Entry
    name: tuple[Piece, ...]
    where: str
    snippet: tuple[Piece, ...]
    lang: str
    worth: int


@dataclass(frozen=True, slots=True)
class Group:
    """The hits in one area, the best first."""

    area: Area
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives. `areas` are those whose own name matches; `near` are spellings that would find something."""

    edition: Edition
    query: str
    groups: tuple[Group, ...]
    areas: tuple[Area, ...]
    near: tuple[str, ...]
    total: int

    @property
    def shown(self) -> int:
        return sum(len(group.hits) for group in self.groups)


class Field(NamedTuple):
    """A searchable text of an indicator, folded; `worth` is what a hit in it counts."""

    where: str
    text: Said
    folded: str
    worth: int


def search_framework(
    user: User | AnonymousUser, query: str, *, slug: str = SHARED, number: str = ""
) -> Found:
    """Indicators in which every word of `query` begins some word, grouped by area. 1 query once read."""
    version = edition_at(user, slug, number)
    book = book_of(version)
    said = " ".join(query.replace("\0", " ").split())[:LONGEST]
    terms = tuple(re.findall(r"[\w.-]*\w", fold(said)))[:TERMS]
    if not terms:
        return Found(pinned(book, number), said, (), (), (), 0)
    fields = _fields(version.document_hash, get_language() or "en", version)
    hits = sorted(_hits(book, fields, terms), key=lambda hit: -hit.worth)
    areas = tuple(area for area in book.areas.values() if _has_all(fold(area.name), terms))
    near = () if hits or areas else _near(fields, terms)
    return Found(pinned(book, number), said, _grouped(book, hits[:SHOWN]), areas, near, len(hits))


@lru_cache(maxsize=BOOKS_KEPT)
def _fields(document_hash: str, language: str, version: FrameworkVersion) -> Mapping[str, tuple[Field, ...]]:
    book = book_of(version)
    return {code: tuple(_fields_of(entry)) for code, entry in book.entries.items()}


def _fields_of(entry: Entry) -> Iterator[Field]:
    """The texts of an indicator, those that say most about it first."""

    def field(where: str, text: Said, worth: int) -> Field:
        return Field(where, text, fold(text), worth)

    yield field("code", Said(entry.code, ""), 100)
    yield field("name", entry.name, 40)
    for word in entry.words:
        yield field("word", Said(f"{word.term}: {word.meaning}", word.term.lang), 12)
    yield field("question", entry.question, 10)
    yield field("intent", entry.intent, 8)
    for ladder in entry.ladders:
        for rung in ladder.levels:
            if not rung.general:
                yield field("level", Said(f"{rung.title}: {rung.text}", rung.text.lang), 4)
                yield from (field("evidence", text, 2) for text in rung.evidence)
    yield from (field("look_for", text, 3) for text in entry.look_for)
    yield from (field("mistake", text, 2) for text in entry.mistakes)


def _hits(book: Book, fields: Mapping[str, tuple[Field, ...]], terms: tuple[str, ...]) -> Iterator[Hit]:
    for code, rows in fields.items():
        worth, best, most = 0, None, 0
        missing = set(terms)
        for row in rows:
            found = {term for term in terms if _begins(term).search(row.folded)}
            if found:
                missing -= found
                worth += row.worth * len(found)
                if row.where not in ("code", "name") and row.worth * len(found) ** 2 > most:
                    best, most = row, row.worth * len(found) ** 2
        if missing:
            continue
        entry = book.entries[code]
        shown = best or next(row for row in rows if row.where == "intent")
        yield Hit(
            entry,
            _marked(entry.name, terms),
            shown.where,
            _snippet(shown.text, terms),
            shown.text.lang,
            worth,
        )


@lru_cache(maxsize=256)
def _begins(term: str) -> re.Pattern[str]:
    """A pattern for words that begin with the term; an English plural also finds its singular.

    Outside ASCII the term may stand anywhere: Arabic writes its article onto the word, Chinese writes no spaces.
    """
    if not term.isascii():
        return re.compile(re.escape(term))
    if len(term) > 4 and term.endswith("s") and not term.endswith("ss"):
        return re.compile(rf"(?<!\w){re.escape(term[:-1])}\w*")
    return re.compile(rf"(?<!\w){re.escape(term)}")


def _has_all(folded: str, terms: tuple[str, ...]) -> bool:
    return all(_begins(term).search(folded) for term in terms)


def _marked(text: str, terms: tuple[str, ...]) -> tuple[Piece, ...]:
    """The text cut where a term begins and ends."""
    folded, places = fold_with_places(text)
    spans = sorted(match.span() for term in terms for match in _begins(term).finditer(folded))
    pieces, at = [], 0
    for start, stop in spans:
        first, last = places[start], places[stop - 1] + 1
        if first < at:
            continue
        pieces += [Piece(text[at:first], hit=False), Piece(text[first:last], hit=True)]
        at = last
    return tuple(piece for piece in [*pieces, Piece(text[at:], hit=False)] if piece.text)


def _snippet(text: str, terms: tuple[str, ...]) -> tuple[Piece, ...]:
    """The part of the text around its first hit, cut between words, with an ellipsis where it goes on."""
    folded, places = fold_with_places(text)
    starts = [places[match.start()] for term in terms for match in _begins(term).finditer(folded)]
    middle = min(starts, default=0)
    first, last = max(0, middle - AROUND), min(len(text), middle + AROUND)
    if first:
        first = text.find(" ", first, middle) + 1 or first
    if last < len(text):
        last = max(text.rfind(" ", middle, last), middle + 1)
    cut = text[first:last].rstrip()
    return _marked(f"{'… ' if first else ''}{cut}{' …' if last < len(text) else ''}", terms)


def _grouped(book: Book, hits: list[Hit]) -> tuple[Group, ...]:
    """Hits by area; areas in the order of their best hit."""
    by_area: dict[str, list[Hit]] = {}
    for hit in hits:
        by_area.setdefault(hit.entry.area, []).append(hit)
    return tuple(Group(book.areas[code], tuple(rows)) for code, rows in by_area.items())


def _near(fields: Mapping[str, tuple[Field, ...]], terms: tuple[str, ...]) -> tuple[str, ...]:
    """Up to three words of names and terms that are spelled like one of the search."""
    known = {
        word
        for rows in fields.values()
        for row in rows
        if row.where in ("name", "word")
        for word in re.findall(r"\w{4,}", row.folded)
    }
    found = [near for term in terms for near in difflib.get_close_matches(term, sorted(known), 3, 0.7)]
    return tuple(dict.fromkeys(found))[:3]
