"""What a report says: frozen dataclasses made from stored rows, and the HTML made from them."""

from __future__ import annotations

from apps.reports.documents.after_action import (
    AfterActionDocument,
    after_action_document,
    after_action_html,
)
from apps.reports.documents.assessment import AssessmentDocument, assessment_document
from apps.reports.documents.certificate import CertificateDocument, certificate_document, certificate_html
from apps.reports.documents.html import document_html
from apps.reports.documents.parts import Request
from apps.reports.documents.plan import PlanDocument, plan_document, plan_html
from apps.reports.documents.programme import ProgrammeDocument, programme_document
from apps.reports.documents.round import RoundDocument, round_document
from apps.reports.documents.sheet import SheetDocument, label_of, sheet_document
from apps.reports.documents.transcript import TranscriptDocument, transcript_document, transcript_html

__all__ = [
    "AfterActionDocument",
    "AssessmentDocument",
    "CertificateDocument",
    "PlanDocument",
    "ProgrammeDocument",
    "Request",
    "RoundDocument",
    "SheetDocument",
    "TranscriptDocument",
    "after_action_document",
    "after_action_html",
    "assessment_document",
    "certificate_document",
    "certificate_html",
    "document_html",
    "label_of",
    "plan_document",
    "plan_html",
    "programme_document",
    "round_document",
    "sheet_document",
    "transcript_document",
    "transcript_html",
]
