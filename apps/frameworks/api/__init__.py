"""Frameworks as data."""

from apps.frameworks.api.views import FrameworkDetail, FrameworkList

__all__ = ["FrameworkDetail", "FrameworkList"]
