"""Pages of courses: catalogue, player, tests, certificates."""

from apps.courses.views.catalogue import catalogue, course, enrol, my_learning
from apps.courses.views.certificates import certificate, verified, verify
from apps.courses.views.clock import extra_time, extra_time_end, test_back
from apps.courses.views.exams import test, test_answer, test_hand_in, test_start
from apps.courses.views.notes import glossary, key_points, note, notes
from apps.courses.views.player import lesson, plan, practice
from apps.courses.views.reviewing import review, review_answer
from apps.courses.views.skipping import skip

__all__ = [
    "catalogue", "certificate", "course", "enrol", "extra_time", "extra_time_end", "glossary", "key_points", "lesson",
    "my_learning", "note", "notes", "plan", "practice", "review", "review_answer", "skip", "test", "test_answer",
    "test_back", "test_hand_in", "test_start", "verified", "verify",
]  # fmt: skip
