"""Files are scanned, copied and destroyed in the background; workbooks that nobody confirmed are forgotten."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from apps.assessments.services import copying, destroying, scanning, workbook
from apps.assessments.services import talk as talking
from apps.core import jobs


@jobs.job("assessments.scan_evidence")
def scan_evidence(*, message_id: str, evidence: str, revision: int, attempt: int, turn: str = "") -> None:
    """Ask the scanner about one file."""
    scanning.scan_evidence(evidence=evidence, revision=revision, attempt=attempt, turn=turn)


@jobs.job("assessments.destroy_file")
def destroy_file(*, message_id: str, name: str) -> None:
    """Delete a stored file that nothing refers to any more, and the key that opened it."""
    destroying.destroy_file(name=name)


@jobs.job("assessments.copy_evidence")
def copy_evidence(*, message_id: str, evidence: str, into: str, links: list[list[Any]], actor: int) -> None:
    """Repeat one file in another assessment of the same member."""
    copying.copy_file(evidence=evidence, into=into, links=links, actor=actor)


@jobs.job("assessments.remind_asked")
def remind_asked(*, message_id: str, talk: str) -> None:
    """On the morning of the day by which a colleague was asked for an answer."""
    talking.remind_asked(talk=talk)


@shared_task(name="assessments.forget_workbooks", ignore_result=True)
def forget_workbooks() -> int:
    """Forget workbooks that nobody confirmed within a day, and the words of old ones; the schedule starts it."""
    return workbook.forget_workbooks()
