"""The library: what is shown, stale, expired, taken, deleted and made again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now

from apps.assessments.models import Result
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.reports import services
from apps.reports.models import Report
from apps.reports.selectors import Wanted, check_report, member_reports, report_page
from apps.reports.selectors.staleness import differing
from apps.reports.services import keeping
from tests.assessments.flow import answer, begin
from tests.factories import OrganisationFactory, small_version
from tests.people import Cast
from tests.reports.rows import ask, small_result
from tests.reports.test_pages import signed_in


def ready(cast: Cast, **fields: Any) -> Report:
    report = ask(small_result(cast.agency, cast.lead, **fields), cast.lead)
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    return report


def test_report_is_stale_by_as_many_answers_as_changed_and_made_again_about_the_newest(
    cast: Cast, quick: None
) -> None:
    version = small_version()
    report = ready(cast, version=version, title="First", days_ago=9)
    assert report_page(cast.lead, report.public_id).stale_text == ""
    newest = small_result(cast.agency, cast.lead, version=version, title="Second")
    kept = newest.inputs["answers"]
    for code in list(kept)[:2]:
        kept[code] = report.result.inputs["answers"][code] | {"level": 4}  # type: ignore[union-attr]
    newest.inputs = newest.inputs | {
        "answers": {**report.result.inputs["answers"], **dict(list(kept.items())[:2])}
    }  # type: ignore[union-attr]
    newest.save()
    assert report_page(cast.viewer, report.public_id).stale_text == "Stale since 2 answers changed."
    text = (
        signed_in(cast.viewer)
        .get(reverse("reports:report", kwargs={"report": report.public_id}))
        .content.decode()
    )
    assert "Stale since 2 answers changed." in text and "Make it again" in text
    again = services.make_again(actor=cast.viewer, report=report.public_id)
    assert (again.result, again.language, again.paper) == (newest, report.language, report.paper)
    assert "Second" in again.title and "First" not in again.title
    assert [
        r.public_id
        for r in member_reports(cast.lead, cast.agency.public_id, wanted=Wanted(state="stale")).rows
    ] == [report.public_id]


def test_reopened_result_makes_its_report_stale(cast: Cast, quick: None) -> None:
    report = ready(cast)
    Result.objects.update(voided_at=now(), voided_by=cast.lead, void_reason="Reopened")
    assert "void" in report_page(cast.lead, report.public_id).stale_text


def test_old_file_goes_and_the_row_stays_with_its_reference(cast: Cast, quick: None, settings: Any) -> None:
    report, fresh = ready(cast), ready(cast, title="Fresh")
    name = str(report.file)
    Report.objects.filter(pk=report.pk).update(ready_at=now() - timedelta(days=31))
    assert keeping.sweep_reports() == 1 and keeping.sweep_reports() == 0
    jobs.run_waiting()
    assert not default_storage.exists(name) and default_storage.exists(str(fresh.file))
    assert (
        report_page(cast.lead, report.public_id).expired
        and report_page(cast.lead, fresh.public_id).kept_until
    )
    assert check_report(report.public_id) is not None
    with pytest.raises(Conflict, match="kept for its time"):
        services.open_report_file(actor=cast.lead, report=report.public_id)
    client, where = signed_in(cast.lead), {"report": report.public_id}
    assert "Make it again" in client.get(reverse("reports:report", kwargs=where)).content.decode()
    answer = client.post(reverse("reports:again", kwargs=where))
    assert answer.status_code == 302 and Report.objects.count() == 3
    settings.REPORT_KEEP_DAYS = 0
    Report.objects.update(ready_at=now() - timedelta(days=999))
    assert keeping.sweep_reports() == 0


def test_deleted_report_leaves_no_file_and_no_page(cast: Cast, quick: None) -> None:
    report = ready(cast)
    client, where = signed_in(cast.lead), {"report": report.public_id}
    assert client.post(reverse("reports:delete", kwargs=where)).status_code == 302
    jobs.run_waiting()
    assert not default_storage.exists(str(report.file)) and not Report.objects.exists()
    with pytest.raises(Http404):
        services.delete_report(actor=cast.lead, report=report.public_id)
    waiting = ask(small_result(cast.agency, cast.lead, title="Waits"), cast.lead)
    with pytest.raises(Conflict):
        services.delete_report(actor=cast.lead, report=waiting.public_id)


def test_each_taking_is_shown_to_the_readers(cast: Cast, quick: None) -> None:
    report = ready(cast)
    for person in (cast.viewer, cast.lead):
        services.open_report_file(actor=person, report=report.public_id)
    row = report_page(cast.respondent, report.public_id)
    assert [taker.name for taker in row.takers] == [
        cast.lead.full_name,
        cast.viewer.full_name,
    ] and row.taken == 2


def test_label_may_be_stricter_and_never_looser(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead, tlp="TLP:AMBER")
    values = {"member": cast.agency.public_id, "result": result.public_id, "language": "en", "paper": "a4"}
    values |= {"actor": cast.lead, "ask": services.request_assessment_report}  # type: ignore[dict-item]
    made = services.ask_once(tlp="TLP:RED", **values)  # type: ignore[arg-type]
    assert Report.objects.get(public_id=made).tlp == "TLP:RED"
    with pytest.raises(Refused, match="stricter"):
        services.ask_once(tlp="TLP:CLEAR", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["kind=assessment", "state=ready", "days=30", "kind=xx&state=%00&days=-1"])
def test_library_is_narrowed_and_bears_any_address(cast: Cast, quick: None, query: str) -> None:
    ready(cast)
    page = signed_in(cast.lead).get(
        reverse("reports:member_reports", kwargs={"member": cast.agency.public_id}) + f"?{query}"
    )
    assert page.status_code == 200 and "One report" in page.content.decode()
    none = signed_in(cast.lead).get(
        reverse("reports:member_reports", kwargs={"member": cast.agency.public_id}) + "?state=failed"
    )
    assert "No report is like that." in none.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_library_asks_a_constant_number_of_times(
    cast: Cast, quick: None, number: int, django_assert_num_queries: Any
) -> None:
    version = small_version()
    for place in range(number):
        ready(cast, version=version, title=f"Paper {place}")
    with django_assert_num_queries(6):
        assert len(member_reports(cast.lead, cast.agency.public_id).rows) == number


def test_report_of_a_programme_is_stale_when_a_member_has_a_newer_result(cast: Cast, quick: None) -> None:
    asked = services.request_programme_report(
        actor=cast.manager, programme=cast.programme.public_id, language="en", paper="a4"
    )
    services.render_report(report=asked.public_id)
    small_result(OrganisationFactory(), cast.lead, title="Elsewhere")
    assert report_page(cast.manager, asked.public_id).stale_text == ""
    small_result(cast.agency, cast.lead)
    assert report_page(cast.manager, asked.public_id).stale_text == "Stale since there is 1 newer result."


def test_filled_questionnaire_is_stale_by_the_answers_given_since(cast: Cast, quick: None) -> None:
    row = begin(cast.lead, cast.agency, version=small_version())
    answer(cast.respondent, row, "GOV.1.1", "2")
    papers = [
        services.request_questionnaire(
            actor=cast.lead, member=cast.agency.public_id, assessment=row.public_id, areas=[], person="", filled=filled, language="en",
        )
        for filled in (True, False)
    ]  # fmt: skip
    for paper in papers:
        services.render_report(report=paper.public_id)
    said = lambda: [report_page(cast.lead, paper.public_id).stale_text for paper in papers]  # noqa: E731
    assert said() == ["", ""]
    answer(cast.respondent, row, "RES.1.1", "3")
    assert said() == ["Stale since 1 answer changed.", ""]


def test_stranger_learns_nothing_of_a_report_that_is_not_made(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    for state in ("queued", "working", "failed", "cancelled"):
        Report.objects.filter(pk=report.pk).update(state=state, ready_at=now())
        assert check_report(report.public_id) is None, state


def test_answer_that_is_gone_and_one_that_is_new_are_changes_too() -> None:
    one, two = {"level": 2}, {"level": 3}
    assert differing({"answers": {"A": one, "B": one}}, {"answers": {"A": one, "B": two}}) == 1
    assert differing({"answers": {"A": one, "B": one}}, {"answers": {"A": one}}) == 1
    assert differing({"answers": {"A": one}}, {"answers": {"A": one, "B": one}}) == 1
    assert differing({}, {"answers": {}}) == 0


def test_job_of_an_earlier_try_leaves_the_report_to_the_next(cast: Cast, quick: None) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.cancel_report(actor=cast.lead, report=report.public_id)
    services.retry_report(actor=cast.lead, report=report.public_id)
    services.render_report(report=report.public_id, turn=1)
    report.refresh_from_db()
    assert (report.state, report.tries) == ("queued", 2)
    services.render_report(report=report.public_id, turn=2)
    report.refresh_from_db()
    assert report.state == "ready"
