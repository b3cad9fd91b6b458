"""Courses as data."""

from apps.courses.api.cohorts import CohortGradebook, Cohorts, CourseStatistics
from apps.courses.api.views import CourseList

__all__ = ["CohortGradebook", "Cohorts", "CourseList", "CourseStatistics"]
