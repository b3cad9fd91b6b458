"""The API's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from apps.accounts.api import described  # noqa: F401 - tells drf-spectacular how to sign in
from apps.courses.api import CohortGradebook, Cohorts, CourseList, CourseStatistics
from apps.frameworks.api import (
    FrameworkCrosswalk,
    FrameworkDetail,
    FrameworkList,
    FrameworkSearch,
    FrameworkVersionDetail,
    FrameworkVersions,
)
from apps.insights.api import BenchmarkReleases, SignedBenchmarkRelease
from apps.insights.api.pictures import PictureEdition, PictureEditions
from apps.insights.api.region import RegionOfProgramme
from apps.members.api.views import Certified, EndCertification, Members, Programmes
from apps.resources.api import Library, LibraryEntry

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("courses/", CourseList.as_view(), name="api-courses"),
    path("cohorts/", Cohorts.as_view(), name="api-cohorts"),
    path("cohorts/<pid:cohort>/gradebook/", CohortGradebook.as_view(), name="api-gradebook"),
    path(
        "courses/<slug:course>/statistics/<slug:module>/",
        CourseStatistics.as_view(),
        name="api-course-statistics",
    ),
    path("frameworks/", FrameworkList.as_view(), name="api-frameworks"),
    path("frameworks/<slug:framework>/", FrameworkDetail.as_view(), name="api-framework"),
    path(
        "frameworks/<slug:framework>/versions/",
        FrameworkVersions.as_view(),
        name="api-framework-versions",
    ),
    path(
        "frameworks/<slug:framework>/versions/<edition:version>/",
        FrameworkVersionDetail.as_view(),
        name="api-framework-version",
    ),
    path("frameworks/<slug:framework>/search/", FrameworkSearch.as_view(), name="api-framework-search"),
    path(
        "frameworks/<slug:framework>/crosswalks/<str:system>/",
        FrameworkCrosswalk.as_view(),
        name="api-framework-crosswalk",
    ),
    path("members/", Members.as_view(), name="api-members"),
    path("programmes/", Programmes.as_view(), name="api-programmes"),
    path("programmes/<pid:programme>/reviewers/", Certified.as_view(), name="api-certified"),
    path(
        "programmes/<pid:programme>/reviewers/<pid:certification>/withdraw/",
        EndCertification.as_view(),
        name="api-certification-end",
    ),
    path("nations/<pid:nation>/pictures/", PictureEditions.as_view(), name="api-pictures"),
    path("nations/<pid:nation>/pictures/<int:number>/", PictureEdition.as_view(), name="api-picture"),
    path("programmes/<pid:programme>/region/", RegionOfProgramme.as_view(), name="api-region"),
    path("benchmark/", BenchmarkReleases.as_view(), name="api-benchmark"),
    path("benchmark/<int:release>/", SignedBenchmarkRelease.as_view(), name="api-benchmark-release"),
    path("resources/", Library.as_view(), name="api-resources"),
    path("resources/<slug:resource>/", LibraryEntry.as_view(), name="api-resource"),
    path("", include("apps.assessments.api.urls")),
    path("", include("apps.mentoring.api.urls")),
    path("", include("apps.reports.api.urls")),
    path("", include("apps.home.api.urls")),
]
