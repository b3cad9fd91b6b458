"""Every address of the site; each app names its own pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from apps.core.converters import CodeConverter, EditionConverter, PublicIdConverter

register_converter(PublicIdConverter, "pid")
register_converter(CodeConverter, "code")
register_converter(EditionConverter, "edition")

urlpatterns = [
    path("", include("apps.core.urls")),
    path("", include("apps.home.urls")),
    path("", include("apps.members.urls")),
    path("", include("apps.frameworks.urls")),
    path("", include("apps.assessments.urls")),
    path("", include("apps.courses.urls")),
    path("", include("apps.resources.urls")),
    path("", include("apps.mentoring.urls")),
    path("", include("apps.exercises.urls")),
    path("", include("apps.insights.urls")),
    path("", include("apps.reports.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include("config.api")),
]

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.forbidden"
handler404 = "apps.core.views.not_found"
handler500 = "apps.core.views.server_error"
