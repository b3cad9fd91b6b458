"""The words of a framework: each with its meaning and where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.frameworks.selectors.book import Book, Edition, Entry, book_at
from apps.frameworks.selectors.browse import pinned
from apps.frameworks.selectors.folding import fold
from apps.frameworks.selectors.versions import SHARED
from apps.frameworks.selectors.voice import Said

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of a term with the indicators that use it so."""

    text: Said
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term; more than one meaning is a fault of the framework that readers had better see."""

    term: Said
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The terms that begin alike."""

    letter: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TermsPage:
    edition: Edition
    letters: tuple[Letter, ...]

    @property
    def count(self) -> int:
        return sum(len(letter.terms) for letter in self.letters)

    @property
    def doubtful(self) -> int:
        """How many terms have more than one meaning."""
        return sum(len(term.meanings) > 1 for letter in self.letters for term in letter.terms)


def terms_page(user: User | AnonymousUser, *, slug: str = SHARED, number: str = "") -> TermsPage:
    """All words with their meanings, A to Z. 1 query once read."""
    book = book_at(user, slug, number)
    letters: dict[str, list[Term]] = {}
    for term in terms_of(book):
        letters.setdefault(fold(term.term)[:1].upper(), []).append(term)
    return TermsPage(pinned(book, number), tuple(Letter(key, tuple(rows)) for key, rows in letters.items()))


def terms_of(book: Book) -> list[Term]:
    """Terms in the order of their folded spelling; spellings that differ in case or accents only are one term."""
    found: dict[str, dict[str, tuple[Said, list[Entry]]]] = {}
    spelled: dict[str, Said] = {}
    for entry in book.entries.values():
        for word in entry.words:
            key = fold(word.term)
            spelled.setdefault(key, word.term)
            found.setdefault(key, {}).setdefault(str(word.meaning), (word.meaning, []))[1].append(entry)
    return [
        Term(spelled[key], tuple(Meaning(text, tuple(entries)) for text, entries in found[key].values()))
        for key in sorted(found)
    ]
