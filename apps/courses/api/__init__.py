"""Courses as data."""

from apps.courses.api.views import CourseList

__all__ = ["CourseList"]
