"""A cohort of the demonstration: its office, a trainer, and learners who are on their way."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from apps.courses.choices import CohortRole
from apps.courses.models import Cohort, CohortPerson, CourseVersion, Enrolment
from apps.home.services.chance import Chance
from apps.home.services.people import Cast
from apps.members.models import Programme
from apps.members.policies import site_day

BEGAN, ENDS = timedelta(days=45), timedelta(days=30)
SINCE = timedelta(days=150)


def make_cohort(programme: Programme, version: CourseVersion, cast: Cast, chance: Chance) -> Cohort:
    """Everybody of the demonstration who began the course lately learns in one cohort, trained by the tour's mentor."""
    day = site_day()
    cohort = Cohort.objects.create(
        public_id=chance.id("cohort", version.course.slug), course=version.course, programme=programme,
        name="Spring cohort", note="We meet on Tuesdays at 10:00. Ask in the meeting, or write to your trainer.",
        starts_on=day - BEGAN, ends_on=day + ENDS, created_by=cast.tour["manager"],
    )  # fmt: skip
    rows = Enrolment.objects.filter(version_of=version, user__is_demo=True, enrolled_at__gte=now() - SINCE)
    people = [
        CohortPerson(
            public_id=chance.id("cohort person", row.user.email), cohort=cohort, user=row.user,
            role=CohortRole.LEARNER, joined_at=row.enrolled_at,
        )
        for row in rows.select_related("user").order_by("pk")
        if row.user_id != cast.tour["mentor"].pk
    ]  # fmt: skip
    trainer = CohortPerson(
        public_id=chance.id("cohort trainer", cohort.name), cohort=cohort, user=cast.tour["mentor"],
        role=CohortRole.TRAINER, joined_at=now() - BEGAN,
    )  # fmt: skip
    CohortPerson.objects.bulk_create([*people, trainer])
    return cohort
