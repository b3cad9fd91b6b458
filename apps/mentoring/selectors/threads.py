"""The discussion of an engagement as its two sides read it; nobody else does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import Http404

from apps.accounts.models import User
from apps.core.decisions import require
from apps.mentoring import policies
from apps.mentoring.models import Thread, ThreadWords
from apps.mentoring.selectors.agreements import Space, engagement_for, space_of
from apps.mentoring.selectors.todo import people_of

THREADS_SHOWN, WORDS_SHOWN, MOST_WORDS = 10, 20, 500


@dataclass(frozen=True, slots=True)
class WordsRow:
    """One entry; `earlier` are the wordings it had before, oldest first. Withdrawn ones have no words any more."""

    public_id: str
    who: str
    initials: str
    at: datetime
    text: str
    to: tuple[str, ...]
    earlier: tuple[str, ...]
    withdrawn_at: datetime | None
    mine: bool
    version: int


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """`hidden` earlier words are not shown until asked for."""

    public_id: str
    who: str
    settled: bool
    settled_by: str
    words: tuple[WordsRow, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class ThreadsPage:
    space: Space
    unsettled: int
    threads: tuple[ThreadRow, ...]
    pages: Page[Any]
    people: tuple[tuple[str, str], ...]
    can_write: bool


def threads_page(
    user: User, member_id: str, engagement_id: str, *, page: str = "", whole: str = "", to_write: bool = False
) -> ThreadsPage:
    """Open threads first, then the newest; `whole` names one to show with all its words. Raises Http404."""
    member, row = engagement_for(user, member_id, engagement_id)
    if to_write:
        require(policies.may_write_session(user, row))
    space = space_of(member, row)
    rows = row.threads.select_related("opened_by", "settled_by").annotate(number=Count("words"))
    ordered = rows.order_by(F("settled_at").desc(nulls_first=True), "-opened_at", "-pk")
    shown = Paginator(ordered, THREADS_SHOWN).get_page(page)
    threads = list(shown.object_list)
    words = _words(threads, whole)
    people = tuple((key, str(p)) for key, (p, _side) in people_of(row).items() if p != user)
    return ThreadsPage(
        space, row.threads.filter(settled_at__isnull=True).count(), tuple(_row(user, t, words[t.pk]) for t in threads), shown,
        people, not space.over and bool(policies.may_write_session(user, row)),
    )  # fmt: skip


def _words(threads: Sequence[Thread], whole: str) -> dict[int, list[ThreadWords]]:
    """The newest words of each thread, oldest first; of one thread all that a page can bear."""
    all_of = next((t.pk for t in threads if t.public_id == whole), None)
    place = Window(RowNumber(), partition_by=F("thread"), order_by=[F("at").desc(), F("pk").desc()])
    rows = ThreadWords.objects.filter(thread__in=[t.pk for t in threads]).annotate(place=place)
    rows = rows.filter(Q(place__lte=WORDS_SHOWN) | Q(thread=all_of, place__lte=MOST_WORDS))
    found: dict[int, list[ThreadWords]] = defaultdict(list)
    for row in rows.select_related("by").prefetch_related("mentions", "revisions").order_by("at", "pk"):
        found[row.thread_id].append(row)
    return found


def _row(user: User, thread: Thread, words: Sequence[ThreadWords]) -> ThreadRow:
    number: int = getattr(thread, "number", len(words))
    return ThreadRow(
        thread.public_id, str(thread.opened_by), thread.settled_at is not None,
        str(thread.settled_by) if thread.settled_by else "", tuple(_words_row(user, w) for w in words), number - len(words),
    )  # fmt: skip


def _words_row(user: User, row: ThreadWords) -> WordsRow:
    to = tuple(sorted(str(u) for u in row.mentions.all()))
    return WordsRow(
        row.public_id, str(row.by), row.by.initials, row.at, row.text, to, tuple(r.text for r in row.revisions.all()),
        row.withdrawn_at, row.by_id == user.pk and row.withdrawn_at is None, row.version,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordsDraft:
    """One's own words to change; `first` are those before, `settled` says that the thread takes no change now."""

    space: Space
    thread: str
    words: WordsRow
    settled: bool


def words_draft(user: User, member_id: str, engagement_id: str, thread: str, words: str) -> WordsDraft:
    """One's own entry for the form that changes it. Raises Http404, and `PermissionDenied` for another's."""
    member, row = engagement_for(user, member_id, engagement_id)
    require(policies.may_write_session(user, row))
    rows = ThreadWords.objects.filter(thread__engagement=row, thread__public_id=thread, public_id=words)
    found = rows.select_related("by", "thread").prefetch_related("mentions", "revisions").first()
    if found is None:
        raise Http404
    require(policies.may_mend(user, found))
    return WordsDraft(
        space_of(member, row), thread, _words_row(user, found), found.thread.settled_at is not None
    )
