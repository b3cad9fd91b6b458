"""From the wish for a report to the file: stages, cancelling, failing, and resuming after a kill with one file left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import Notification
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry, OutboxMessage
from apps.members.models import Membership
from apps.reports import services
from apps.reports.models import Report
from apps.reports.pdf import RenderedPdf
from tests.people import Cast
from tests.reports.rows import ask, small_result


def files() -> list[str]:
    """Every stored file of reports."""
    root = Path(default_storage.path("reports"))
    return sorted(str(path) for path in root.rglob("*.pdf")) if root.exists() else []


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the engine where the test is about the flow: it tells its stages and gives a small file."""

    def engine(html: str, *, language: str, title: str, progress: Callable[[str, int], None]) -> RenderedPdf:
        progress("styles", 0)
        progress("layout", 1)
        progress("writing", 0)
        return RenderedPdf(b"%PDF-1.7 " + title.encode(), 3)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)


def test_job_makes_the_file_and_tells_the_person(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    assert jobs.run_waiting() >= 1
    report.refresh_from_db()
    content = Path(files()[0]).read_bytes()
    assert (report.state, report.renders, report.percent) == ("ready", 1, 100)
    assert content.startswith(b"%PDF-1.7")
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert (report.size, report.pages) == (len(content), 3)
    assert Notification.objects.filter(user=cast.lead, kind="report_ready").count() == 1
    assert AuditEntry.objects.filter(action="report.made", object_id=report.public_id).count() == 1


def test_whole_report_is_made_by_the_engine(cast: Cast) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert (report.state, report.renders, report.error, report.pages > 5) == ("ready", 1, "", True)


def test_programme_report_is_made_for_its_manager(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    report = services.request_programme_report(
        actor=cast.manager, programme=cast.programme.public_id, language="ar", paper="letter"
    )
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert (report.state, report.tlp, len(report.input_hash)) == ("ready", "TLP:AMBER+STRICT", 64)


def test_row_and_job_come_together_or_not_at_all(cast: Cast) -> None:
    from django.db import transaction

    result = small_result(cast.agency, cast.lead)
    with pytest.raises(RuntimeError), transaction.atomic():
        ask(result, cast.lead)
        raise RuntimeError
    assert not Report.objects.exists()
    assert not OutboxMessage.objects.filter(topic="reports.render").exists()


def test_second_run_of_a_finished_report_changes_nothing(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    first = Report.objects.values().get()
    services.render_report(report=report.public_id, attempt=2)
    assert Report.objects.values().get() == first
    assert len(files()) == 1


@pytest.mark.parametrize("where", ["save", "update"])
def test_kill_between_the_file_and_ready_leaves_one_file_after_the_next_run(
    cast: Cast, quick: None, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    class Killed(BaseException):
        """What a kill looks like from inside: nothing after it runs."""

    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    original = default_storage.save

    def save_and_die(name: str, content: Any, **more: Any) -> str:
        stored = original(name, content, **more)
        raise Killed(stored)

    def die(*args: Any, **more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if where == "save":
            patch.setattr(default_storage, "save", save_and_die)
        else:
            patch.setattr(services.rendering.audit, "record", die)
        with pytest.raises(Killed):
            services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert (report.state, report.renders, len(files())) == ("working", 0, 1)
    left = files()[0]
    services.render_report(report=report.public_id, attempt=2)
    report.refresh_from_db()
    assert (report.state, report.renders) == ("ready", 1)
    jobs.run_waiting()  # the first file goes by a job
    assert len(files()) == 1 and files() != [left]
    assert Path(default_storage.path(str(report.file))) == Path(files()[0])


def test_two_workers_at_once_leave_one_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    runs: list[int] = []

    def engine(html: str, *, language: str, title: str, progress: Callable[[str, int], None]) -> RenderedPdf:
        runs.append(1)
        if len(runs) == 1:  # the lease of the first worker ran out: a second one starts and ends meanwhile
            services.render_report(report=report.public_id, attempt=2)
        return RenderedPdf(b"%PDF-1.7 " + str(len(runs)).encode(), 1)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert (len(runs), report.state, report.renders, len(files())) == (2, "ready", 1, 1)
    assert Notification.objects.filter(kind="report_ready").count() == 1


def test_cancelled_report_stops_at_the_next_step_and_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)

    def engine(html: str, *, language: str, title: str, progress: Callable[[str, int], None]) -> RenderedPdf:
        services.cancel_report(actor=cast.lead, report=report.public_id)
        progress("layout", 1)
        raise AssertionError("it went on")

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert (report.state, report.renders, files()) == ("cancelled", 0, [])
    assert not Notification.objects.filter(kind__startswith="report").exists()


def test_cancelled_report_can_be_made_again(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.cancel_report(actor=cast.lead, report=report.public_id)
    jobs.run_waiting()
    report.refresh_from_db()
    assert report.state == "cancelled"
    services.retry_report(actor=cast.lead, report=report.public_id)
    jobs.run_waiting()
    report.refresh_from_db()
    assert (report.state, report.renders) == ("ready", 1)


def test_finished_report_is_neither_cancelled_nor_repeated(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    with pytest.raises(Conflict):
        services.cancel_report(actor=cast.lead, report=report.public_id)
    with pytest.raises(Conflict):
        services.retry_report(actor=cast.lead, report=report.public_id)


def test_fault_is_tried_again_and_then_said_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)

    def engine(html: str, **more: Any) -> RenderedPdf:
        raise ZeroDivisionError

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
    for attempt in (1, 2, 3):
        with pytest.raises(ZeroDivisionError):
            services.render_report(report=report.public_id, attempt=attempt)
    services.render_report(report=report.public_id, attempt=4)
    report.refresh_from_db()
    assert (report.state, report.file.name, files()) == ("failed", "", [])
    assert "Something went wrong" in report.error
    assert Notification.objects.filter(user=cast.lead, kind="report_failed").count() == 1


def test_report_that_kills_its_worker_again_and_again_is_given_up(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id, attempt=5)
    report.refresh_from_db()
    assert report.state == "failed"


def test_person_who_left_the_member_gets_no_report(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.respondent)
    Membership.objects.filter(user=cast.respondent).delete()
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert (report.state, files()) == ("failed", [])
    assert "no longer" in report.error


def test_result_of_another_member_is_refused(cast: Cast) -> None:
    foreign = small_result(cast.other, cast.other_lead)
    with pytest.raises(Refused):
        services.request_assessment_report(
            actor=cast.lead, member=cast.agency.public_id, result=foreign.public_id, language="en", paper="a4"
        )
    with pytest.raises(Http404):
        ask(foreign, cast.lead)


def test_programme_report_is_for_managers_only(cast: Cast) -> None:
    for person in (cast.staff, cast.lead):
        with pytest.raises(Http404):
            services.request_programme_report(
                actor=person, programme=cast.programme.public_id, language="en", paper="a4"
            )
    assert not Report.objects.exists()


def test_sixth_running_report_waits(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    for _number in range(5):
        ask(result, cast.lead)
    with pytest.raises(Refused, match="Five"):
        ask(result, cast.lead)


def test_report_takes_the_label_of_its_result(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead, tlp="TLP:RED"), cast.lead)
    assert report.tlp == "TLP:RED"


def test_changed_file_is_not_handed_out(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    Path(files()[0]).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(Conflict, match="damaged"):
        services.open_report_file(actor=cast.lead, report=report.public_id)


def test_each_taking_of_the_file_is_on_record(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    services.open_report_file(actor=cast.viewer, report=report.public_id)
    entry = AuditEntry.objects.get(action="report.taken")
    assert (entry.actor, entry.chain_id, entry.at <= now()) == (
        cast.viewer.public_id,
        cast.agency.public_id,
        True,
    )
