"""Addresses of roadmaps and plans in the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from apps.mentoring.api import plans, roadmaps

of_action: list[URLPattern | URLResolver] = [
    path("", plans.Action.as_view(), name="api-action"),
    path("move/", plans.MoveAction.as_view(), name="api-action-move"),
]
of_plan: list[URLPattern | URLResolver] = [
    path("", plans.Plan.as_view(), name="api-plan"),
    path("close/", plans.ClosePlan.as_view(), name="api-plan-close"),
    path("reopen/", plans.ReopenPlan.as_view(), name="api-plan-reopen"),
    path("csv/", plans.PlanCsv.as_view(), name="api-plan-csv"),
    path("xlsx/", plans.PlanWorkbook.as_view(), name="api-plan-xlsx"),
    path("actions/<pid:action>/", include(of_action)),
]
of_member: list[URLPattern | URLResolver] = [
    path("plans/", plans.Plans.as_view(), name="api-plans"),
    path("plans/<pid:action_plan>/", include(of_plan)),
    path("roadmaps/", roadmaps.Roadmaps.as_view(), name="api-roadmaps"),
    path("roadmaps/<pid:roadmap>/", roadmaps.Roadmap.as_view(), name="api-roadmap"),
    path("roadmaps/<pid:roadmap>/again/", roadmaps.RoadmapAgain.as_view(), name="api-roadmap-again"),
    path(
        "results/<pid:assessment>/roadmaps/options/",
        roadmaps.RoadmapOptions.as_view(),
        name="api-roadmap-options",
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [path("members/<pid:member>/", include(of_member))]
