"""Addresses of frameworks: the browser that anybody may use."""

from django.urls import path

from apps.frameworks.views import browse

app_name = "frameworks"
urlpatterns = [
    path("framework/", browse.browse, name="browse"),
    path("framework/area/<code:area>/", browse.area, name="area"),
    path("framework/indicator/<code:indicator>/", browse.indicator, name="indicator"),
]
