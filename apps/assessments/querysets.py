"""Chainable filters: whose assessments and results a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.assessments import policies

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.assessments.models import Assessment, Result


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.assessment_visible_to(user))


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(policies.result_visible_to(user))

    def latest_first(self) -> Self:
        return self.order_by("-computed_at", "-pk")
