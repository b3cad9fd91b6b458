"""What people see of courses. Other apps use the names listed here."""

from apps.courses.selectors.artefacts import ArtefactPage, OfferRow, artefact_page, offers_to
from apps.courses.selectors.badge_art import badge_png, badge_svg
from apps.courses.selectors.calendars import calendar_text
from apps.courses.selectors.catalogue import (
    CourseCard,
    CourseLink,
    CoursePage,
    area_names,
    course_page,
    for_areas,
    list_courses,
)
from apps.courses.selectors.certificates import (
    Assessed,
    CertificateText,
    Verified,
    certificate_for_print,
    certificate_qr_svg,
    verified,
    verify_url,
)
from apps.courses.selectors.clock import ExtraTimePage, extra_time_page
from apps.courses.selectors.exams import TestPage, test_page
from apps.courses.selectors.finding import Catalogue, Found, Wanted, catalogue, read_wanted
from apps.courses.selectors.following import (
    WorkCount,
    asked_by_link,
    follow_up_by_link,
    follow_ups_page,
    work_counts,
)
from apps.courses.selectors.holding import Holding, holding
from apps.courses.selectors.hot import Here, here
from apps.courses.selectors.issuer import did_document, key_document
from apps.courses.selectors.learning import (
    LearnersOverview,
    MyLearning,
    Waiting,
    learners_overview,
    my_learning,
    waiting_for,
)
from apps.courses.selectors.notes import (
    GlossaryPage,
    NotesPage,
    PointsPage,
    glossary_page,
    notes_page,
    points_page,
)
from apps.courses.selectors.offline import manifest, owner_key, save_offer, saved_course, saved_lesson
from apps.courses.selectors.places import enrolment_by_address, enrolment_of
from apps.courses.selectors.planner import (
    RemindingPage,
    calendar_owner,
    digest_owner,
    planned_of,
    reminding_page,
)
from apps.courses.selectors.player import LessonPage, lesson_page
from apps.courses.selectors.reaching import Ladder, ladder
from apps.courses.selectors.reviewing import ReviewPage, review_page
from apps.courses.selectors.transcript import Transcript, transcript
from apps.courses.selectors.verifying import verified_content

__all__ = [
    "ArtefactPage", "Assessed", "Catalogue", "CertificateText", "CourseCard", "CourseLink", "CoursePage",
    "ExtraTimePage", "Found", "GlossaryPage", "Here", "Holding", "Ladder", "LearnersOverview", "LessonPage",
    "MyLearning", "NotesPage", "OfferRow", "PointsPage", "RemindingPage", "ReviewPage", "TestPage",
    "Transcript", "Verified", "Waiting", "Wanted", "WorkCount", "area_names", "artefact_page",
    "asked_by_link", "badge_png", "badge_svg", "calendar_owner", "calendar_text", "catalogue",
    "certificate_for_print", "certificate_qr_svg", "check_digest_link", "course_page", "did_document",
    "digest_owner", "enrolment_by_address", "enrolment_of", "extra_time_page", "follow_up_by_link",
    "follow_ups_page", "for_areas", "glossary_page", "here", "holding", "key_document", "ladder",
    "learners_overview", "lesson_page", "list_courses", "manifest", "my_learning", "notes_page",
    "offers_to", "owner_key", "planned_of", "points_page", "read_wanted", "reminding_page", "review_page",
    "save_offer", "saved_course", "saved_lesson", "test_page", "transcript", "verified",
    "verified_content", "verify_url", "waiting_for", "work_counts",
]  # fmt: skip
