"""Files are scanned and destroyed in the background."""

from __future__ import annotations

from apps.assessments.services import destroying, scanning
from apps.core import jobs


@jobs.job("assessments.scan_evidence")
def scan_evidence(*, message_id: str, evidence: str, revision: int, attempt: int, turn: str = "") -> None:
    """Ask the scanner about one file."""
    scanning.scan_evidence(evidence=evidence, revision=revision, attempt=attempt, turn=turn)


@jobs.job("assessments.destroy_file")
def destroy_file(*, message_id: str, name: str) -> None:
    """Delete a stored file that nothing refers to any more, and the key that opened it."""
    destroying.destroy_file(name=name)
