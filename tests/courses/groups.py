"""Cohorts for tests, made through the services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.accounts.models import User
from apps.courses.models import Cohort, CohortPerson
from apps.courses.services import cohorts, inviting
from apps.members.policies import site_day


def make_cohort(holder: User, course: str, *, began: int = 10, lasts: int = 20, **fields: Any) -> Cohort:
    """A cohort that began `began` days ago and lasts `lasts` days."""
    first = site_day() - timedelta(days=began)
    given = {"name": "Spring group", "starts_on": first, "ends_on": first + timedelta(days=lasts), **fields}
    return cohorts.open_cohort(actor=holder, course=course, **given)


def invite(cohort: Cohort, holder: User, email: str, role: str = "learner") -> None:
    inviting.invite_people(actor=holder, cohort=cohort, text=f"email,role\n{email},{role}\n")


def bring(cohort: Cohort, holder: User, user: User, role: str = "learner") -> CohortPerson:
    """Invite somebody who joins at once."""
    invite(cohort, holder, user.email, role)
    row = cohort.invitations.filter(email=user.email).latest("pk")
    cohorts.join_cohort(actor=user, invitation=row.public_id)
    return cohort.people.get(user=user)
