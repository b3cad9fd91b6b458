"""A document as HTML for the PDF engine, in the active language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from apps.reports.documents.assessment import AssessmentDocument
from apps.reports.documents.programme import ProgrammeDocument
from apps.reports.documents.round import RoundDocument
from apps.reports.documents.sheet import SheetDocument

NAMES = {
    AssessmentDocument: "assessment",
    ProgrammeDocument: "programme",
    RoundDocument: "round",
    SheetDocument: "sheet",
}


def document_html(document: AssessmentDocument | ProgrammeDocument | RoundDocument | SheetDocument) -> str:
    """The whole page of a report; every word in it is escaped."""
    address = reverse("reports:check", kwargs={"report_code": document.request.reference})
    values: dict[str, Any] = {"doc": document, "check_url": settings.SITE_URL + address}
    return render_to_string(f"reports/print/{NAMES[type(document)]}.html", values)
