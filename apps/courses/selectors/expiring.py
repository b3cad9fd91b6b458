"""Certificates of a programme's people that end soon: how many, and whose where the office sees the learner by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404

from apps.accounts.models import User
from apps.courses.choices import SMALLEST_GROUP, CohortRole
from apps.courses.models import Certificate, CohortPerson
from apps.courses.policies import runs_cohort
from apps.members.models import Programme
from apps.members.policies import site_day

DAYS = 90


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends soon, of somebody in a cohort that the reader runs."""

    name: str
    course: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class Expiring:
    """`people` is None where it would tell of fewer than five that have no name here; `named` are in the order they end."""

    days: int
    people: int | None
    named: tuple[Ending, ...]


def expiring(user: User, programme: Programme, days: int = DAYS) -> Expiring:
    """Certificates of the programme's people that end within `days` days. Raises Http404 for others. Two queries.

    A name is shown where the reader runs a cohort of that course with this learner in it, for they see their progress there.
    """
    if not Programme.objects.visible_to(user).filter(pk=programme.pk).exists():
        raise Http404
    today = site_day()
    inside = CohortPerson.objects.filter(
        runs_cohort(user, at="cohort__"), user=OuterRef("enrolment__user"), role=CohortRole.LEARNER,
        left_at__isnull=True, cohort__course=OuterRef("enrolment__version_of__course"),
    )  # fmt: skip
    people = User.objects.filter(memberships__member__participations__programme=programme).values("pk")
    rows = Certificate.objects.filter(
        enrolment__user__in=people, revoked_at=None, superseded_by=None,
        valid_until__gte=today, valid_until__lte=today + timedelta(days),
    ).annotate(by_name=Exists(inside)).order_by("valid_until", "pk")  # fmt: skip
    fields = (
        "enrolment__user",
        "enrolment__user__full_name",
        "enrolment__version_of__title",
        "valid_until",
        "by_name",
    )
    found = list(rows.values_list(*fields))
    named = tuple(Ending(name, course, ends) for _user, name, course, ends, by_name in found if by_name)
    seen = {row[0] for row in found if row[4]}
    others = {row[0] for row in found} - seen
    told = not others or len(others) >= SMALLEST_GROUP
    return Expiring(days, len(seen | others) if told else None, named)
