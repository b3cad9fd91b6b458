"""What a report says: frozen dataclasses made from stored rows, and the HTML made from them."""

from __future__ import annotations

from apps.reports.documents.actions import ActionsDocument, actions_document
from apps.reports.documents.after_action import (
    AfterActionDocument,
    after_action_document,
    after_action_html,
)
from apps.reports.documents.assessment import AssessmentDocument, assessment_document
from apps.reports.documents.brief import BriefDocument, brief_document
from apps.reports.documents.certificate import CertificateDocument, certificate_document, certificate_html
from apps.reports.documents.comparison import ComparisonDocument, comparison_document
from apps.reports.documents.html import Printed, check_qr, document_html
from apps.reports.documents.national import NationalDocument, national_document
from apps.reports.documents.parts import Request
from apps.reports.documents.plan import PlanDocument, plan_document, plan_html
from apps.reports.documents.programme import ProgrammeDocument, programme_document
from apps.reports.documents.round import RoundDocument, round_document
from apps.reports.documents.sheet import SheetDocument, label_of, sheet_document
from apps.reports.documents.transcript import TranscriptDocument, transcript_document, transcript_html

__all__ = [
    "ActionsDocument",
    "AfterActionDocument",
    "AssessmentDocument",
    "BriefDocument",
    "CertificateDocument",
    "ComparisonDocument",
    "NationalDocument",
    "PlanDocument",
    "Printed",
    "ProgrammeDocument",
    "Request",
    "RoundDocument",
    "SheetDocument",
    "TranscriptDocument",
    "actions_document",
    "after_action_document",
    "after_action_html",
    "assessment_document",
    "brief_document",
    "certificate_document",
    "certificate_html",
    "check_qr",
    "comparison_document",
    "document_html",
    "label_of",
    "national_document",
    "plan_document",
    "plan_html",
    "programme_document",
    "round_document",
    "sheet_document",
    "transcript_document",
    "transcript_html",
]
