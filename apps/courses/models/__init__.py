"""Courses with their lessons and questions; enrolments, progress, attempts and certificates."""

from apps.courses.models.certificates import Certificate
from apps.courses.models.clock import ExtraTime
from apps.courses.models.content import Course, CourseVersion, Lesson, Module, Question
from apps.courses.models.learning import Attempt, Enrolment, PracticeAnswer, Progress
from apps.courses.models.reviewing import ReviewItem
from apps.courses.models.skipping import Skip

__all__ = [
    "Attempt", "Certificate", "Course", "CourseVersion", "Enrolment", "ExtraTime", "Lesson", "Module",
    "PracticeAnswer", "Progress", "Question", "ReviewItem", "Skip",
]  # fmt: skip
