"""The archive of a whole member: asked for by a lead, made by a worker, taken on record, deleted after some days."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit, crypto, vault
from apps.core.decisions import require
from apps.core.errors import Conflict
from apps.core.jobs import enqueue
from apps.core.rewrapping import rewraps
from apps.core.saves import once
from apps.members.policies import may_lead
from apps.members.selectors import get_member
from apps.reports.choices import ReportState
from apps.reports.models import ExportTaking, MemberExport
from apps.reports.selectors.exports import export_to_change
from apps.reports.services.whole.archive import Written, write_archive

log = logging.getLogger(__name__)
FOLDER = "exports"
PURPOSE = "evidence"  # the member's key: erasing it closes its archives too
LAST_TRY = 4
BROKEN = gettext_noop(
    "Something went wrong while the archive was made. Try again; if it fails again, ask for help."
)
NO_LEAD = gettext_noop("The person who asked for it is no lead of the member any more.")


class Stopped(Exception):
    """The archive was deleted while it was made, or another worker was quicker."""


@dataclass(frozen=True, slots=True)
class OpenedExport:
    """An archive to hand out piece by piece: the name to save it under, its size in bytes, its SHA-256."""

    parts: Iterator[bytes]
    name: str
    size: int
    sha256: str


@transaction.atomic
def request_export(*, actor: User, member: str) -> MemberExport:
    """Ask for everything the site holds of a member. Raises `Conflict` while one is being made."""
    subject = get_member(actor, member)
    require(may_lead(actor, subject))
    try:
        with transaction.atomic():
            row = MemberExport.objects.create(member=subject, asked_by=actor)
    except IntegrityError as fault:
        raise Conflict(
            _("An archive is being made already. Wait until it is ready, or delete it.")
        ) from fault
    audit.record(actor=actor, action="export.asked", on=row, chain=subject.public_id)
    enqueue("reports.export_member", key=f"export:{row.public_id}", export=row.public_id)
    return row


def ask_export_once(*, actor: User, member: str, key: str = "") -> str:
    """Ask for an archive, once for each `key`; return its public id, also when it was asked for before."""
    act = lambda: {"export": request_export(actor=actor, member=member).public_id}  # noqa: E731
    done = once(owner=actor.public_id, scope="member-export", key=key, act=act, content=(member,))
    return str(done["export"])


def make_export(*, actor: None = None, export: str, attempt: int = 1) -> None:
    """Make the archive; may be killed at any point and run again, also twice at once: the first to end counts.

    What an earlier run left is a sealed file whose key was never stored: nobody can read it.
    """
    row = MemberExport.objects.running().select_related("member", "asked_by").filter(public_id=export).first()
    if row is None:
        return
    if not may_lead(row.asked_by, row.member).allowed:
        _fail(row, NO_LEAD)
        return
    try:
        _make(row)
    except Stopped:
        log.info("An archive was deleted while it was made.", extra={"export": export})
    except Exception:
        if attempt < LAST_TRY:
            raise
        log.exception("An archive was given up.", extra={"export": export})
        _fail(row, BROKEN)


def _make(row: MemberExport) -> None:
    moment = now()
    with (
        tempfile.TemporaryFile() as target,
        translation.override(row.asked_by.language or settings.LANGUAGE_CODE),
    ):
        written = write_archive(
            target, row.member, export=row.public_id, made_at=moment, progress=lambda *at: _tell(row, *at)
        )
        _tell(row, "storing", 95)
        sealed = vault.put(target, whose=_whose(row))
    try:
        _finish(row, sealed, written)
    except BaseException:
        vault.discard(sealed.name, folder=FOLDER)
        raise


def _tell(row: MemberExport, stage: str, percent: int) -> None:
    """Write down how far it is; stop when the row is no longer there to be filled."""
    if (row.stage, row.percent) == (stage, percent):
        return
    row.stage, row.percent = stage, percent
    running = MemberExport.objects.running().filter(pk=row.pk)
    if not running.update(state=ReportState.WORKING, stage=stage, percent=percent):
        raise Stopped


@transaction.atomic
def _finish(row: MemberExport, sealed: vault.Sealed, written: Written) -> None:
    until = now() + timedelta(days=settings.EXPORT_KEEP_DAYS)
    ready = MemberExport.objects.running().filter(pk=row.pk).update(
        state=ReportState.READY, stage="", percent=100, error="", file=sealed.name, file_key=sealed.key,
        key_version=sealed.key_version, sha256=sealed.sha256, size=sealed.size, files=written.files,
        left_out=written.left_out, statement=written.statement, ready_at=now(), expires_at=until,
    )  # fmt: skip
    if not ready:
        raise Stopped
    audit.record(
        actor=None, action="export.made", on=row, chain=row.member.public_id, sha256=sealed.sha256,
        statement=written.statement, files=written.files,
    )  # fmt: skip
    _tell_asker(row, "export_ready")


@transaction.atomic
def _fail(row: MemberExport, reason: str) -> None:
    """Fail in words, once."""
    open_one = MemberExport.objects.running().filter(pk=row.pk)
    if open_one.update(state=ReportState.FAILED, stage="", percent=0, error=reason):
        audit.record(actor=None, action="export.failed", on=row, chain=row.member.public_id)
        _tell_asker(row, "export_failed")


def _tell_asker(row: MemberExport, kind: str) -> None:
    url = reverse("reports:exports", kwargs={"member": row.member.public_id})
    notify(
        actor=None,
        user=row.asked_by,
        kind=kind,
        key=f"{kind}:{row.public_id}",
        url=url,
        member=row.member.name,
    )


def open_export(*, actor: User, export: str) -> OpenedExport:
    """A ready archive, proven whole, its taking on record. Raises `Http404` for others, `Conflict` when it is not there."""
    row = export_to_change(actor, export)
    require(may_lead(actor, row.member))
    if row.state == ReportState.EXPIRED or (row.expires_at and row.expires_at <= now()):
        raise Conflict(_("The archive was kept for its time and is gone. Ask for a new one."))
    if row.state != ReportState.READY:
        raise Conflict(_("This archive is not ready."))
    parts = vault.proven(_sealed(row), whose=_whose(row))
    with transaction.atomic():
        ExportTaking.objects.create(export=row, by=actor)
        audit.record(
            actor=actor, action="export.taken", on=row, chain=row.member.public_id, sha256=row.sha256
        )
    return OpenedExport(parts, f"belay-member-{row.member.public_id[:11]}.zip", row.size, row.sha256)


@transaction.atomic
def delete_export(*, actor: User, export: str) -> str:
    """Delete an archive, ready or not, with its file; return the public id of its member."""
    row = export_to_change(actor, export)
    require(may_lead(actor, row.member))
    locked = MemberExport.objects.select_for_update().filter(pk=row.pk).first()
    if locked is not None:
        _destroy_later(str(locked.file))
        audit.record(actor=actor, action="export.deleted", on=row, chain=row.member.public_id)
        locked.delete()
    return row.member.public_id


def _destroy_later(name: str) -> None:
    if name:
        enqueue("reports.destroy_export", key=f"export-file:{name}", name=name)


def destroy_export_file(*, actor: None = None, name: str) -> None:
    """Delete one stored archive that no row names any more; bears being called twice."""
    if not MemberExport.objects.filter(file=name).exists():
        vault.discard(name, folder=FOLDER)


@transaction.atomic
def sweep_exports(*, actor: None = None) -> int:
    """Let archives go whose time is over; the rows stay as expired, without a key. Return how many."""
    old = MemberExport.objects.select_for_update().ready().filter(expires_at__lte=now()).order_by("pk")
    rows = list(old[:100])
    for row in rows:
        _destroy_later(str(row.file))
        gone = MemberExport.objects.filter(pk=row.pk)
        gone.update(state=ReportState.EXPIRED, file="", file_key="", percent=0)
    return len(rows)


def _whose(row: MemberExport) -> vault.Whose:
    about = f"belay member export 1|{row.member.public_id}|{row.public_id}"
    return vault.Whose(row.member.public_id, PURPOSE, about, FOLDER, row.public_id)


def _sealed(row: MemberExport) -> vault.Sealed:
    return vault.Sealed(str(row.file.name or ""), row.file_key, row.key_version, row.size, row.sha256)


@rewraps
def rewrap_exports(owner: str, purpose: str) -> int:
    """Wrap the keys of a member's archives under its newest key; return how many. Runs inside the rotation."""
    if purpose != PURPOSE:
        return 0
    held = MemberExport.objects.select_for_update(of=("self",)).filter(member__public_id=owner)
    rows: list[Any] = list(held.exclude(file_key="").select_related("member").order_by("pk"))
    for row in rows:
        wrapped, version = crypto.rewrap_file_key(
            row.file_key, owner=owner, purpose=purpose, version=row.key_version, about=_whose(row).about
        )
        MemberExport.objects.filter(pk=row.pk).update(file_key=wrapped, key_version=version)
    return len(rows)
