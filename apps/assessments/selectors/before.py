"""What a member answered in its earlier submitted assessments on the same framework."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.assessments.models import Assessment, Response


def responses_before(assessment: Assessment) -> QuerySet[Response]:
    """The member's answers in its other submitted assessments on the same framework, oldest first."""
    rows = Response.objects.filter(
        assessment__member=assessment.member_id,
        assessment__version_of__framework=assessment.version_of.framework_id,
        assessment__submitted_at__isnull=False,
    ).exclude(assessment=assessment)
    if assessment.submitted_at:
        rows = rows.filter(assessment__submitted_at__lt=assessment.submitted_at)
    return rows.select_related("assessment", "answered_by", "indicator").order_by(
        "assessment__submitted_at", "pk"
    )


def response_before(assessment: Assessment, code: str) -> Response | None:
    """The member's answer to the same indicator in its latest submitted assessment on the same framework."""
    return responses_before(assessment).filter(indicator__code=code).last()
