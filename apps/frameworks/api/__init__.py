"""Frameworks as data."""

from apps.frameworks.api.views import (
    FrameworkCrosswalk,
    FrameworkDetail,
    FrameworkList,
    FrameworkSearch,
    FrameworkVersionDetail,
    FrameworkVersions,
)

__all__ = [
    "FrameworkCrosswalk",
    "FrameworkDetail",
    "FrameworkList",
    "FrameworkSearch",
    "FrameworkVersionDetail",
    "FrameworkVersions",
]
