"""Addresses of roadmaps and plans in the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from apps.mentoring.api import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("members/<pid:member>/plans/", views.Plans.as_view(), name="api-plans"),
    path("members/<pid:member>/plans/<pid:action_plan>/", views.Plan.as_view(), name="api-plan"),
    path("members/<pid:member>/roadmaps/<pid:roadmap>/", views.Roadmap.as_view(), name="api-roadmap"),
]
