"""Ask for, make, stop, repeat and take reports."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.models import Result
from apps.assessments.selectors.sheet import EVERYTHING, sheet_of
from apps.assessments.services import fix_rounds
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.jobs import enqueue
from apps.core.saves import once
from apps.courses.selectors import certificate_for_print
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.mentoring.selectors.plans import get_plan, plan_page
from apps.reports import documents
from apps.reports.choices import STAGES, ReportKind, ReportState
from apps.reports.models import Report
from apps.reports.pdf import NotRenderable, RenderedPdf, render_pdf
from apps.reports.policies import may_ask_about
from apps.reports.querysets import ReportQuerySet
from apps.reports.selectors import (
    member_for_reports,
    programme_for_reports,
    programme_source,
    report_code,
    report_to_change,
    result_source,
)

log = logging.getLogger(__name__)
MOST_RUNNING = 5
LAST_TRY = 4
TOO_LARGE = gettext_noop(
    "The report became too large or took too long. Ask for help, and name the reference."
)
NO_LONGER = gettext_noop("What the report is about can no longer be seen by the person who asked for it.")
BROKEN = gettext_noop(
    "Something went wrong while the report was made. Try again; if it fails again, ask for help."
)


class Stopped(Exception):
    """The report was cancelled, or another worker took it over."""


# --- asking ---------------------------------------------------------------------------------------
@transaction.atomic
def request_assessment_report(*, actor: User, member: str, result: str, language: str, paper: str) -> Report:
    """Ask for a report about one result of a member. Raises `Refused` when too many are being made."""
    subject = member_for_reports(actor, member)
    require(may_ask_about(actor, subject))
    row = (
        Result.objects.visible_to(actor)
        .filter(public_id=result, member=subject)
        .select_related("assessment")
        .first()
    )
    if row is None:
        raise Refused(_("Choose a result of this member."), field="result")
    with translation.override(language):
        title = _("Cybersecurity maturity: %(title)s") % {"title": row.assessment.title}
    report = Report(
        kind=ReportKind.ASSESSMENT, member=subject, result=row, title=title, language=language, paper=paper,
        tlp=row.tlp, input_hash=row.input_hash, asked_by=actor,
    )  # fmt: skip
    return _ask(actor, report, subject)


@transaction.atomic
def request_programme_report(*, actor: User, programme: str, language: str, paper: str) -> Report:
    """Ask for an overview of a programme; for its managers. Raises `Refused` when too many are being made."""
    subject = programme_for_reports(actor, programme)
    require(may_ask_about(actor, subject))
    with translation.override(language):
        title = _("Programme overview")
    report = Report(
        kind=ReportKind.PROGRAMME, programme=subject, title=title, language=language, paper=paper,
        tlp=Tlp.AMBER_STRICT, asked_by=actor,
    )  # fmt: skip
    return _ask(actor, report, subject)


@transaction.atomic
def request_questionnaire(
    *, actor: User, member: str, assessment: str, areas: list[str], person: str, filled: bool, language: str
) -> Report:
    """Ask for the questionnaire of an assessment on paper: `areas` (codes, none for all) of `person` ("" for everybody).

    For everybody who sees the answers. Raises `Refused`, naming the field, when it would hold no question.
    """
    subject = member_for_reports(actor, member)
    require(may_ask_about(actor, subject))
    about: dict[str, Any] = {"areas": sorted(areas), "person": person or EVERYTHING, "filled": filled}
    sheet = sheet_of(actor, member, assessment, **about)
    if not sheet.areas:
        raise Refused(
            _("None of these areas is given to this person. Choose others, or everybody."), field="person"
        )
    with translation.override(language):
        title = _("Questionnaire: %(title)s") % {"title": sheet.assessment.title}
        if sheet.person:
            title = _("%(title)s, for %(who)s") % {"title": title, "who": sheet.person}
    report = Report(
        kind=ReportKind.SHEET, member=subject, assessment=sheet.assessment, about=about, title=title[:200],
        language=language, tlp=documents.label_of(sheet), asked_by=actor,
    )  # fmt: skip
    return _ask(actor, report, subject)


def ask_once(*, actor: User, ask: Callable[..., Report], key: str = "", **values: Any) -> str:
    """Ask for a report, once for each `key`; return the public id of the report, also when it was asked for before."""
    act = lambda: {"report": ask(actor=actor, **values).public_id}  # noqa: E731
    done = once(owner=actor.public_id, scope="report", key=key, act=act, content=sorted(values.items()))
    return str(done["report"])


def _ask(actor: User, report: Report, subject: Member | Programme) -> Report:
    about = {"member": subject} if isinstance(subject, Member) else {"programme": subject}
    if Report.objects.running().filter(**about).count() >= MOST_RUNNING:
        raise Refused(_("Five reports are being made already. Wait until one is ready, or cancel one."))
    report.save(force_insert=True)
    audit.record(
        actor=actor, action="report.asked", on=report, chain=_chain(report),
        language=report.language, input_hash=report.input_hash or None,
    )  # fmt: skip
    _queue(report)
    return report


def _queue(report: Report) -> None:
    enqueue("reports.render", key=f"report:{report.public_id}:{report.tries}", report=report.public_id)


def _chain(report: Report) -> str:
    return report.member.public_id if report.member else audit.OPERATOR_CHAIN


@transaction.atomic
def cancel_report(*, actor: User, report: str) -> None:
    """Stop a report that waits or is being made; the worker notices at its next step. Raises `Conflict` when it is over."""
    row = report_to_change(actor, report)
    require(may_ask_about(actor, row.member or row.programme))  # type: ignore[arg-type]
    stopped = (
        Report.objects.running().filter(pk=row.pk).update(state=ReportState.CANCELLED, stage="", percent=0)
    )
    if not stopped:
        raise Conflict(_("This report is no longer being made."))
    audit.record(actor=actor, action="report.cancelled", on=row, chain=_chain(row))


@transaction.atomic
def retry_report(*, actor: User, report: str) -> None:
    """Make a failed or cancelled report again. Raises `Conflict` otherwise."""
    row = report_to_change(actor, report)
    require(may_ask_about(actor, row.member or row.programme))  # type: ignore[arg-type]
    again = Report.objects.ended_badly().filter(pk=row.pk)
    if not again.update(state=ReportState.QUEUED, stage="", percent=0, error="", tries=F("tries") + 1):
        raise Conflict(_("This report has not failed."))
    row.refresh_from_db()
    audit.record(actor=actor, action="report.asked_again", on=row, chain=_chain(row), tries=row.tries)
    _queue(row)


# --- making ---------------------------------------------------------------------------------------
def render_report(*, actor: None = None, report: str, attempt: int = 1) -> None:
    """Make the file of a report; may be killed at any point and run again, also twice at once.

    The key of the file stands in the row before the file does, and the row becomes ready in one UPDATE guarded by
    that key: whoever comes later clears away what an earlier run left. `attempt` counts from 1; after `LAST_TRY`
    the report fails in words instead of being tried again.
    """
    row = _claim(report)
    if row is None:
        return
    try:
        if attempt > LAST_TRY:
            raise NotRenderable(f"given up before attempt {attempt}")
        rendered, input_hash = _rendered(row)
        _finish(row, rendered, input_hash)
    except Stopped:
        default_storage.delete(str(row.file))
    except Http404:
        _fail(row, NO_LONGER)
    except NotRenderable as fault:
        log.error("A report could not be rendered.", exc_info=fault, extra={"report": report})
        _fail(row, TOO_LARGE)
    except Exception:
        if attempt < LAST_TRY:
            raise
        log.exception("A report was given up.", extra={"report": report})
        _fail(row, BROKEN)


def _claim(report: str) -> Report | None:
    """Take the report under a fresh file key, and clear away the file of a run that was cut off."""
    row = Report.objects.filter(public_id=report).first()
    if row is None:
        return None
    key = f"reports/{secrets.token_hex(1)}/{secrets.token_hex(16)}.pdf"
    mine = Report.objects.running().filter(pk=row.pk, file=str(row.file))
    if not mine.update(state=ReportState.WORKING, file=key, stage="reading", percent=STAGES["reading"][1]):
        return None
    if row.file:
        default_storage.delete(str(row.file))
    joined = Report.objects.select_related("asked_by", "member", "programme", "result", "assessment")
    taken: Report = joined.get(pk=row.pk)
    return taken


def _rendered(row: Report) -> tuple[RenderedPdf, str]:
    with translation.override(row.language):
        document, input_hash = _document(row)
        html = documents.document_html(document)
        return render_pdf(html, language=row.language, title=row.title, progress=_teller(row)), input_hash


def _request(row: Report) -> documents.Request:
    return documents.Request(
        reference=report_code(row.public_id),
        title=row.title,
        tlp=row.tlp,
        paper=row.paper,
        reader=row.asked_by.full_name,
        made_on=localdate(),
    )


Printed = documents.AssessmentDocument | documents.ProgrammeDocument | documents.SheetDocument


def _document(row: Report) -> tuple[Printed, str]:
    if row.assessment is not None and row.member is not None:
        sheet = sheet_of(row.asked_by, row.member.public_id, row.assessment.public_id, **row.about)
        row.tlp = documents.label_of(sheet)  # evidence may have come since it was asked for
        return documents.sheet_document(sheet, _request(row)), hashlib.sha256(
            repr(sheet.areas).encode()
        ).hexdigest()
    request = _request(row)
    if row.result is not None:
        source = result_source(row.asked_by, row.result.public_id)
        return documents.assessment_document(source, request), row.input_hash
    if row.programme is None:
        raise Http404("The report is about nothing.")
    overview = programme_source(row.asked_by, row.programme.public_id)
    canonical = json.dumps(
        {**asdict(overview), "help": {**asdict(overview.help), "asked": [[*k, n] for k, n in overview.help.asked.items()]}},
        sort_keys=True, default=str,
    )  # fmt: skip
    return documents.programme_document(overview, request), hashlib.sha256(canonical.encode()).hexdigest()


def _teller(row: Report) -> Callable[[str, int], None]:
    """Writes the stage into the row at most once a second; stops the work when the row is no longer ours."""
    last = now() - timedelta(seconds=2)
    seen = ""

    def tell(stage: str, page: int) -> None:
        nonlocal last, seen
        if stage == seen and now() - last < timedelta(seconds=1):
            return
        last, seen = now(), stage
        _write_stage(row, stage, min(STAGES[stage][1] + page, 78) if stage == "layout" else STAGES[stage][1])

    return tell


def _write_stage(row: Report, stage: str, percent: int) -> None:
    if not _still_ours(row).update(stage=stage, percent=percent):
        raise Stopped


def _still_ours(row: Report) -> ReportQuerySet:
    return Report.objects.filter(pk=row.pk, state=ReportState.WORKING, file=str(row.file))


def _finish(row: Report, rendered: RenderedPdf, input_hash: str) -> None:
    _write_stage(row, "storing", STAGES["storing"][1])
    stored = default_storage.save(str(row.file), ContentFile(rendered.content))
    if stored != str(row.file):
        default_storage.delete(stored)
        raise OSError("The place of the report's file is taken.")
    digest = hashlib.sha256(rendered.content).hexdigest()
    with transaction.atomic():
        ready = _still_ours(row).update(
            state=ReportState.READY, stage="", percent=100, sha256=digest, size=len(rendered.content),
            pages=rendered.pages, input_hash=input_hash, tlp=row.tlp, renders=F("renders") + 1, ready_at=now(), error="",
        )  # fmt: skip
        if not ready:
            raise Stopped
        if row.programme is not None:
            fix_rounds(actor=None, programme=row.programme)
        audit.record(
            actor=None, action="report.made", on=row, chain=_chain(row), sha256=digest, input_hash=input_hash
        )
        _tell_asker(row, "report_ready")


def _fail(row: Report, reason: str) -> None:
    """Fail in words, once; nothing of the file stays."""
    with transaction.atomic():
        if _still_ours(row).update(state=ReportState.FAILED, stage="", percent=0, error=reason, file=""):
            audit.record(actor=None, action="report.failed", on=row, chain=_chain(row))
            _tell_asker(row, "report_failed")
    default_storage.delete(str(row.file))


def _tell_asker(row: Report, kind: str) -> None:
    address = reverse("reports:report", kwargs={"report": row.public_id})
    key = f"{kind}:{row.public_id}:{row.tries}"
    notify(actor=None, user=row.asked_by, kind=kind, key=key, url=address, title=row.title)


# --- taking ---------------------------------------------------------------------------------------
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
    if row.state != ReportState.READY:
        raise Conflict(_("This report is not ready."))
    content = _stored(str(row.file))
    if content is None:
        log.error("The file of a report is missing.", extra={"report": report})
        raise Conflict(_("The stored file is damaged. Make the report again."))
    if hashlib.sha256(content).hexdigest() != row.sha256:
        log.error("The file of a report was changed.", extra={"report": report})
        raise Conflict(_("The stored file is damaged. Make the report again."))
    audit.record(actor=actor, action="report.taken", on=row, chain=_chain(row), sha256=row.sha256)
    return OpenedFile(content, f"belay-{row.kind}-{report_code(row.public_id)[:11].lower()}.pdf", row.sha256)


def open_certificate(*, actor: User, certificate: str) -> OpenedFile:
    """The holder's own certificate in the active language, rendered once for each wording. Raises `Http404` for others."""
    text = certificate_for_print(actor, certificate)
    document = documents.certificate_document(text)
    html = documents.certificate_html(document)
    key = f"certificates/{hashlib.sha256(html.encode()).hexdigest()}.pdf"
    content = _stored(key)
    if content is None:
        content = render_pdf(html, language=get_language() or "en", title=document.title).content
        _store(key, content)
    with transaction.atomic():
        audit.record(actor=actor, action="certificate.printed", on=actor, certificate=certificate)
    return OpenedFile(
        content, f"belay-certificate-{text.code.lower()}.pdf", hashlib.sha256(content).hexdigest()
    )


def open_plan(*, actor: User, member: str, plan: str) -> OpenedFile:
    """An action plan of a member for print, in the active language, on record. Raises `Http404` for others."""
    row = get_plan(actor, member, plan)
    result = row.roadmap.result
    document = documents.plan_document(
        plan_page(actor, row), tlp=result.tlp, reader=actor.full_name, made_on=localdate()
    )
    html = documents.plan_html(document)
    content = render_pdf(html, language=get_language() or "en", title=document.request.title).content
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        audit.record(actor=actor, action="plan.printed", on=row, chain=row.member.public_id, sha256=digest)
    return OpenedFile(content, f"belay-plan-{row.public_id[:11]}.pdf", digest)


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
