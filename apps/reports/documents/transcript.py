"""What a printed transcript says: a learner's courses with their days, and never a score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.courses.selectors import Transcript
from apps.reports.documents.parts import Request


@dataclass(frozen=True, slots=True)
class TranscriptDocument:
    """A learner's own paper; `check_url` is where anyone checks the certificates on it."""

    request: Request
    transcript: Transcript
    check_url: str


def transcript_document(text: Transcript, *, reference: str, made_on: date) -> TranscriptDocument:
    """Put a transcript in words, in the active language."""
    title = _("Transcript: %(name)s") % {"name": text.holder}
    request = Request(reference, title, "TLP:CLEAR", "a4", text.holder, made_on, "")
    return TranscriptDocument(request, text, settings.SITE_URL + reverse("courses:verify"))


def transcript_html(document: TranscriptDocument) -> str:
    """The page for the PDF engine."""
    return render_to_string("reports/print/transcript.html", {"doc": document})
