"""What may be done with courses: publish, take, be tested, be certified."""

from apps.courses.services.certificates import revoke_certificate
from apps.courses.services.checking import check_folder
from apps.courses.services.clock import (
    close_attempt,
    close_overdue,
    end_extra_time,
    give_back_time,
    grant_extra_time,
)
from apps.courses.services.exams import hand_in, save_answer, start_attempt
from apps.courses.services.learning import answer_practice, enrol, open_screen, save_plan
from apps.courses.services.loading import CourseFaults, load_course
from apps.courses.services.notes import save_note
from apps.courses.services.reviewing import answer_review
from apps.courses.services.skipping import skip_modules

__all__ = [
    "CourseFaults", "answer_practice", "answer_review", "check_folder", "close_attempt", "close_overdue",
    "end_extra_time", "enrol", "give_back_time", "grant_extra_time", "hand_in", "load_course", "open_screen",
    "revoke_certificate", "save_answer", "save_note", "save_plan", "skip_modules", "start_attempt",
]  # fmt: skip
