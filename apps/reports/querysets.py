"""Chainable filters of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.reports import policies
from apps.reports.choices import LeavingState, ReportState, ScheduleState

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.reports.models import (  # noqa: F401  named in strings below
        MemberExport,
        MemberLeaving,
        Report,
        ReportBatch,
        ReportSchedule,
    )


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.report_visible_to(user))

    def shared_with(self, user: User) -> Self:
        """Reports of batches that this person of the office may read now, each under a grant."""
        return self.filter(policies.shared_in_batch(), batch__programme__in=user.programmes.values("pk"))

    def running(self) -> Self:
        return self.filter(state__in=(ReportState.QUEUED, ReportState.WORKING))

    def ended_badly(self) -> Self:
        return self.filter(state__in=(ReportState.FAILED, ReportState.CANCELLED))

    def ready(self) -> Self:
        return self.filter(state=ReportState.READY)


class BatchQuerySet(models.QuerySet["ReportBatch"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.batch_visible_to(user))


class ScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.schedule_visible_to(user))

    def active(self) -> Self:
        return self.filter(state=ScheduleState.ACTIVE)


class ExportQuerySet(models.QuerySet["MemberExport"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.export_visible_to(user))

    def running(self) -> Self:
        return self.filter(state__in=(ReportState.QUEUED, ReportState.WORKING))

    def ready(self) -> Self:
        return self.filter(state=ReportState.READY)


class LeavingQuerySet(models.QuerySet["MemberLeaving"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.leaving_visible_to(user))

    def open(self) -> Self:
        return self.filter(state__in=(LeavingState.ASKED, LeavingState.CONFIRMED))
