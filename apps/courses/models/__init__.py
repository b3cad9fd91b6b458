"""Courses with their lessons and questions; enrolments, progress, attempts and certificates."""

from apps.courses.models.certificates import Certificate
from apps.courses.models.content import Course, CourseVersion, Lesson, Module, Question
from apps.courses.models.learning import Attempt, Enrolment, PracticeAnswer, Progress

__all__ = [
    "Attempt", "Certificate", "Course", "CourseVersion", "Enrolment", "Lesson", "Module", "PracticeAnswer", "Progress", "Question",
]  # fmt: skip
