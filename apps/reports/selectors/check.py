"""What a stranger learns of a report from its printed reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from apps.reports.choices import ReportState
from apps.reports.models import Report


def report_code(public_id: str) -> str:
    """The reference as printed: four groups of five capitals and digits."""
    text = public_id.upper()
    return "-".join(text[i : i + 5] for i in range(0, len(text), 5))


def grouped(digest: str) -> str:
    """A fingerprint as people compare it: capitals in groups of four."""
    return " ".join(digest.upper()[i : i + 4] for i in range(0, len(digest), 4))


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """All that a stranger learns of a report: that it exists, when it was made, and the start of its SHA-256,
    and whom the certificate names that signed it, with the SHA-256 of that certificate in groups of four.
    """

    code: str
    made_on: date
    sha256_start: str
    signed_by: str = ""
    certificate: str = ""


def check_report(code: str) -> CheckedReport | None:
    """The finished report with this printed reference, in any case and grouping; None for anything else."""
    public_id = code.replace("-", "").replace(" ", "").lower()
    row = Report.objects.filter(
        public_id=public_id, state__in=(ReportState.READY, ReportState.EXPIRED)
    ).first()
    if row is None or row.ready_at is None:
        return None
    return CheckedReport(
        report_code(row.public_id),
        localdate(row.ready_at),
        row.sha256[:16],
        row.signed_by,
        grouped(row.certificate),
    )
