"""What is asked of a side around the end of its work: feedback, the closing review, what is left of it later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.members.models import Member
from apps.members.policies import site_day
from apps.mentoring.choices import EngagementState, Moment, Side
from apps.mentoring.models import Engagement, Feedback, FollowUp, Leaving
from apps.mentoring.selectors.feedback import open_moments
from apps.mentoring.selectors.follow_ups import EARLY, LATEST, MONTHS, months_after

Due = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Seat:
    """One side of an engagement on which the person may act."""

    row: Any
    member: Member
    side: Side

    def to(self, name: str, **more: str) -> str:
        ids = {"member": self.member.public_id, "engagement": self.row.public_id}
        return reverse(f"mentoring:{name}", kwargs=ids | more)


def due_after_work(led: set[int], mentored: set[int]) -> list[Due]:
    """(text, address) of feedback, reviews and follow-ups that these members' sides owe, the earliest end first. One query."""
    today = site_day()
    found: list[Due] = []
    for row in _rows(led, mentored, today):
        for seat in _seats(row, led, mentored):
            found += [*_feedback(seat), *_review(seat), *_follow_ups(seat, today)]
    return found


def _rows(led: set[int], mentored: set[int], today: date) -> QuerySet[Engagement]:
    """Engagements that go on or ended within two years, with what was written already."""
    mine = Q(member__in=led) | Q(mentor__in=mentored)
    rows = Engagement.objects.filter(mine).exclude(state=EngagementState.CLOSED, ends_on__lt=today - LATEST)
    said = Feedback.objects.filter(engagement=OuterRef("pk"))
    marks = {
        f"said_{moment}_{side}": Exists(said.filter(moment=moment, side=side))
        for moment in (Moment.MIDDLE.value, Moment.END.value)
        for side in (Side.MEMBER.value, Side.MENTOR.value)
    }
    told = FollowUp.objects.filter(engagement=OuterRef("pk"))
    marks |= {f"told_{months}": Exists(told.filter(months=months)) for months in MONTHS}
    left = Leaving.objects.filter(engagement=OuterRef("pk"), undone_at__isnull=True)
    counted = rows.annotate(held=Count("sessions"), left_early=Exists(left), **marks)
    return counted.select_related("member", "mentor", "review").order_by("ends_on", "pk")


def _seats(row: Engagement, led: set[int], mentored: set[int]) -> Iterator[_Seat]:
    if row.member_id in led:
        yield _Seat(row, row.member, Side.MEMBER)
    if row.mentor_id in mentored:
        yield _Seat(row, row.mentor, Side.MENTOR)


def _feedback(seat: _Seat) -> Iterator[Due]:
    """The latest moment that is open and not written about: nobody is asked twice at once."""
    texts = {
        Moment.MIDDLE: _("Say how the work on %(area)s goes"),
        Moment.END: _("Say how the work on %(area)s went"),
    }
    for moment in reversed(open_moments(seat.row, seat.row.held)):
        if getattr(seat.row, f"said_{moment.value}_{seat.side.value}"):
            return
        url = seat.to("give_feedback", moment=moment.value)
        yield texts[moment] % {"area": seat.row.area_name}, url
        return


def _review(seat: _Seat) -> Iterator[Due]:
    """The closing review: to write from two weeks before the end until sixty days after, to confirm as it stands."""
    row, review = seat.row, getattr(seat.row, "review", None)
    if row.left_early:
        return
    if review is None:
        if Moment.END in open_moments(row, row.held):
            yield _("Write the closing review on %(area)s") % {"area": row.area_name}, seat.to("write_review")
    elif getattr(review, f"{seat.side.value}_at") is None:
        yield _("Confirm the closing review on %(area)s") % {"area": row.area_name}, seat.to("review")


def _follow_ups(seat: _Seat, today: date) -> Iterator[Due]:
    """The member is asked from thirty days before each day of asking until it has answered."""
    row = seat.row
    if seat.side is Side.MENTOR or row.state != EngagementState.CLOSED or row.left_early:
        return
    for months in MONTHS:
        if today >= months_after(row.ends_on, months) - EARLY and not getattr(row, f"told_{months}"):
            text = _("Say what is left of the work on %(area)s, %(months)s months after its end")
            yield text % {"area": row.area_name, "months": months}, seat.to("follow_up", months=str(months))
