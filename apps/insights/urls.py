"""Addresses of insights."""

from django.urls import path

from apps.insights import views

app_name = "insights"
urlpatterns = [path("p/<pid:programme>/uplift/", views.uplift, name="uplift")]
