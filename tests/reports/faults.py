"""A disk and an engine that fail at drawn moments, and what must be true of a batch afterwards."""

from __future__ import annotations

import errno
import hashlib
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.timezone import now

from apps.accounts.models import Notification
from apps.core import audit
from apps.core.models import AuditEntry, OutboxMessage
from apps.reports import services
from apps.reports.models import Report, ReportBatch
from apps.reports.pdf import RenderedPdf
from apps.reports.selectors.batches import BatchPage, batch_page
from apps.reports.services import zips
from tests.people import Cast


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs, nothing catches it."""


class Faults:
    """Kills, or a full disk, at drawn steps of the work: at `number` of the first `among` steps."""

    def __init__(self, seed: int, kinds: tuple[str, ...], number: int, among: int) -> None:
        dice = random.Random(seed)
        self.at = {step: dice.choice(kinds) for step in dice.sample(range(1, among + 1), number)}
        self.steps = self.seen = 0

    def step(self) -> None:
        """A moment at which the process may die or the disk be full."""
        self.steps += 1
        fault = self.at.get(self.steps)
        self.seen += fault is not None
        if fault == "kill":
            raise Killed
        if fault == "full":
            raise OSError(errno.ENOSPC, "No space left on device")

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Steps before, in and after each thing that leaves a trace."""
        store = FileSystemStorage
        save, delete = store.save, store.delete
        record = audit.record

        def saving(this: Any, name: str, content: Any, **more: Any) -> str:
            self.step()
            try:
                self.step()
            except BaseException:
                save(this, name, ContentFile(content.read()[:7]), **more)  # half of it is there
                raise
            stored: str = save(this, name, content, **more)
            self.step()
            return stored

        def deleting(this: Any, name: str) -> None:
            self.step()
            delete(this, name)
            self.step()

        def recording(**values: Any) -> Any:
            self.step()
            return record(**values)

        def engine(
            html: str, *, language: str, title: str, progress: Callable[[str, int], None]
        ) -> RenderedPdf:
            for page in range(1, 4):
                self.step()
                progress("layout", page)
            return RenderedPdf(b"%PDF-1.7 " + title.encode(), 3)

        patch.setattr(store, "save", saving)
        patch.setattr(store, "delete", deleting)
        patch.setattr(services.rendering.audit, "record", recording)
        patch.setattr(services.rendering, "render_pdf", engine)


def leases_run_out() -> None:
    """Time goes on: what a dead worker held can be taken, and what waits for another try is due."""
    OutboxMessage.objects.filter(state="claimed").update(leased_until=now() - timedelta(seconds=1))
    OutboxMessage.objects.filter(state="waiting").update(not_before=now())


def stored() -> list[str]:
    """The names of all stored files of reports."""
    root = Path(default_storage.path("reports"))
    found = (p for p in root.rglob("*") if p.is_file()) if root.exists() else iter(())
    return sorted(f"reports/{p.relative_to(root)}" for p in found)


def page_of(cast: Cast, batch: ReportBatch) -> BatchPage:
    return batch_page(cast.manager, cast.programme.public_id, batch.public_id)


def assert_clear(page: BatchPage) -> None:
    """Every report has a state in words; one being made says what happens; the batch is over exactly when nothing is left."""
    for line in page.lines:
        assert line.state_text and (line.stage_text or not line.running) and (line.why or not line.failed)
    assert page.batch.running == any(line.running for line in page.lines)
    assert (page.batch.ready, page.batch.failed, page.batch.left) == (
        sum(line.ready for line in page.lines),
        sum(line.failed for line in page.lines),
        sum(line.running for line in page.lines),
    )


def assert_exactly_once(cast: Cast, batch: ReportBatch, number: int) -> None:
    """One report for each member, one file for each report and none besides, one archive, told once, on record once."""
    batch.refresh_from_db()
    rows = list(Report.objects.filter(batch=batch))
    assert batch.state == "done" and len({row.member_id for row in rows}) == len(rows) == number
    ends = [(row.state, row.renders, row.error) for row in rows]
    assert ends == [("ready", 1, "")] * number, ends
    assert stored() == sorted(str(row.file) for row in rows)
    assert sorted(
        AuditEntry.objects.filter(action="report.made").values_list("object_id", flat=True)
    ) == sorted(row.public_id for row in rows)
    assert Notification.objects.filter(kind="batch_ready").count() == 1
    assert not OutboxMessage.objects.filter(topic__startswith="reports.").exclude(state="done").exists()
    archive = opened(cast, batch)
    entries = json.loads(archive.read("manifest.json"))["reports"]
    assert len(entries) == len(set(archive.namelist())) - 1 == number
    for entry in entries:
        assert hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"]


def opened(cast: Cast, batch: ReportBatch) -> zipfile.ZipFile:
    made = zips.open_batch(actor=cast.manager, programme=cast.programme.public_id, batch=batch.public_id)
    parts: Iterator[bytes] = made.parts
    return zipfile.ZipFile(BytesIO(b"".join(parts)))
