"""Chainable filters for framework versions and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from apps.frameworks.models import FrameworkVersion, Indicator  # noqa: F401  used in quotes below


class VersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def published(self) -> Self:
        return self.filter(state="published")


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def in_scope(self, scope: str) -> Self:
        """Indicators that a member of `scope` ("national" | "organisational") answers."""
        return self.filter(scope__in=(scope, "both"))
