"""A batch: who gets a report and who does not, progress, faults, the archive, and what a withdrawal takes away."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext

from apps.accounts.models import Notification
from apps.assessments.models import Result
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import OutboxMessage
from apps.members.models import Grant, GrantReading
from apps.reports import services
from apps.reports.models import Report, ReportBatch
from apps.reports.selectors import batches as selectors
from apps.reports.selectors import member_reports, report_page
from apps.reports.services import batches, zips
from tests.people import Cast
from tests.reports.rows import small_result
from tests.reports.shared import batch_of, members, share_all
from tests.reports.test_pages import signed_in


def finish() -> None:
    """Run what waits, whatever the time to the next try."""
    for _turn in range(6):
        OutboxMessage.objects.filter(state="waiting").update(not_before=now())
        jobs.run_waiting(300)


def opened(cast: Cast, batch: ReportBatch) -> zipfile.ZipFile:
    made = zips.open_batch(actor=cast.manager, programme=cast.programme.public_id, batch=batch.public_id)
    content = b"".join(made.parts)
    assert (len(content), hashlib.sha256(content).hexdigest()) == (made.size, made.sha256)
    return zipfile.ZipFile(io.BytesIO(content))


def test_only_members_that_share_all_get_a_report_and_the_others_are_named_with_the_reason(
    cast: Cast,
) -> None:
    small_result(cast.agency, cast.lead)
    members(cast, 1)
    share_all(cast, cast.other, areas=["GOV.1"])
    share_all(cast, cast.nation)
    batch = batch_of(cast)
    page = selectors.batch_page(cast.manager, cast.programme.public_id, batch.public_id)
    assert [line.member for line in page.lines] == ["Canary Body 000"]
    why = {line.member: line.why for line in page.left_out}
    assert "does not share" in why[cast.agency.name] and "some areas" in why[cast.other.name]
    assert "no signed-off result" in why[cast.nation.name] and len(why) == 4


def test_batch_is_made_told_once_and_taken_as_one_archive(cast: Cast, quick: None) -> None:
    for member in members(cast, 3):
        assert member.pk
    batch = batch_of(cast)
    finish()
    batch.refresh_from_db()
    assert batch.state == "done" and Notification.objects.filter(kind="batch_ready").count() == 1
    assert not Notification.objects.filter(kind="report_ready").exists()
    assert set(Report.objects.values_list("renders", flat=True)) == {1}
    archive = opened(cast, batch)
    manifest = json.loads(archive.read("manifest.json"))
    for entry in manifest["reports"]:
        assert hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"]
    assert len(manifest["reports"]) == 3 and manifest["others"][0]["why"]
    assert all(info.date_time[0] == 1980 for info in archive.infolist())
    again = zips.open_batch(actor=cast.manager, programme=cast.programme.public_id, batch=batch.public_id)
    assert hashlib.sha256(b"".join(again.parts)).hexdigest() == again.sha256
    assert Report.objects.get(member__name="Canary Body 000").takings.count() == 2


def test_grant_that_ends_takes_the_report_out_of_the_archive_and_off_the_pages(
    cast: Cast, quick: None
) -> None:
    first, _second = members(cast, 2)
    batch = batch_of(cast)
    finish()
    report = Report.objects.get(member=first)
    assert report_page(cast.manager, report.public_id).ready
    Grant.objects.filter(member=first).update(withdrawn_at=now())
    archive = opened(cast, batch)
    manifest = json.loads(archive.read("manifest.json"))
    assert [entry["member"] for entry in manifest["reports"]] == ["Canary Body 001"]
    assert {
        "member": first.name,
        "why": "The member no longer shares its whole result with the programme.",
    } in manifest["others"]
    for name in archive.namelist():
        assert "canary-body-000" not in name and b"Paper 000" not in archive.read(name)
    with pytest.raises(Http404):
        report_page(cast.manager, report.public_id)
    with pytest.raises(Http404):
        services.open_report_file(actor=cast.manager, report=report.public_id)
    Grant.objects.all().update(withdrawn_at=now())
    with pytest.raises(Conflict):
        opened(cast, batch)


@pytest.mark.parametrize("change", [{"areas": ["GOV.1"]}, {"ends_on": "2020-01-01"}])
def test_narrowed_or_ended_grant_counts_as_withdrawn(cast: Cast, quick: None, change: dict[str, Any]) -> None:
    (member,) = members(cast, 1)
    batch = batch_of(cast)
    finish()
    Grant.objects.filter(member=member).update(**change)
    with pytest.raises(Conflict):
        opened(cast, batch)


def test_member_sees_the_report_about_it_and_who_took_it(cast: Cast, quick: None) -> None:
    result = small_result(cast.agency, cast.lead)
    grant = share_all(cast, cast.agency, tlp="TLP:RED")
    batch = batch_of(cast)
    finish()
    report = Report.objects.get(result=result)
    assert report.tlp == "TLP:RED"
    before = GrantReading.objects.filter(grant=grant).count()
    opened(cast, batch)
    assert GrantReading.objects.filter(grant=grant).count() == before + 1
    row = report_page(cast.viewer, report.public_id)
    assert [taker.name for taker in row.takers] == [cast.manager.full_name]
    assert [r.office_name for r in member_reports(cast.viewer, cast.agency.public_id).rows] == [
        cast.programme.name
    ]
    with pytest.raises(PermissionDenied):
        services.cancel_report(actor=cast.lead, report=report.public_id)


def test_report_of_a_batch_says_nothing_of_answers_plans_or_the_members_record(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    share_all(cast, cast.agency)
    batch_of(cast)
    html, _hash = services.rendering.report_html(Report.objects.get(result=result))
    assert cast.lead.full_name not in html and cast.agency.public_id not in html


def test_withdrawal_while_a_report_is_made_fails_it_in_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (member,) = members(cast, 1)
    batch_of(cast)

    def engine(html: str, **more: Any) -> Any:
        Grant.objects.filter(member=member).update(withdrawn_at=now())
        return services.rendering.RenderedPdf(b"%PDF-1.7", 1)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
    finish()
    report = Report.objects.get()
    assert (report.state, report.file.name) == ("failed", "") and "no longer" in report.error
    assert ReportBatch.objects.get().state == "done"


def test_full_disk_leaves_nothing_is_said_and_ends_when_there_is_room(
    cast: Cast,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    members(cast, 2)
    batch = batch_of(cast)
    original, full = default_storage.save, [True]

    def save(_self: Any, name: str, content: Any, **more: Any) -> str:
        stored: str = original(name, content, **more)
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return stored

    monkeypatch.setattr(type(default_storage._wrapped), "save", save)
    jobs.run_waiting(300)
    assert set(Report.objects.values_list("state", "stage")) == {("working", "room")}
    assert not [n for n in Report.objects.values_list("file", flat=True) if n and default_storage.exists(n)]
    full[0] = False
    finish()
    assert set(Report.objects.values_list("state", "renders")) == {("ready", 1)}
    batch.refresh_from_db()
    assert batch.state == "done"


def test_disk_that_stays_full_fails_with_the_reason_and_a_retry_makes_the_rest(
    cast: Cast,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, _second = members(cast, 2)
    batch = batch_of(cast)
    original, full = default_storage.save, [True]
    bad = Report.objects.get(member=first).title

    def save(_self: Any, name: str, content: Any, **more: Any) -> str:
        if full[0] and bad.encode() in content.read():
            raise OSError(errno.ENOSPC, "No space left on device")
        content.seek(0)
        return str(original(name, content, **more))

    monkeypatch.setattr(type(default_storage._wrapped), "save", save)
    finish()
    page = selectors.batch_page(cast.manager, cast.programme.public_id, batch.public_id)
    assert (page.batch.ready, page.batch.failed, page.batch.left) == (1, 1, 0)
    assert "no room on the disk" in page.lines[0].why and page.can_retry
    full[0] = False
    where = {"actor": cast.manager, "programme": cast.programme.public_id, "batch": batch.public_id}
    assert batches.retry_batch(**where) == 1
    finish()
    assert set(Report.objects.values_list("state", "renders")) == {("ready", 1)}
    assert Notification.objects.filter(kind="batch_ready").count() == 2
    with pytest.raises(Conflict):
        batches.retry_batch(**where)


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_away_costs_one_try_and_loses_nothing(
    cast: Cast,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    members(cast, 3)
    tries: list[int] = []

    def away(*args: Any, **more: Any) -> None:
        tries.append(1)
        raise ConnectionError

    monkeypatch.setattr(current_app.tasks["core.run_message"], "apply_async", away)
    batch_of(cast)
    assert len(tries) == 1
    assert OutboxMessage.objects.filter(topic="reports.render", state="waiting").count() == 3
    finish()
    assert set(Report.objects.values_list("state", "renders")) == {("ready", 1)}


def test_cancelled_batch_keeps_what_is_ready(cast: Cast, quick: None) -> None:
    members(cast, 3)
    batch = batch_of(cast)
    services.render_report(report=Report.objects.order_by("pk")[0].public_id)
    where = {"actor": cast.manager, "programme": cast.programme.public_id, "batch": batch.public_id}
    batches.cancel_batch(**where)
    finish()
    page = selectors.batch_page(cast.manager, cast.programme.public_id, batch.public_id)
    assert (page.batch.state, page.batch.ready, page.batch.left) == ("cancelled", 1, 0)
    with pytest.raises(Conflict):
        batches.cancel_batch(**where)
    names = list(Report.objects.exclude(file="").values_list("file", flat=True))
    batches.delete_batch(**where)
    finish()
    assert not Report.objects.exists() and not any(default_storage.exists(name) for name in names)


def test_batch_without_anybody_or_beside_two_others_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="shares"):
        batch_of(cast)
    members(cast, 1)
    batch_of(cast)
    batch_of(cast)
    with pytest.raises(Refused, match="Two"):
        batch_of(cast)
    for person in (cast.lead, cast.staff):
        with pytest.raises(Http404):
            batches.request_batch(actor=person, programme=cast.programme.public_id, language="en", paper="a4")


def test_two_hundred_and_one_members_leave_one_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_IN_A_BATCH", 2)
    members(cast, 3)
    batch = batch_of(cast)
    page = selectors.batch_page(cast.manager, cast.programme.public_id, batch.public_id)
    assert len(page.lines) == 2 and any("room for" in line.why for line in page.left_out)


@pytest.mark.parametrize("number", [1, 3])
def test_pages_of_batches_ask_a_constant_number_of_times(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    members(cast, number)
    batch = batch_of(cast)
    with django_assert_num_queries(7):
        assert len(selectors.batches_page(cast.manager, cast.programme.public_id).agreed) == number
    with django_assert_num_queries(5):
        page = selectors.batch_page(cast.manager, cast.programme.public_id, batch.public_id)
    assert len(page.lines) == number


def test_pages_show_the_batch_its_faults_and_the_way_on(cast: Cast, quick: None) -> None:
    members(cast, 2)
    client, house = signed_in(cast.manager), {"programme": cast.programme.public_id}
    address = reverse("reports:batches", kwargs=house)
    given = {"language": "en", "paper": "a4", "tlp": "TLP:RED", "key": "k1"}
    page = client.post(address, given, follow=True)
    assert "0 of 2 reports are ready" in page.content.decode()
    client.post(address, given)
    assert ReportBatch.objects.count() == 1
    finish()
    assert set(Report.objects.values_list("tlp", flat=True)) == {"TLP:RED"}
    text = client.get(page.request["PATH_INFO"]).content.decode()
    assert (
        "2 of 2 reports are ready" in text
        and "Download all as ZIP" in text
        and "Who gets none, and why" in text
    )
    batch = ReportBatch.objects.get()
    answer = client.get(reverse("reports:batch_zip", kwargs=house | {"report_batch": batch.public_id}))
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["X-SHA256"] == hashlib.sha256(body).hexdigest()


def test_reopened_result_takes_its_report_off_the_pages_of_the_office(cast: Cast, quick: None) -> None:
    members(cast, 1)
    batch = batch_of(cast)
    finish()
    Result.objects.update(voided_at=now(), voided_by=cast.lead, void_reason="Reopened")
    with pytest.raises(Conflict):
        opened(cast, batch)
    with pytest.raises(Http404):
        report_page(cast.manager, Report.objects.get().public_id)


def test_batch_speaks_the_language_that_was_chosen_for_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def engine(html: str, **more: Any) -> Any:
        written.append((html, more["language"]))
        return services.rendering.RenderedPdf(b"%PDF-1.7", 1)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
    members(cast, 1)
    batch_of(cast, language="fr")
    finish()
    (html, language), report = written[0], Report.objects.get()
    with translation.override("fr"):
        title = gettext("Cybersecurity maturity: %(title)s") % {"title": "Paper 000"}
        words = gettext("How to read this report")
    assert (report.title, language) == (title, "fr") and title != "Cybersecurity maturity: Paper 000"
    assert '<html lang="fr"' in html and words in html
