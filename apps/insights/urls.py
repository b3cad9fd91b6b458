"""Addresses of insights."""

from django.urls import path

from apps.insights import views
from apps.insights.views.trends import trends, trends_file

app_name = "insights"
urlpatterns = [
    path("p/<pid:programme>/region/", views.region, name="region"),
    path("p/<pid:programme>/region/areas/<code:area>/", views.region_area, name="region_area"),
    path("p/<pid:programme>/region/file/<str:ending>/", views.region_file, name="region_file"),
    path("p/<pid:programme>/uplift/", views.uplift, name="uplift"),
    path("o/<pid:member>/trends/", trends, name="trends"),
    path("o/<pid:member>/trends/<str:ending>/", trends_file, name="trends_file"),
    path("o/<pid:nation>/picture/", views.picture, name="picture"),
    path("o/<pid:nation>/picture/operators/", views.operators, name="operators"),
    path("o/<pid:nation>/picture/<int:number>/", views.edition, name="edition"),
    path("o/<pid:nation>/picture/<int:number>/<str:ending>/", views.edition_file, name="edition_file"),
    path("benchmark/", views.benchmark, name="benchmark"),
    path("benchmark/organisations/", views.benchmark_organisations, name="benchmark_organisations"),
    path(
        "benchmark/organisations/<pid:organisation>/",
        views.benchmark_organisation,
        name="benchmark_organisation",
    ),
    path("benchmark/<int:release>/", views.benchmark_release, name="benchmark_release"),
    path("benchmark/<int:release>/clear/", views.clear_benchmark, name="clear_benchmark"),
    path("benchmark/<int:release>/<str:ending>/", views.benchmark_file, name="benchmark_file"),
    path("o/<pid:member>/benchmark/", views.member_benchmark, name="member_benchmark"),
]
