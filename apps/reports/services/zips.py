"""All ready reports of a batch in one archive, as its reader may have them at this moment."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any
from weakref import finalize

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict
from apps.members.policies import may_manage
from apps.reports.models import Report
from apps.reports.selectors import report_code
from apps.reports.selectors.batches import BatchLine, batch_page, batch_to_change
from apps.reports.services.files import stored_file
from apps.reports.services.keeping import note_taking

log = logging.getLogger(__name__)
CHUNK = 65_536
FULL = (errno.ENOSPC, errno.EDQUOT)
MOMENT = (1980, 1, 1, 0, 0, 0)
UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class OpenedArchive:
    """An archive to hand out piece by piece: the name to save it under, its size in bytes, its SHA-256."""

    parts: Iterator[bytes]
    name: str
    size: int
    sha256: str


def open_batch(*, actor: User, programme: str, batch: str) -> OpenedArchive:
    """The ready reports of a batch that are shared at this moment, each taking on record; `manifest.json` names every member.

    The same reports give the same bytes. Written to a file of the system's, so that memory stays flat. Raises `Http404` if
    the batch is not for this person, `Conflict` while none of it is ready or where the disk has no room for the archive.
    """
    with transaction.atomic():
        row = batch_to_change(actor, programme, batch)
        require(may_manage(actor, row.programme))
        page = batch_page(actor, programme, batch)
        mine = (
            Report.objects.shared_with(actor)
            .ready()
            .filter(batch=row)
            .select_related("member", "grant__member")
        )
        # by the chain that each taking is written to: two archives at once lock them in one order
        ready = list(mine.order_by("member__public_id"))
        if not ready:
            raise Conflict(_("No report of this batch is ready, or none is shared any more."))
        target = TemporaryFile()  # noqa: SIM115  it is closed when its last piece was sent
        try:
            kept = _write(
                target,
                ready,
                page.lines + page.left_out,
                {"batch": row.public_id, "programme": row.programme.name},
            )
            for report in kept:
                note_taking(actor, report)
            audit.record(actor=actor, action="batch.taken", on=row, reports=len(kept))
        except BaseException as fault:
            _let_go(target)
            if isinstance(fault, OSError) and fault.errno in FULL:
                raise Conflict(_("There is no room on the disk for the archive. Try again later.")) from fault
            raise
    size, digest = _measured(target)
    return OpenedArchive(_Pieces(target), f"belay-reports-{row.public_id[:11]}.zip", size, digest)


def _let_go(target: IO[bytes]) -> None:
    """Close a file that could not be written; what the full disk refused before may be refused once more."""
    with suppress(OSError):
        target.close()


def _write(
    target: IO[bytes], ready: list[Report], lines: tuple[BatchLine, ...], about: dict[str, Any]
) -> list[Report]:
    """Write the archive; return the reports that are in it. A file that is damaged is left out and said."""
    kept, listed, damaged = [], [], set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for report in sorted(ready, key=lambda r: _file_name(r)):
            content = stored_file(report)
            if content is None:
                damaged.add(report.public_id)
                continue
            name = _file_name(report)
            _add(archive, name, content)
            listed.append(_entry(report, name))
            kept.append(report)
        others = [_other(line, damaged) for line in lines if not line.ready or line.report in damaged]
        manifest = {"format": "belay-reports", "version": 1, **about, "reports": listed, "others": others}
        _add(
            archive,
            "manifest.json",
            json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True).encode(),
        )
    if not kept:
        raise Conflict(_("The stored files of this batch are damaged. Make it again."))
    return sorted(kept, key=lambda r: r.member.public_id if r.member else "")


def _entry(report: Report, name: str) -> dict[str, Any]:
    assert report.member is not None
    return {
        "file": name, "member": report.member.name, "reference": report_code(report.public_id), "sha256": report.sha256,
        "bytes": report.size, "pages": report.pages, "label": report.tlp, "input_hash": report.input_hash,
    }  # fmt: skip


def _other(line: BatchLine, damaged: set[str]) -> dict[str, str]:
    """Why a member is not in the archive, in words."""
    why = _("The stored file is damaged. Make the report again.") if line.report in damaged else line.why
    return {"member": line.member, "why": why or line.state_text}


def _file_name(report: Report) -> str:
    """The member's name in plain letters, and the start of the reference: safe everywhere, and never twice."""
    assert report.member is not None
    plain = unicodedata.normalize("NFKD", report.member.name).encode("ascii", "ignore").decode().lower()
    stem = UNSAFE.sub("-", plain).strip("-")[:60].strip("-") or "member"
    return f"{stem}-{report_code(report.public_id)[:11].lower()}.pdf"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, MOMENT)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    archive.writestr(info, content)


def _measured(target: IO[bytes]) -> tuple[int, str]:
    target.seek(0)
    digest = hashlib.sha256()
    while piece := target.read(CHUNK):
        digest.update(piece)
    return target.tell(), digest.hexdigest()


class _Pieces(Iterator[bytes]):
    """The file piece by piece; closed after the last one, or when nobody asks for it."""

    def __init__(self, source: IO[bytes]) -> None:
        source.seek(0)
        self.source = source
        # not `__del__`: among what is collected together, the file could go first and complain
        self._done = finalize(self, source.close)

    def __next__(self) -> bytes:
        piece = b"" if self.source.closed else self.source.read(CHUNK)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Let the file go."""
        self._done()
