"""Addresses of frameworks: the browser that anybody may use."""

from django.urls import path

from apps.frameworks import views

app_name = "frameworks"
urlpatterns = [
    path("framework/", views.browse, name="browse"),
    path("framework/area/<code:area>/", views.area, name="area"),
    path("framework/indicator/<code:indicator>/", views.indicator, name="indicator"),
]
