"""Addresses of courses."""

from django.urls import path

from apps.courses import views
from apps.courses.views import authoring, cohorts, outcomes

app_name = "courses"
urlpatterns = [
    path("learn/", views.catalogue, name="catalogue"),
    path("learn/<slug:course>/", views.course, name="course"),
    path("learn/<slug:course>/enrol/", views.enrol, name="enrol"),
    path("learn/<slug:course>/skip/", views.skip, name="skip"),
    path("learn/<slug:course>/glossary/", views.glossary, name="glossary"),
    path("learn/<slug:course>/key-points/", views.key_points, name="key_points"),
    path("learn/<slug:course>/test/<slug:module>/", views.test, name="test"),
    path("learn/<slug:course>/test/<slug:module>/start/", views.test_start, name="test_start"),
    path("learn/<slug:course>/test/<slug:module>/answer/", views.test_answer, name="test_answer"),
    path("learn/<slug:course>/test/<slug:module>/hand-in/", views.test_hand_in, name="test_hand_in"),
    path("learn/<slug:course>/test/<slug:module>/back/", views.test_back, name="test_back"),
    path("courses/extra-time/", views.extra_time, name="extra_time"),
    path("courses/extra-time/<pid:extra_time>/end/", views.extra_time_end, name="extra_time_end"),
    path("learn/<slug:course>/opinion/", outcomes.opinion, name="opinion"),
    path("learn/<slug:course>/<slug:lesson>/", views.lesson, name="lesson"),
    path("learn/<slug:course>/<slug:lesson>/check/", views.practice, name="practice"),
    path("learn/<slug:course>/<slug:lesson>/plan/", views.plan, name="plan"),
    path("learn/<slug:course>/<slug:lesson>/note/", views.note, name="note"),
    path("me/notes/", views.notes, name="notes"),
    path("write/", authoring.writing, name="writing"),
    path("write/new/", authoring.new_course, name="new_course"),
    path("write/begin/<slug:course>/", authoring.begin, name="begin_draft"),
    path("write/authors/<slug:course>/", authoring.authors, name="authors"),
    path("write/<pid:course_draft>/", authoring.draft, name="draft"),
    path("write/<pid:course_draft>/about/", authoring.about, name="draft_about"),
    path("write/<pid:course_draft>/arrange/", authoring.arrange, name="draft_arrange"),
    path("write/<pid:course_draft>/checks/", authoring.checks, name="draft_checks"),
    path("write/<pid:course_draft>/review/", authoring.review, name="draft_review"),
    path("write/<pid:course_draft>/comment/", authoring.comment, name="draft_comment"),
    path("write/<pid:course_draft>/changes/", authoring.changes, name="draft_changes"),
    path("write/<pid:course_draft>/download/", authoring.take, name="draft_download"),
    path("write/<pid:course_draft>/delete/", authoring.delete, name="draft_delete"),
    path("write/<pid:course_draft>/figure/", authoring.figure, name="new_figure"),
    path("write/<pid:course_draft>/<pid:course_unit>/", authoring.unit, name="unit"),
    path("write/<pid:course_draft>/<pid:course_unit>/text/", authoring.text, name="unit_text"),
    path("write/<pid:course_draft>/<pid:course_unit>/remove/", authoring.remove, name="unit_remove"),
    path(
        "write/<pid:course_draft>/<pid:course_unit>/question/<int:question_place>/",
        authoring.question,
        name="question",
    ),
    path("me/learning/", views.my_learning, name="mine"),
    path("me/review/", views.review, name="review"),
    path("me/review/<pid:review_item>/", views.review_answer, name="review_answer"),
    path("me/certificates/<pid:certificate>/", views.certificate, name="certificate"),
    path("me/cohorts/", cohorts.my_cohorts, name="cohorts"),
    path("p/<pid:programme>/cohorts/", cohorts.programme_cohorts, name="programme_cohorts"),
    path("o/<pid:member>/cohorts/", cohorts.member_cohorts, name="member_cohorts"),
    path("cohorts/invitation/<pid:cohort_invitation>/", cohorts.cohort_invitation, name="cohort_invitation"),
    path("cohorts/invitation/<pid:cohort_invitation>/join/", cohorts.cohort_join, name="cohort_join"),
    path("cohorts/<pid:cohort>/", cohorts.cohort, name="cohort"),
    path("cohorts/<pid:cohort>/gradebook/", outcomes.gradebook, name="gradebook"),
    path("cohorts/<pid:cohort>/gradebook/<slug:ending>/", outcomes.gradebook_file, name="gradebook_file"),
    path("cohorts/<pid:cohort>/report/", outcomes.cohort_report, name="cohort_report"),
    path(
        "cohorts/<pid:cohort>/report/<slug:ending>/", outcomes.cohort_report_file, name="cohort_report_file"
    ),
    path("cohorts/<pid:cohort>/edit/", cohorts.cohort_edit, name="cohort_edit"),
    path("cohorts/<pid:cohort>/invite/", cohorts.cohort_invite, name="cohort_invite"),
    path("cohorts/<pid:cohort>/nudge/", cohorts.cohort_nudge, name="cohort_nudge"),
    path("cohorts/<pid:cohort>/leave/", cohorts.cohort_leave, name="cohort_leave"),
    path(
        "cohorts/<pid:cohort>/people/<pid:cohort_person>/remove/", cohorts.cohort_remove, name="cohort_remove"
    ),
    path(
        "cohorts/<pid:cohort>/invitations/<pid:cohort_invitation>/withdraw/",
        cohorts.cohort_uninvite,
        name="cohort_uninvite",
    ),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:certificate_code>/", views.verified, name="verified"),
]
