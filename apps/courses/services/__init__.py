"""What may be done with courses: publish, take, be tested, be certified."""

from apps.courses.services.artefacts import decide_offer, offer_work, save_artefact
from apps.courses.services.certificates import remind_holders, revoke_certificate, show_name
from apps.courses.services.checking import check_folder
from apps.courses.services.clock import (
    close_attempt,
    close_overdue,
    end_extra_time,
    give_back_time,
    grant_extra_time,
)
from apps.courses.services.credentials import open_credential, sign_waiting, status_list
from apps.courses.services.exams import hand_in, save_answer, start_attempt
from apps.courses.services.following import answer_by_link, answer_follow_up, ask_due
from apps.courses.services.issuing import accept_artefact, take_certificate
from apps.courses.services.learning import answer_practice, enrol, open_screen, save_plan
from apps.courses.services.loading import CourseFaults, load_course
from apps.courses.services.notes import save_note
from apps.courses.services.offline import sync_offline
from apps.courses.services.reminding import (
    end_calendar_address,
    make_calendar_address,
    send_digests,
    set_digest,
)
from apps.courses.services.renewal import begin_renewal
from apps.courses.services.reviewing import answer_review
from apps.courses.services.skipping import skip_modules

__all__ = [
    "CourseFaults", "accept_artefact", "answer_by_link", "answer_follow_up", "answer_practice", "answer_review",
    "ask_due", "begin_renewal", "check_folder", "close_attempt", "close_overdue", "decide_offer",
    "end_calendar_address", "end_extra_time", "enrol", "give_back_time", "grant_extra_time", "hand_in", "load_course",
    "make_calendar_address", "offer_work", "open_credential", "open_screen", "remind_holders", "revoke_certificate",
    "save_answer", "save_artefact", "save_note", "save_plan", "send_digests", "set_digest", "show_name",
    "sign_waiting", "skip_modules", "start_attempt", "status_list", "sync_offline", "take_certificate",
]  # fmt: skip
