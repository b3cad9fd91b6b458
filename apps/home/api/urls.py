"""Addresses of sharing and of the record in the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from apps.home.api import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("members/<pid:member>/grants/", views.Grants.as_view(), name="api-grants"),
    path("members/<pid:member>/grants/<pid:grant>/", views.GrantDetail.as_view(), name="api-grant"),
    path(
        "members/<pid:member>/grants/<pid:grant>/withdraw/",
        views.WithdrawGrant.as_view(),
        name="api-grant-withdraw",
    ),
    path("members/<pid:member>/readings/", views.Readings.as_view(), name="api-readings"),
    path("members/<pid:member>/record/", views.Record.as_view(), name="api-record"),
    path("members/<pid:member>/record/file/", views.RecordFile.as_view(), name="api-record-file"),
]
