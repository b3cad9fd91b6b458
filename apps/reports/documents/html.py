"""A document as HTML for the PDF engine, in the active language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.courses.selectors import certificate_qr_svg
from apps.reports.documents.actions import ActionsDocument
from apps.reports.documents.assessment import AssessmentDocument
from apps.reports.documents.brief import BriefDocument
from apps.reports.documents.comparison import ComparisonDocument
from apps.reports.documents.national import NationalDocument
from apps.reports.documents.parts import titled
from apps.reports.documents.programme import ProgrammeDocument
from apps.reports.documents.round import RoundDocument
from apps.reports.documents.sheet import SheetDocument

Printed = (
    ActionsDocument
    | AssessmentDocument
    | BriefDocument
    | ComparisonDocument
    | NationalDocument
    | ProgrammeDocument
    | RoundDocument
    | SheetDocument
)
NAMES = {
    ActionsDocument: "actions",
    AssessmentDocument: "assessment",
    BriefDocument: "brief",
    ComparisonDocument: "comparison",
    NationalDocument: "national",
    ProgrammeDocument: "programme",
    RoundDocument: "round",
    SheetDocument: "sheet",
}


def document_html(document: Printed) -> str:
    """The whole page of a report; every word in it is escaped."""
    address = settings.SITE_URL + reverse("reports:check", kwargs={"report_code": document.request.reference})
    values: dict[str, Any] = {"doc": document, "check_url": address, "check_qr": check_qr(address)}
    return render_to_string(f"reports/print/{NAMES[type(document)]}.html", values)


def check_qr(address: str) -> SafeString:
    """The drawing to scan of the page that checks a report."""
    says = _("Code to scan: leads to the page that checks this report")
    return titled(certificate_qr_svg(address, title=says), says)
