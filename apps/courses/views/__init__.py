"""Pages of courses: catalogue, player, tests, certificates."""

from apps.courses.views.artefacts import artefact
from apps.courses.views.catalogue import catalogue, course, enrol, my_learning
from apps.courses.views.certificates import badge, certificate, certificate_name, certificate_renew, reached
from apps.courses.views.clock import extra_time, extra_time_end, test_back
from apps.courses.views.exams import test, test_answer, test_hand_in, test_start
from apps.courses.views.following import follow_up, follow_up_link, follow_ups
from apps.courses.views.notes import glossary, key_points, note, notes
from apps.courses.views.offline import manifest, saved, saved_course, saved_lesson, sync, worker
from apps.courses.views.player import lesson, plan, practice
from apps.courses.views.reminding import calendar, calendar_file, digest_off, reminding
from apps.courses.views.reviewing import review, review_answer
from apps.courses.views.skipping import skip
from apps.courses.views.verifying import issuer_did, issuer_key, status_list, verified, verify, verify_file

__all__ = [
    "artefact", "badge", "calendar", "calendar_file", "catalogue", "certificate", "certificate_name",
    "certificate_renew", "course", "digest_off", "enrol", "extra_time", "extra_time_end", "follow_up",
    "follow_up_link", "follow_ups", "glossary", "issuer_did", "issuer_key", "key_points", "lesson", "manifest",
    "my_learning", "note", "notes", "plan", "practice", "reached", "reminding", "review", "review_answer", "saved",
    "saved_course", "saved_lesson", "skip", "status_list", "sync", "test", "test_answer", "test_back", "test_hand_in",
    "test_start", "verified", "verify", "verify_file", "worker",
]  # fmt: skip
