"""Rows that reports are about: a submitted assessment with its result on the small framework."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.models import Assessment, Result
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Member
from apps.reports import services
from apps.reports.models import Report
from apps.scoring import parse_answers, parse_framework, score
from tests.factories import SMALL, small_version


def small_result(
    member: Member, lead: User, *, title: str = "Assessment 2026", level: int = 2, version: FrameworkVersion | None = None,
    tlp: str = "TLP:AMBER+STRICT", days_ago: int = 0,
) -> Result:  # fmt: skip
    """A result in which every indicator is answered with `level` and evidence."""
    version = version or small_version()
    day = date(2026, 5, 6) - timedelta(days=days_ago)
    codes = [row["id"] for row in SMALL["indicators"]]
    inputs: dict[str, Any] = {
        "framework": "small", "version": "1.0", "scope": member.scope, "on": day.isoformat(),
        "answers": {code: {"level": level, "evidence": "E2", "dated": "2025-11-01"} for code in codes},
    }  # fmt: skip
    spec = parse_framework(SMALL, scope=member.scope)
    sheet = parse_answers(inputs, spec)
    document = score(spec, sheet.answers, on=sheet.on, targets=sheet.targets).as_document()
    moment: datetime = now() - timedelta(days=days_ago)
    assessment = Assessment.objects.create(
        member=member, version_of=version, title=title, scope=member.scope, state="submitted", lead=lead,
        submitted_at=moment, submitted_by=lead,
    )  # fmt: skip
    return Result.objects.create(
        member=member, assessment=assessment, method="shared-mean", method_version=1, input_hash=document["input_hash"],
        inputs=inputs, document=document, tlp=tlp, computed_at=moment,
    )  # fmt: skip


def ask(result: Result, actor: User, *, language: str = "en", paper: str = "a4") -> Report:
    """A report that waits for a worker."""
    return services.request_assessment_report(
        actor=actor, member=result.member.public_id, result=result.public_id, language=language, paper=paper
    )
