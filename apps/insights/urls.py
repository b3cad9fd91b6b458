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
]
