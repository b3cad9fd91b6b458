"""Cohorts that the caller runs, their gradebooks, and how the questions of a course work."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.resource import Resource
from apps.core.shapes import listed, shape
from apps.courses.selectors import cohorts, gradebook, statistics

CohortShape = shape(
    "Cohort", cohorts.CohortCard, "name course holder starts_on ends_on when learners", id="public_id"
)
GradeShape = shape("Grade", gradebook.Grade, "title attempts first best passed waiting")
GradeRowShape = shape(
    "GradeRow", gradebook.GradeRow, "person_id name email organisation finished", grades=GradeShape
)
ItemShape = shape("ItemFigures", statistics.ItemRow, "code n sure facility discrimination efficiency flags")


class Cohorts(Resource):
    """Cohorts that the caller runs."""

    access_rule = SIGNED_IN
    kind = "learning"
    paged = True

    @speaks(listed(CohortShape))
    def get(self, request: Request) -> Response:
        """List them, the latest first."""
        return self.rows(list(cohorts.my_cohorts(self.user).running), CohortShape)


class CohortGradebook(Resource):
    """Tries of each learner at each test."""

    access_rule = SIGNED_IN
    kind = "learning"
    paged = True

    @speaks(listed(GradeRowShape))
    def get(self, request: Request, cohort: str) -> Response:
        """List the learners by name. 404 for a cohort that is not yours, 403 for its learners."""
        row = cohorts.get_run_cohort(self.user, cohort)
        return self.rows(list(gradebook.gradebook(self.user, row).rows), GradeRowShape)


class CourseStatistics(Resource):
    """How the questions of one pool work; figures of fewer than ten learners are null."""

    access_rule = SIGNED_IN
    kind = "learning"
    paged = True

    @speaks(listed(ItemShape))
    def get(self, request: Request, course: str, module: str) -> Response:
        """List the questions by code. 404 unless you write the course or run a cohort of it."""
        return self.rows(list(statistics.pool_page(self.user, course, module).rows), ItemShape)
