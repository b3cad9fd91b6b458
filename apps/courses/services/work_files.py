"""The file of a learner's piece of work: taken in like evidence, sealed, scanned, read on record, shown and destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit, crypto, vault
from apps.core.clamav import Answer, Unreachable, scan
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.filecheck.kinds import clean_name
from apps.core.intake import Verdict, inspect
from apps.core.jobs import enqueue
from apps.courses.choices import WORK_FILE_BYTES, OfferState, WorkFileState
from apps.courses.models import Artefact, WorkFile
from apps.courses.policies import may_learn
from apps.courses.selectors.places import enrolment_of

FOLDER = PURPOSE = "work"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class OpenedWork:
    """A file on its way to a reader: proven whole, to be sent in parts."""

    row: WorkFile
    parts: Iterator[bytes]


def _whose(row: WorkFile) -> vault.Whose:
    owner = row.artefact.enrolment.user.public_id
    return vault.Whose(owner, PURPOSE, f"belay work 1|{owner}|{row.public_id}", FOLDER, row.public_id)


def add_work_file(*, actor: User, course: str, upload: IO[bytes], name: str) -> WorkFile:
    """Put a file beside the words of the actor's work, in the place of one that is there.

    It is judged before the transaction, by its bytes and in a process of its own. Raises Http404 without a piece of work,
    Refused for what is not taken.
    """
    require(may_learn(actor))
    _work(actor, course)
    verdict = _judged(upload, name)
    row = WorkFile(
        title=(clean_name(name) or _("File without a name"))[:200], content_type=verdict.content_type,
        state=WorkFileState.WAITING if settings.CLAMAV_ADDRESS else WorkFileState.NOT_SCANNED,
    )  # fmt: skip
    try:
        with transaction.atomic():
            work = _work(actor, course, lock=True)
            _remove(actor, work)
            row.artefact = work
            _seal(row, verdict)
            row.save()
            _ask_scanner(row)
            audit.record(actor=actor, action="work.file_added", on=row, sha256=row.sha256, size=row.size)
    except Exception:
        vault.discard(str(row.file.name or ""), folder=FOLDER)
        raise
    finally:
        verdict.close()
    return row


def _work(actor: User, course: str, *, lock: bool = False) -> Artefact:
    held = enrolment_of(actor, course)
    rows = Artefact.objects.select_related("enrolment__user")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    work = rows.filter(enrolment=held).first() if held else None
    if work is None:
        raise Http404
    return work


def _judged(upload: IO[bytes], name: str) -> Verdict:
    verdict = inspect(upload, name=name, limit=WORK_FILE_BYTES)
    if not verdict.accepted:
        raise Refused(verdict.reason, field="file")
    if verdict.locked:
        verdict.close()
        raise Refused(_("A file with a password cannot be checked. Save it without one."), field="file")
    return verdict


def _seal(row: WorkFile, verdict: Verdict) -> None:
    assert verdict.content is not None
    try:
        made = vault.put(verdict.content, whose=_whose(row))
    except crypto.Unreadable as fault:
        raise Refused(
            _("The file cannot be sealed: a key of the site is missing. Tell its administrators."),
            field="file",
        ) from fault
    row.file.name, row.file_key, row.key_version = made.name, made.key, made.key_version
    row.size, row.sha256 = made.size, made.sha256


@transaction.atomic
def remove_work_file(*, actor: User, course: str) -> None:
    """Take the file away. What was offered with it stays readable there until the offer is decided. Raises Http404."""
    require(may_learn(actor))
    if not _remove(actor, _work(actor, course, lock=True)):
        raise Http404


def _remove(actor: User, work: Artefact) -> bool:
    row = work.files.filter(removed_at__isnull=True).first()
    if row is None:
        return False
    WorkFile.objects.filter(pk=row.pk).update(removed_at=now())
    audit.record(actor=actor, action="work.file_removed", on=row)
    discard_if_unused(actor=actor, file=row)
    return True


@transaction.atomic
def discard_if_unused(*, actor: User | None, file: WorkFile) -> None:
    """Queue the destruction of a removed file once no open offer needs it."""
    row = WorkFile.objects.get(pk=file.pk)
    if row.removed_at and not row.offers.filter(state=OfferState.OFFERED).exists():
        enqueue("courses.destroy_work_file", key=f"destroy-work:{row.public_id}", work_file=row.public_id)


def destroy_work_file(*, work_file: str) -> None:
    """Delete a removed file and forget its key; one that an open offer needs is left alone."""
    row = WorkFile.objects.filter(public_id=work_file, removed_at__isnull=False).first()
    if row is None or row.offers.filter(state=OfferState.OFFERED).exists():
        return
    vault.discard(str(row.file.name or ""), folder=FOLDER)
    WorkFile.objects.filter(pk=row.pk).update(file="", file_key="")


@transaction.atomic
def show_work(*, actor: User, course: str, shown: bool) -> Artefact:
    """Let the trainers of the actor's cohorts read the work, or no longer. Raises Http404."""
    require(may_learn(actor))
    work = _work(actor, course, lock=True)
    if bool(work.shown_at) == shown:
        return work
    work.shown_at = now() if shown else None
    work.save(update_fields=["shown_at"])
    audit.record(actor=actor, action="work.shown" if shown else "work.hidden", on=work)
    return work


def read_work_file(*, actor: User, file: WorkFile, chain: str = "") -> OpenedWork:
    """A file that a selector found for this reader, on record (with `chain`, a member's). Raises Refused, Conflict."""
    require(may_learn(actor))
    parts = prove_work_file(actor=actor, file=file)
    with transaction.atomic():
        audit.record(actor=actor, action="work.file_read", on=file, chain=chain, sha256=file.sha256)
    return OpenedWork(file, parts)


def prove_work_file(*, actor: User, file: WorkFile) -> Iterator[bytes]:
    """The file in parts, proven whole. Raises Conflict while its state bars it, Refused when the store has another."""
    if file.state == WorkFileState.WAITING:
        raise Conflict(_("This file waits for the scanner. It can be opened once its state is known."))
    if not file.can_be_opened:
        raise Conflict(
            _("Harmful content was found in this file, or it cannot be scanned. Nobody can open it.")
        )
    kept = vault.Sealed(str(file.file.name or ""), file.file_key, file.key_version, file.size, file.sha256)
    try:
        return vault.proven(kept, whose=_whose(file))
    except vault.Unreadable as fault:
        _record_unreadable(actor=actor, file=file, cause=fault.cause)
        raise


@transaction.atomic
def _record_unreadable(*, actor: User | None, file: WorkFile, cause: str) -> None:
    audit.record(actor=actor, action="work.file_unreadable", on=file, cause=cause, sha256=file.sha256)


def _ask_scanner(row: WorkFile, attempt: int = 0) -> None:
    if row.state != WorkFileState.WAITING:
        return
    pause = min(FIRST_PAUSE * 2 ** min(attempt - 1, 10), LONGEST_PAUSE) if attempt else timedelta(0)
    key = f"scan-work:{row.public_id}:{attempt}"
    enqueue("courses.scan_work_file", key=key, delay=pause, work_file=row.public_id, attempt=attempt)


def scan_work_file(*, work_file: str, attempt: int) -> None:
    """Scan one waiting file and write down what came of it; a scanner that does not answer is asked again, later each time."""
    rows = WorkFile.objects.select_related(
        "artefact__enrolment__user", "artefact__enrolment__version_of__course"
    )
    row = rows.filter(public_id=work_file, state=WorkFileState.WAITING, removed_at__isnull=True).first()
    if row is None:
        return
    if not settings.CLAMAV_ADDRESS:
        _settle(actor=None, file=row, state=WorkFileState.NOT_SCANNED)
        return
    kept = vault.Sealed(str(row.file.name), row.file_key, row.key_version, row.size, row.sha256)
    try:
        parts = vault.proven(kept, whose=_whose(row))
        said = scan(parts, address=settings.CLAMAV_ADDRESS, timeout=settings.CLAMAV_TIMEOUT)
    except Unreachable:
        with transaction.atomic():
            _ask_scanner(row, attempt + 1)
        return
    except vault.Unreadable as fault:
        _record_unreadable(actor=None, file=row, cause=fault.cause)
        return
    _settle(actor=None, file=row, state=_state_of(said), signature=said.signature)


def _state_of(said: Answer) -> WorkFileState:
    if not said.looked:
        return WorkFileState.LOCKED
    return WorkFileState.INFECTED if said.signature else WorkFileState.CLEAN


@transaction.atomic
def _settle(*, actor: User | None, file: WorkFile, state: WorkFileState, signature: str = "") -> None:
    rows = WorkFile.objects.filter(pk=file.pk, state=WorkFileState.WAITING)
    if not rows.update(state=state, scanned_at=now()):
        return
    audit.record(
        actor=actor, action="work.file_scanned", on=file, state=state.value, signature=signature or None
    )
    if state == WorkFileState.INFECTED:
        enrolment = file.artefact.enrolment
        url = reverse("courses:artefact", kwargs={"course": enrolment.version_of.course.slug})
        notify(
            actor=None, user=enrolment.user, kind="work_file_harmful", key=f"harmful:{file.public_id}", url=url,
            title=file.title,
        )  # fmt: skip
