"""What goes on in the demonstration's engagements today: a session ahead, tasks, milestones, a resource handed over."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.home.services.chance import Chance
from apps.mentoring.models import (
    Engagement,
    Handover,
    Meeting,
    Milestone,
    Task,
    Thread,
    ThreadRevision,
    ThreadWords,
)
from apps.resources.models import Resource


def make_workspace(
    key: str, row: Engagement, lead: User, colleague: User, mentor: User, chance: Chance
) -> None:
    """A session next week, three tasks, a thread, the milestones that are past reached, and a resource of the area."""
    Milestone.objects.filter(engagement=row, due_on__lt=localdate()).update(
        done_at=now() - timedelta(days=20), done_by=mentor
    )
    Meeting.objects.create(
        public_id=chance.id("meeting", key), engagement=row, planned_by=mentor, minutes=90,
        starts_at=make_aware(datetime.combine(localdate() + timedelta(days=6), time(13, 30))),
        place=_("Video call, the usual room"),
        agenda=_("1. What was done since last time\n2. The record that the reviewer asked for\n3. Who does what next"),
    )  # fmt: skip
    told = (
        (colleague, _("Send the list of open points to both sides"), 4, False),
        (mentor, _("Look through the draft and mark what is missing"), 5, False),
        (lead, _("Name a deputy for the holidays"), -8, True),
    )
    for place, (owner, text, days, done) in enumerate(told):
        Task.objects.create(
            public_id=chance.id("task", key, place), engagement=row, text=text, owner=owner, made_by=mentor,
            due_on=localdate() + timedelta(days=days), made_at=now() - timedelta(days=12),
            done_at=now() - timedelta(days=9) if done else None, done_by=owner if done else None,
        )  # fmt: skip
    _hand_over(key, row, mentor, chance)
    _talk(key, row, (mentor, lead, colleague), chance)


def _talk(key: str, row: Engagement, people: tuple[User, User, User], chance: Chance) -> None:
    """A thread with words that were changed, and some that were withdrawn."""
    began = now() - timedelta(days=9)
    thread = Thread.objects.create(
        public_id=chance.id("thread", key), engagement=row, opened_by=people[0], opened_at=began
    )
    said = (
        _("Could we look at the duty roster before we meet? Last year's would do."),
        _("Yes, with names taken out. You find it under Files by Thursday."),
        "",
    )
    for place, (who, text) in enumerate(zip(people, said, strict=True)):
        at = began + timedelta(hours=5 * place)
        words = ThreadWords.objects.create(
            public_id=chance.id("words", key, place), thread=thread, by=who, at=at, text=text,
            version=1 if place == 0 else 2, withdrawn_at=None if text else at + timedelta(hours=1),
        )  # fmt: skip
        if place == 1:
            before = _("Yes, with names taken out. You find it under Files by Tuesday.")
            ThreadRevision.objects.create(words=words, version=1, text=before, at=at + timedelta(hours=2))


def _hand_over(key: str, row: Engagement, mentor: User, chance: Chance) -> None:
    found = [r for r in Resource.objects.order_by("slug") if row.area in r.areas]
    if found:
        Handover.objects.create(
            public_id=chance.id("handover", key), engagement=row, resource=found[0], by=mentor,
            note=_("Begin with the first page; the rest can wait."), at=now() - timedelta(days=12),
        )  # fmt: skip
