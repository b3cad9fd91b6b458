"""Make a report: claimed by one worker, told stage by stage, finished or failed in words."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.services import notify
from apps.assessments.selectors.sharing import strictest
from apps.assessments.selectors.sheet import sheet_of
from apps.assessments.services import fix_rounds
from apps.core import audit
from apps.core.pdfseals import NotSigned
from apps.members.policies import site_day
from apps.members.services import record_reading
from apps.reports import documents
from apps.reports.choices import STAGES, ReportKind, ReportState
from apps.reports.models import Report
from apps.reports.pdf import NotRenderable, RenderedPdf, render_pdf
from apps.reports.querysets import ReportQuerySet
from apps.reports.selectors import (
    ResultSource,
    matching_source,
    programme_source,
    report_code,
    result_source,
)
from apps.reports.selectors.granted import granted_source, still_shared
from apps.reports.services.asking import chain_of
from apps.reports.services.keeping import destroy_later
from apps.reports.services.papers import MAKERS
from apps.reports.services.settling import settle_batch

log = logging.getLogger(__name__)

LAST_TRY = 4
TOO_LARGE = gettext_noop(
    "The report became too large or took too long. Ask for help, and name the reference."
)
NOT_SIGNED = gettext_noop(
    "The report could not be signed. Tell the administrators of the site; the report can be made again afterwards."
)
NO_LONGER = gettext_noop("What the report is about can no longer be seen by the person who asked for it.")
NO_ROOM = gettext_noop(
    "There was no room on the disk for the file. Ask for help, and try again once there is room."
)
FULL = (errno.ENOSPC, errno.EDQUOT)
BROKEN = gettext_noop(
    "Something went wrong while the report was made. Try again; if it fails again, ask for help."
)


class Stopped(Exception):
    """The report was cancelled, or another worker took it over."""


class TakenOver(Exception):
    """Two workers reached for the report at once. Whoever came second looks again later: the first may die."""


def render_report(*, actor: None = None, report: str, attempt: int = 1, turn: int = 0) -> None:
    """Make the file of a report; may be killed at any point and run again, also twice at once.

    The key of the file stands in the row before the file does, and the row becomes ready in one UPDATE guarded by
    that key: whoever comes later clears away what an earlier run left. `attempt` counts from 1; after `LAST_TRY`
    the report fails in words instead of being tried again. `turn` is the try that the job was written for (0 for
    any): the job of an earlier one leaves the report alone. Raises `TakenOver` when another worker took it this moment.
    """
    row = _claim(report, turn)
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
    except Exception as fault:
        full = isinstance(fault, OSError) and fault.errno in FULL
        if attempt < LAST_TRY:
            if full:
                _wait_for_room(row)
            raise
        log.exception("A report was given up.", extra={"report": report})
        _fail(row, NO_ROOM if full else NOT_SIGNED if isinstance(fault, NotSigned) else BROKEN)


def _wait_for_room(row: Report) -> None:
    """Leave nothing of the file on the full disk, and say what is waited for; the outbox tries again."""
    default_storage.delete(str(row.file))
    _still_ours(row).update(stage="room", percent=STAGES["room"][1])


def _claim(report: str, turn: int) -> Report | None:
    """Take the report under a fresh file key; the file of a run that was cut off goes, by a job of the same commit."""
    row = Report.objects.filter(public_id=report).first()
    if row is None or turn not in (0, row.tries):
        return None
    if row.state not in (ReportState.QUEUED, ReportState.WORKING):
        _clear_leavings(row)
        return None
    key = f"reports/{secrets.token_hex(1)}/{secrets.token_hex(16)}.pdf"
    mine = Report.objects.running().filter(pk=row.pk, file=str(row.file))
    with transaction.atomic():
        if not mine.update(
            state=ReportState.WORKING, file=key, stage="reading", percent=STAGES["reading"][1], pages=0
        ):
            raise TakenOver(report)
        if row.file:
            destroy_later([str(row.file)])
    joined = Report.objects.select_related(
        "asked_by", "member", "programme", "result", "assessment", "batch", "grant__member"
    )
    taken: Report = joined.get(pk=row.pk)
    return taken


@transaction.atomic
def _clear_leavings(row: Report) -> None:
    """A report that was cancelled while its worker died still names a file: nobody else would clear it away."""
    ended = Report.objects.ended_badly().filter(pk=row.pk, file=str(row.file))
    if row.file and ended.update(file=""):
        destroy_later([str(row.file)])


def _rendered(row: Report) -> tuple[RenderedPdf, str]:
    with translation.override(row.language):
        html, input_hash = report_html(row)
        return render_pdf(html, language=row.language, title=row.title, progress=_teller(row)), input_hash


def report_html(row: Report) -> tuple[str, str]:
    """The page of a report in the active language, as its reader may see it now, and the hash of what it is made from.

    Raises `Http404` when the person who asks may not see what it is about.
    """
    document, input_hash = _document(row)
    return documents.document_html(document), input_hash


def _request(row: Report) -> documents.Request:
    return documents.Request(
        reference=report_code(row.public_id) if row.pk else _("Preview"),
        title=row.title,
        tlp=row.tlp,
        paper=row.paper,
        reader=row.asked_by.full_name,
        made_on=site_day(),
        head=audit.head_line(audit.OPERATOR_CHAIN if row.batch_id else chain_of(row)),
    )


def _document(row: Report) -> tuple[documents.Printed, str]:
    if row.assessment is not None and row.member is not None:
        sheet = sheet_of(row.asked_by, row.member.public_id, row.assessment.public_id, **row.about)
        row.tlp = strictest(
            [row.tlp, documents.label_of(sheet)]
        )  # evidence may have come since it was asked for
        return documents.sheet_document(sheet, _request(row)), hashlib.sha256(
            repr(sheet.areas).encode()
        ).hexdigest()
    request = _request(row)
    if row.kind in MAKERS:
        return MAKERS[row.kind](row, request)
    if row.result is not None:
        source = _result_source(row)
        return documents.assessment_document(source, request), row.input_hash
    if row.programme is None:
        raise Http404("The report is about nothing.")
    if row.kind == ReportKind.ROUND:
        matching = matching_source(row.asked_by, row.programme.public_id, str(row.about.get("round")))
        return documents.round_document(matching, request), matching.certificate.input_hash
    overview = programme_source(row.asked_by, row.programme.public_id)
    canonical = json.dumps(
        {**asdict(overview), "help": {**asdict(overview.help), "asked": [[*k, n] for k, n in overview.help.asked.items()]}},
        sort_keys=True, default=str,
    )  # fmt: skip
    return documents.programme_document(overview, request), hashlib.sha256(canonical.encode()).hexdigest()


def _result_source(row: Report) -> ResultSource:
    """Of a batch what the member shares with the programme; else what its own people see."""
    if row.batch_id:
        return granted_source(row.asked_by, row)
    assert row.result is not None
    return result_source(row.asked_by, row.result.public_id)


def _teller(row: Report) -> Callable[[str, int], None]:
    """Writes the stage into the row at most once a second; stops the work when the row is no longer ours."""
    last = now() - timedelta(seconds=2)
    seen = ""

    def tell(stage: str, page: int) -> None:
        nonlocal last, seen
        if stage == seen and now() - last < timedelta(seconds=1):
            return
        last, seen = now(), stage
        percent = min(STAGES[stage][1] + page, 78) if stage == "layout" else STAGES[stage][1]
        _write_stage(row, stage, percent, page)

    return tell


def _write_stage(row: Report, stage: str, percent: int, pages: int = 0) -> None:
    so_far = {"pages": pages} if pages else {}
    if not _still_ours(row).update(stage=stage, percent=percent, **so_far):
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
            signed_by=rendered.signed_by[:200], certificate=rendered.certificate,
        )  # fmt: skip
        if not ready:
            raise Stopped
        if row.programme is not None:
            fix_rounds(actor=None, programme=row.programme)
        audit.record(
            actor=None,
            action="report.made",
            on=row,
            chain=chain_of(row),
            sha256=digest,
            input_hash=input_hash,
            **({"certificate": rendered.certificate} if rendered.certificate else {}),
        )
        if row.batch_id and not still_shared(row, row.asked_by):
            raise Http404("It was withdrawn while the report was made.")
        if row.grant is not None:
            record_reading(actor=row.asked_by, grant=row.grant, what=row.title[:120])
        tell_asker(row, "report_ready")


def _fail(row: Report, reason: str) -> None:
    """Fail in words, once; nothing of the file stays."""
    with transaction.atomic():
        if _still_ours(row).update(state=ReportState.FAILED, stage="", percent=0, error=reason, file=""):
            audit.record(actor=None, action="report.failed", on=row, chain=chain_of(row))
            tell_asker(row, "report_failed")
    default_storage.delete(str(row.file))


def tell_asker(row: Report, kind: str) -> None:
    """Tell the person who asked; those who asked for a batch are told when all of it has ended."""
    if row.batch_id:
        settle_batch(row)
        return
    address = reverse("reports:report", kwargs={"report": row.public_id})
    key = f"{kind}:{row.public_id}:{row.tries}"
    notify(actor=None, user=row.asked_by, kind=kind, key=key, url=address, title=row.title)
