"""What each side said about the work: what is asked now, what the other side shared, and everything for the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.members.models import Programme
from apps.members.policies import site_day
from apps.members.selectors import get_programme
from apps.mentoring.choices import EngagementState, Moment, Side
from apps.mentoring.models import Engagement, Feedback
from apps.mentoring.selectors.endings import Head, head_row

QUESTIONS: dict[str, Promise] = {
    "goals": gettext_lazy("The goals are clear to both sides."),
    "rhythm": gettext_lazy("We meet as often as the work needs."),
    "fit": gettext_lazy("What is advised fits the situation."),
    "between": gettext_lazy("What we agree on gets done between the sessions."),
    "again": gettext_lazy("I would go on working together like this."),
}
NEAR_THE_END = timedelta(days=14)
AFTER_THE_END = timedelta(days=60)
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Said:
    """Feedback as a page shows it; parts that are not for the reader are empty. `ratings` are (question, 1 to 5)."""

    moment: str
    side: str
    ratings: tuple[tuple[str, int], ...]
    helped: str
    change: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is for this reader."""
        return not (self.ratings or self.helped or self.change)


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """`open` are the moments to write about now: (value, label, whether written)."""

    head: Head
    open: list[tuple[str, str, bool]]
    theirs: list[Said]
    mine: list[Said]


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """The form of one moment."""

    head: Head
    moment: str
    moment_label: str
    initial: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfficeRow:
    member: str
    mentor: str
    area_name: str
    said: Said


@dataclass(frozen=True, slots=True)
class FeedbackOverview:
    """All feedback of a programme. `means` are (question, mean, n) from five answers on, else empty."""

    programme: Programme
    rows: list[OfficeRow]
    means: list[tuple[str, float, int]]


def open_moments(e: Engagement, held: int) -> list[Moment]:
    """The moments that a side may write about today; `held` counts the sessions."""
    today, over = site_day(), e.state == EngagementState.CLOSED
    if over:
        return [Moment.END] if today <= e.ends_on + AFTER_THE_END else []
    half = e.starts_on + (e.ends_on - e.starts_on) / 2
    found = [Moment.MIDDLE] if today >= half or 2 * held >= e.planned_sessions else []
    if today >= e.ends_on - NEAR_THE_END or held >= e.planned_sessions:
        found.append(Moment.END)
    return found


def feedback_page(user: User, member_id: str, public_id: str) -> FeedbackPage:
    """What is asked of this side now, what it wrote, and what the other side shared."""
    head, row = head_row(user, member_id, public_id)
    written = list(Feedback.objects.filter(engagement=row))
    mine = [f for f in written if f.side == head.side] if head.can_steer else []
    done = {f.moment for f in mine}
    moments = open_moments(row, row.sessions.count()) if head.can_steer else []
    theirs = [said(f, shared_only=True) for f in written if f.side != head.side]
    return FeedbackPage(
        head,
        [(m.value, str(m.label), m.value in done) for m in moments],
        [s for s in theirs if not s.is_empty],
        [said(f) for f in mine],
    )


def feedback_draft(user: User, member_id: str, public_id: str, moment: str) -> FeedbackDraft:
    """The form of a moment that is open for this side. Raises Http404 otherwise."""
    head, row = head_row(user, member_id, public_id)
    if not head.can_steer or moment not in open_moments(row, row.sessions.count()):
        raise Http404
    mine = Feedback.objects.filter(engagement=row, moment=moment, side=head.side).first()
    names = ("helped", "change", "shares_ratings", "shares_helped", "shares_change", "version")
    initial = {name: getattr(mine, name) for name in names} | dict(mine.ratings) if mine else {}
    return FeedbackDraft(head, moment, str(Moment(moment).label), initial)


def said(f: Feedback, *, shared_only: bool = False) -> Said:
    """Feedback in words; for the other side with `shared_only`."""
    ratings = [(str(text), f.ratings[key]) for key, text in QUESTIONS.items() if key in f.ratings]
    return Said(
        str(Moment(f.moment).label),
        str(Side(f.side).label),
        tuple(ratings) if f.shares_ratings or not shared_only else (),
        f.helped if f.shares_helped or not shared_only else "",
        f.change if f.shares_change or not shared_only else "",
    )


def feedback_overview(user: User, programme_id: str) -> FeedbackOverview:
    """Everything that was said in a programme, for its managers only. One query beside the programme."""
    programme = get_programme(user, programme_id)
    rows = Feedback.objects.filter(engagement__programme=programme)
    written = list(rows.select_related("engagement__member", "engagement__mentor"))
    return FeedbackOverview(programme, [_office(f) for f in written], means_of(written))


def _office(f: Feedback) -> OfficeRow:
    e = f.engagement
    return OfficeRow(e.member.name, e.mentor.name, e.area_name, said(f))


def means_of(written: list[Feedback]) -> list[tuple[str, float, int]]:
    """(question, mean, n) of each question that five answers or more speak of."""
    found = []
    for key, text in QUESTIONS.items():
        given = [f.ratings[key] for f in written if key in f.ratings]
        if len(given) >= FEWEST:
            found.append((str(text), round(sum(given) / len(given), 1), len(given)))
    return found
