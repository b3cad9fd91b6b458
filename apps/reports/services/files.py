"""Take what was made: a report's file, a certificate, a plan."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import Conflict, Refused
from apps.core.pdfseals import own_fingerprint
from apps.courses.selectors import certificate_for_print, transcript
from apps.exercises.selectors.report import after_action
from apps.members.choices import Tlp
from apps.members.policies import site_day
from apps.mentoring.selectors.plans import get_plan, plan_page
from apps.reports import documents
from apps.reports.choices import ReportState
from apps.reports.models import Report
from apps.reports.pdf import render_pdf
from apps.reports.selectors import (
    report_code,
    report_to_change,
)
from apps.reports.services.keeping import note_taking

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file to hand out: its bytes, the name to save it under, its SHA-256 in hexadecimal."""

    content: bytes
    name: str
    sha256: str


@transaction.atomic
def open_report_file(*, actor: User, report: str) -> OpenedFile:
    """The file of a ready report, on record. Raises `Http404` if it is not for this person, `Conflict` if not ready."""
    row = report_to_change(actor, report)
    if row.state == ReportState.EXPIRED:
        raise Conflict(_("The file was kept for its time and is gone. Make the report again."))
    if row.state != ReportState.READY:
        raise Conflict(_("This report is not ready."))
    content = stored_file(row)
    if content is None:
        raise Conflict(_("The stored file is damaged. Make the report again."))
    note_taking(actor, row)
    return OpenedFile(content, f"belay-{row.kind}-{report_code(row.public_id)[:11].lower()}.pdf", row.sha256)


def stored_file(row: Report) -> bytes | None:
    """The bytes of a ready report as they were made; None when they are gone or were changed."""
    content = _stored(str(row.file))
    if content is None:
        log.error("The file of a report is missing.", extra={"report": row.public_id})
        return None
    if hashlib.sha256(content).hexdigest() != row.sha256:
        log.error("The file of a report was changed.", extra={"report": row.public_id})
        return None
    return content


def open_certificate(*, actor: User, certificate: str) -> OpenedFile:
    """The holder's own certificate in the active language, rendered once for each wording. Raises `Http404` for others."""
    text = certificate_for_print(actor, certificate)
    document = documents.certificate_document(text)
    html = documents.certificate_html(document)
    key = f"certificates/{hashlib.sha256((html + own_fingerprint()).encode()).hexdigest()}.pdf"
    content = _stored(key)
    if content is None:
        content = render_pdf(html, language=get_language() or "en", title=document.title).content
        _store(key, content)
    with transaction.atomic():
        audit.record(actor=actor, action="certificate.printed", on=actor, certificate=certificate)
    return OpenedFile(
        content, f"belay-certificate-{text.code.lower()}.pdf", hashlib.sha256(content).hexdigest()
    )


def open_transcript(*, actor: User) -> OpenedFile:
    """The actor's own transcript of today in the active language, on record. Raises `Refused` before any course."""
    text = transcript(actor)
    if not text.rows:
        raise Refused(_("There is nothing to print yet: start a course first."))
    document = documents.transcript_document(text, reference=actor.public_id[:11], made_on=site_day())
    html = documents.transcript_html(document)
    content = render_pdf(html, language=get_language() or "en", title=document.request.title).content
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        audit.record(actor=actor, action="transcript.printed", on=actor, sha256=digest)
    return OpenedFile(content, "belay-transcript.pdf", digest)


def open_plan(*, actor: User, member: str, plan: str) -> OpenedFile:
    """An action plan of a member for print, in the active language, on record. Raises `Http404` for others."""
    row = get_plan(actor, member, plan)
    document = documents.plan_document(
        plan_page(actor, row),
        tlp=row.roadmap.result.tlp if row.roadmap else Tlp.AMBER_STRICT,
        reader=actor.full_name,
        made_on=site_day(),
        head=audit.head_line(row.member.public_id),
    )
    html = documents.plan_html(document)
    content = render_pdf(html, language=get_language() or "en", title=document.request.title).content
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        audit.record(actor=actor, action="plan.printed", on=row, chain=row.member.public_id, sha256=digest)
    return OpenedFile(content, f"belay-plan-{row.public_id[:11]}.pdf", digest)


def open_after_action(*, actor: User, member: str, exercise: str) -> OpenedFile:
    """The after-action report of a member's side of a closed exercise, in the active language, on record.

    Raises `Http404`, and `PermissionDenied` before it is closed.
    """
    run, source = after_action(actor, member, exercise)
    head = audit.head_line(source.chain)
    document = documents.after_action_document(source, reader=actor.full_name, made_on=site_day(), head=head)
    html = documents.after_action_html(document)
    content = render_pdf(html, language=get_language() or "en", title=document.request.title).content
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        audit.record(actor=actor, action="exercise.printed", on=run, chain=source.chain, sha256=digest)
    return OpenedFile(content, f"belay-exercise-{run.public_id[:11]}.pdf", digest)


def _stored(key: str) -> bytes | None:
    try:
        with default_storage.open(key) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def _store(key: str, content: bytes) -> None:
    """Keep the file; when another request was quicker, its copy stays and ours goes."""
    name = default_storage.save(key, ContentFile(content))
    if name != key:
        default_storage.delete(name)
