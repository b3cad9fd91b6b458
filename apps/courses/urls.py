"""Addresses of courses."""

from django.urls import path

from apps.courses import views

app_name = "courses"
urlpatterns = [
    path("learn/", views.catalogue, name="catalogue"),
    path("learn/<slug:course>/", views.course, name="course"),
    path("learn/<slug:course>/enrol/", views.enrol, name="enrol"),
    path("learn/<slug:course>/skip/", views.skip, name="skip"),
    path("learn/<slug:course>/test/<slug:module>/", views.test, name="test"),
    path("learn/<slug:course>/test/<slug:module>/start/", views.test_start, name="test_start"),
    path("learn/<slug:course>/test/<slug:module>/answer/", views.test_answer, name="test_answer"),
    path("learn/<slug:course>/test/<slug:module>/hand-in/", views.test_hand_in, name="test_hand_in"),
    path("learn/<slug:course>/test/<slug:module>/back/", views.test_back, name="test_back"),
    path("courses/extra-time/", views.extra_time, name="extra_time"),
    path("courses/extra-time/<pid:extra_time>/end/", views.extra_time_end, name="extra_time_end"),
    path("learn/<slug:course>/<slug:lesson>/", views.lesson, name="lesson"),
    path("learn/<slug:course>/<slug:lesson>/check/", views.practice, name="practice"),
    path("learn/<slug:course>/<slug:lesson>/plan/", views.plan, name="plan"),
    path("me/learning/", views.my_learning, name="mine"),
    path("me/review/", views.review, name="review"),
    path("me/review/<pid:review_item>/", views.review_answer, name="review_answer"),
    path("me/certificates/<pid:certificate>/", views.certificate, name="certificate"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:certificate_code>/", views.verified, name="verified"),
]
