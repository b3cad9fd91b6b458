"""The discussion of a question as the people of the member see it. Nobody outside does, whatever they were granted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.choices import MEND_MINUTES, AssessmentState
from apps.assessments.models import Assessment, Comment, Merge, Talk
from apps.assessments.selectors.places import Place, place_for
from apps.members.models import Membership
from apps.members.policies import site_day

THREADS_SHOWN = 20
COMMENTS_SHOWN = 30
MOST_COMMENTS = 2000


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment; `earlier` are the wordings it had before, oldest first."""

    public_id: str
    who: str
    initials: str
    at: datetime
    text: str
    to: tuple[str, ...]
    version: int
    earlier: tuple[str, ...]
    can_mend: bool


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One thread with its newest comments, oldest first; `hidden` earlier ones are left out."""

    public_id: str
    who: str
    at: datetime
    asked: str
    for_me: bool
    due_on: date | None
    late: bool
    answered: bool
    settled: bool
    settled_by: str
    comments: tuple[CommentRow, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class TalkPage:
    """`unsettled` counts all threads of the question; `threads` is one page of them, `pages` says which.

    `goes_on` is (public id, title) of the assessment that a merged copy went into, where its threads go on.
    """

    assessment: Assessment
    place: Place
    unsettled: int
    threads: tuple[TalkRow, ...]
    pages: Page[Talk]
    colleagues: tuple[tuple[str, str], ...]
    can_write: bool
    goes_on: tuple[str, str] | None = None


def talk_page(
    user: User, member: str, assessment: str, area: str, indicator: str, *, page: str = "", whole: str = ""
) -> TalkPage:
    """Threads of a question, unsettled first; `whole` is the thread to show from its beginning. Raises Http404."""
    place = place_for(user, member, assessment, area, indicator)
    rows = Talk.objects.filter(assessment=place.assessment, indicator=place.indicator)
    rows = rows.select_related("opened_by", "asked", "settled_by").annotate(number=Count("comments"))
    ordered = rows.order_by(F("settled_at").desc(nulls_first=True), "-opened_at", "-pk")
    shown = Paginator(ordered, THREADS_SHOWN).get_page(page)
    talks = list(shown.object_list)
    comments = _comments(talks, whole)
    people = Membership.objects.filter(member=place.assessment.member, user__is_active=True)
    return TalkPage(
        place.assessment,
        place,
        rows.filter(settled_at__isnull=True).count(),
        tuple(_talk_row(user, talk, comments[talk.pk]) for talk in talks),
        shown,
        tuple(
            (m.user.public_id, str(m.user))
            for m in people.select_related("user").order_by("user__full_name", "pk")
            if m.user_id != user.pk
        ),
        not place.assessment.is_closed,
        _goes_on(place.assessment),
    )


def _goes_on(assessment: Assessment) -> tuple[str, str] | None:
    if assessment.state != AssessmentState.MERGED:
        return None
    merges = Merge.objects.filter(source=assessment, undone_at__isnull=True)
    return merges.values_list("into__public_id", "into__title").first()


def _comments(talks: Sequence[Talk], whole: str) -> dict[int, list[Comment]]:
    """The newest comments of each thread, oldest first; of one thread all that a page can bear."""
    all_of = next((talk.pk for talk in talks if talk.public_id == whole), None)
    place = Window(RowNumber(), partition_by=F("talk"), order_by=[F("at").desc(), F("pk").desc()])
    rows = Comment.objects.filter(talk__in=[talk.pk for talk in talks]).annotate(place=place)
    rows = rows.filter(Q(place__lte=COMMENTS_SHOWN) | Q(talk=all_of, place__lte=MOST_COMMENTS))
    found: dict[int, list[Comment]] = defaultdict(list)
    for row in rows.select_related("by").prefetch_related("mentions", "revisions").order_by("at", "pk"):
        found[row.talk_id].append(row)
    return found


def _talk_row(user: User, talk: Talk, comments: Sequence[Comment]) -> TalkRow:
    open_question = talk.asked_id is not None and talk.answered_at is None and talk.settled_at is None
    number: int = getattr(talk, "number", len(comments))
    return TalkRow(
        talk.public_id, str(talk.opened_by), talk.opened_at, str(talk.asked) if talk.asked else "",
        open_question and talk.asked_id == user.pk, talk.due_on,
        open_question and talk.due_on is not None and talk.due_on < site_day(), talk.answered_at is not None,
        talk.settled_at is not None, str(talk.settled_by) if talk.settled_by else "",
        tuple(_comment_row(user, row) for row in comments), number - len(comments),
    )  # fmt: skip


def _comment_row(user: User, row: Comment) -> CommentRow:
    young = now() - row.at <= timedelta(minutes=MEND_MINUTES)
    return CommentRow(
        row.public_id, str(row.by), row.by.initials, row.at, row.text, tuple(sorted(str(u) for u in row.mentions.all())),
        row.version, tuple(r.text for r in row.revisions.all()), young and row.by_id == user.pk,
    )  # fmt: skip


def talk_for(place: Place, talk: str) -> Talk:
    """A thread of this question. Raises Http404."""
    found = Talk.objects.filter(
        assessment=place.assessment, indicator=place.indicator, public_id=talk
    ).first()
    if found is None:
        raise Http404
    return found


def comment_for(place: Place, talk: str, comment: str) -> Comment:
    """A comment of a thread of this question. Raises Http404."""
    rows = Comment.objects.filter(
        talk__assessment=place.assessment, talk__indicator=place.indicator, talk__public_id=talk
    )
    found = rows.select_related("member").filter(public_id=comment).first()
    if found is None:
        raise Http404
    return found
