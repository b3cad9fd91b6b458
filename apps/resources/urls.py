"""Addresses of resources."""

from django.urls import path

from apps.resources import views

app_name = "resources"
urlpatterns = [
    path("resources/", views.browse, name="list"),
    path("resources/<slug:resource>/", views.resource, name="resource"),
]
