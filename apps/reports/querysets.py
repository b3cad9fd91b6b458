"""Chainable filters of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.reports import policies
from apps.reports.choices import ReportState

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.reports.models import Report  # noqa: F401  named in a string below


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.report_visible_to(user))

    def running(self) -> Self:
        return self.filter(state__in=(ReportState.QUEUED, ReportState.WORKING))

    def ended_badly(self) -> Self:
        return self.filter(state__in=(ReportState.FAILED, ReportState.CANCELLED))
