"""What stands in a learner's calendar, and what their weekly mail counts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.courses.choices import RENEW_BEFORE_DAYS
from apps.courses.models import Certificate, Enrolment, FollowUp, Progress, Reminding, ReviewItem
from apps.courses.selectors.links import DIGEST, read_link
from apps.members.policies import site_day


@dataclass(frozen=True, slots=True)
class Planned:
    """One day in the calendar; `key` stays the same while the thing stays the same."""

    key: str
    day: date
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class RemindingPage:
    """What the person is reminded of, and whether a calendar address is open."""

    planned: tuple[Planned, ...]
    digest: bool
    address_since: datetime | None


@dataclass(frozen=True, slots=True)
class DigestCounts:
    """What a weekly mail says; nothing is sent while all are nought."""

    due: int
    plans: int
    courses: int
    certificates: int

    @property
    def anything(self) -> bool:
        return any((self.due, self.plans, self.courses, self.certificates))


def reminding_page(user: User) -> RemindingPage:
    """The person's planned days and how they are reminded. Five queries."""
    row = Reminding.objects.filter(user=user).first()
    return RemindingPage(
        planned=tuple(planned_of(user)),
        digest=row is None or row.digest_off_at is None,
        address_since=row.calendar_made_at if row and row.calendar_hash else None,
    )


def planned_of(user: User) -> list[Planned]:
    """Review days, plans with a day, questions about plans and certificates to renew, by day. Four queries.

    Texts name lessons and courses only: what the person wrote stays on the site.
    """
    found = [*_reviews(user), *_plans(user), *_questions(user), *_renewals(user)]
    return sorted(found, key=lambda one: (one.day, one.key))


def _reviews(user: User) -> Iterator[Planned]:
    """One entry a day; what is overdue is for today."""
    today = site_day()
    rows = ReviewItem.objects.filter(enrolment__user=user, ended_at=None).values_list("due_on", flat=True)
    for day, number in sorted(Counter(max(day, today) for day in rows).items()):
        text = ngettext("Review %(number)d question", "Review %(number)d questions", number)
        yield Planned(f"review-{day}", day, text % {"number": number}, reverse("courses:review"))


def _plans(user: User) -> Iterator[Planned]:
    rows = Progress.objects.filter(enrolment__user=user, commitment_on__isnull=False).exclude(commitment="")
    fields = ("pk", "commitment_on", "lesson__title", "lesson__slug", "enrolment__version_of__course__slug")
    for pk, day, title, lesson, course in rows.values_list(*fields):
        url = reverse("courses:lesson", kwargs={"course": course, "lesson": lesson})
        yield Planned(f"plan-{pk}", day, _("My plan at work: %(lesson)s") % {"lesson": title}, url)


def _questions(user: User) -> Iterator[Planned]:
    rows = FollowUp.objects.filter(progress__enrolment__user=user, answer="")
    for key, day, title in rows.values_list("public_id", "due_on", "progress__lesson__title"):
        text = _("What became of my plan: %(lesson)s") % {"lesson": title}
        yield Planned(f"follow-up-{key}", day, text, reverse("courses:follow_ups"))


def _renewals(user: User) -> Iterator[Planned]:
    rows = Certificate.objects.filter(
        enrolment__user=user, revoked_at=None, superseded_by=None, valid_until__gte=site_day()
    ).values_list("public_id", "valid_until", "enrolment__version_of__title")
    for key, until, title in rows:
        if until is None:
            continue
        day = max(until - timedelta(days=RENEW_BEFORE_DAYS), site_day())
        url = reverse("courses:certificate", kwargs={"certificate": key})
        yield Planned(f"renew-{key}", day, _("Renew the certificate: %(course)s") % {"course": title}, url)


def digest_counts(user: User) -> DigestCounts:
    """What waits for this person this week. Four queries."""
    today = site_day()
    return DigestCounts(
        due=ReviewItem.objects.filter(enrolment__user=user, ended_at=None, due_on__lte=today).count(),
        plans=FollowUp.objects.filter(
            progress__enrolment__user=user, answer="", due_on__lte=today
        ).count(),
        courses=Enrolment.objects.filter(user=user, completed_at=None).count(),
        certificates=Certificate.objects.filter(
            enrolment__user=user, revoked_at=None, superseded_by=None,
            valid_until__range=(today, today + timedelta(days=RENEW_BEFORE_DAYS)),
        ).count(),
    )  # fmt: skip


def hash_of(secret: str) -> str:
    """What is stored of a calendar's secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def digest_owner(link: str) -> User:
    """Whose weekly mail a link ends. Raises Http404 for one that ends nobody's."""
    user = User.objects.filter(public_id=read_link(DIGEST, link), is_active=True).first()
    if user is None:
        raise Http404
    return user


def calendar_owner(secret: str) -> User:
    """Whose calendar this address opens. Raises Http404 for one that was never made or was taken back."""
    rows = Reminding.objects.select_related("user").filter(
        calendar_hash=hash_of(secret), user__is_active=True
    )
    row = rows.first() if secret else None
    if row is None:
        raise Http404
    return row.user
