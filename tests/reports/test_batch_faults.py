"""A batch under a killed worker, a full disk and a lost broker: every report exactly once, and clear words meanwhile."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.timezone import now

from apps.accounts.models import Notification
from apps.core import jobs
from apps.core.errors import Conflict
from apps.core.models import OutboxMessage
from apps.members.models import GrantReading
from apps.reports import services
from apps.reports.models import Report, ReportBatch
from apps.reports.services import batches, recovering, zips
from tests.people import Cast
from tests.reports.faults import (
    Faults,
    Killed,
    assert_clear,
    assert_exactly_once,
    leases_run_out,
    page_of,
    stored,
)
from tests.reports.rows import ask, small_result
from tests.reports.shared import batch_of, members

MEMBERS = 3


def work() -> None:
    """One worker, until nothing is due or it dies."""
    try:
        while jobs.run_waiting(300):
            pass
    except Killed:
        return


def turns(cast: Cast, batch: ReportBatch) -> None:
    """Workers one after the other; after each the page is clear."""
    for _turn in range(40):
        work()
        assert_clear(page_of(cast, batch))
        if not OutboxMessage.objects.exclude(state="done").exists():
            return
        leases_run_out()
    raise AssertionError("the batch does not end")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kinds", [("kill",), ("kill", "full")])
def test_batch_of_workers_that_die_at_any_step_is_made_exactly_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seed: int, kinds: tuple[str, ...]
) -> None:
    members(cast, MEMBERS)
    batch = batch_of(cast)
    # three at most: a report that kills its worker four times is given up, and says so
    faults = Faults(seed, kinds, number=3, among=8 * MEMBERS)
    with monkeypatch.context() as patch:
        faults.install(patch)
        turns(cast, batch)
    assert faults.seen == 3
    assert_exactly_once(cast, batch, MEMBERS)


def test_page_of_a_batch_says_that_a_worker_was_cut_off_and_that_another_try_comes(
    cast: Cast, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members(cast, 2)
    batch = batch_of(cast)
    assert {line.stage_text for line in page_of(cast, batch).lines} == {"Waiting for its turn"}

    def die(*args: Any, **more: Any) -> None:
        raise Killed

    def fail(*args: Any, **more: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "save", die)
        work()
    assert [line.stage_text for line in page_of(cast, batch).lines if line.state == "working"] == [
        "Storing the file"
    ]
    OutboxMessage.objects.filter(state="claimed").update(leased_until=now() - timedelta(seconds=1))
    assert any("cut off" in line.stage_text for line in page_of(cast, batch).lines)
    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "save", fail)
        work()
    assert {line.stage_text for line in page_of(cast, batch).lines} == {
        "Something went wrong; it is tried again by itself"
    }
    leases_run_out()
    work()
    assert_exactly_once(cast, batch, 2)


def test_full_disk_under_the_archive_is_said_and_puts_no_reading_on_record(
    cast: Cast, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members(cast, 1)
    batch = batch_of(cast)
    work()
    before = GrantReading.objects.count()

    class FullFile:
        """A disk without room: nothing can be written, and closing tries once more."""

        def __getattr__(self, name: str) -> Any:
            def full(*args: Any) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

            return full

    with monkeypatch.context() as patch:
        patch.setattr(zips, "TemporaryFile", FullFile)
        with pytest.raises(Conflict, match="no room on the disk"):
            zips.open_batch(actor=cast.manager, programme=cast.programme.public_id, batch=batch.public_id)
    assert GrantReading.objects.count() == before
    assert_exactly_once(cast, batch, 1)


@pytest.mark.django_db(transaction=True)
def test_broker_that_goes_in_the_middle_rings_again_when_it_is_back(
    cast: Cast, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members(cast, MEMBERS)
    rung: list[str] = []
    away = [False]

    def apply(args: tuple[str], **more: Any) -> None:
        if away[0] or len(rung) == 2:
            away[0] = True
            raise ConnectionError
        rung.append(args[0])

    monkeypatch.setattr(current_app.tasks["core.run_message"], "apply_async", apply)
    batch = batch_of(cast)
    assert len(rung) == 2 and page_of(cast, batch).batch.left == MEMBERS
    for pk in rung:
        assert jobs.run_message(pk)
    assert (page_of(cast, batch).batch.ready, page_of(cast, batch).batch.left) == (2, 1)
    assert_clear(page_of(cast, batch))
    away[0], before = False, list(rung)
    rung.append("")  # so that the broker takes more than two
    OutboxMessage.objects.filter(state="waiting").update(rung_at=now() - timedelta(minutes=1))
    jobs.ring_due()
    for pk in [p for p in rung if p and p not in before] + before:  # also the bells that were heard already
        jobs.run_message(pk)
    work()
    assert_exactly_once(cast, batch, MEMBERS)


def test_job_of_an_earlier_try_leaves_the_next_one_alone(cast: Cast, quick: None) -> None:
    members(cast, 1)
    batch = batch_of(cast)
    where = {"actor": cast.manager, "programme": cast.programme.public_id, "batch": batch.public_id}
    batches.cancel_batch(**where)
    batches.retry_batch(**where)
    report = Report.objects.get()
    services.render_report(report=report.public_id, attempt=4, turn=1)
    report.refresh_from_db()
    assert (report.state, report.tries) == ("queued", 2)
    work()
    assert_exactly_once(cast, batch, 1)


def test_report_cancelled_while_its_worker_died_leaves_no_file(
    cast: Cast, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members(cast, 1)
    batch = batch_of(cast)
    original = FileSystemStorage.save

    def die(*args: Any, **more: Any) -> None:
        original(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "save", die)
        work()
    batches.cancel_batch(actor=cast.manager, programme=cast.programme.public_id, batch=batch.public_id)
    assert len(stored()) == 1
    leases_run_out()
    work()
    assert stored() == [] and page_of(cast, batch).batch.state == "cancelled"


@pytest.mark.parametrize(("job", "state"), [("done", "ready"), ("dead", "failed"), ("gone", "ready")])
def test_report_whose_job_is_over_is_made_after_all_or_says_why_not(
    cast: Cast, quick: None, job: str, state: str
) -> None:
    members(cast, 1)
    batch = batch_of(cast)
    mine = OutboxMessage.objects.filter(topic="reports.render")
    mine.delete() if job == "gone" else mine.update(state=job)
    assert recovering.recover_reports() == 1
    work()
    report = Report.objects.get()
    assert report.state == state and bool(report.error) == (state == "failed")
    assert_clear(page_of(cast, batch))
    assert page_of(cast, batch).batch.state == "done" and recovering.recover_reports() == 0


def test_whoever_asked_is_told_that_a_report_was_given_up(cast: Cast) -> None:
    ask(small_result(cast.agency, cast.lead), cast.lead)
    OutboxMessage.objects.filter(topic="reports.render").update(state="dead")
    assert recovering.recover_reports() == 1
    assert Notification.objects.get(user=cast.lead).kind == "report_failed"


def test_batch_whose_last_member_went_is_closed(cast: Cast, quick: None) -> None:
    first, second = members(cast, 2)
    batch = batch_of(cast)
    services.render_report(report=Report.objects.get(member=first).public_id)
    Report.objects.get(member=second).delete()
    assert page_of(cast, batch).batch.running
    assert recovering.recover_reports() == 1
    assert page_of(cast, batch).batch.state == "done"


def test_files_that_no_report_names_go_after_a_day(cast: Cast, quick: None) -> None:
    assert recovering.clear_orphans() == 0
    members(cast, 1)
    batch = batch_of(cast)
    work()
    for name in ("reports/aa/old.pdf", "reports/aa/new.pdf"):
        default_storage.save(name, ContentFile(b"%PDF"))
    long_ago = (now() - timedelta(days=2)).timestamp()
    for name in ("reports/aa/old.pdf", str(Report.objects.get().file)):
        os.utime(Path(default_storage.path(name)), (long_ago, long_ago))
    assert recovering.clear_orphans() == 1
    assert "reports/aa/new.pdf" in stored() and "reports/aa/old.pdf" not in stored()
    default_storage.delete("reports/aa/new.pdf")
    assert_exactly_once(cast, batch, 1)
