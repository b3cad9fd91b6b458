"""What the pages of reports say in each state, and where it stands."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from apps.reports.models import Report
from apps.reports.selectors.check import report_code
from tests.mentoring.test_flow import signed_in
from tests.people import Cast
from tests.reports.rows import ask, small_result
from tests.reports.shared import batch_of, members

pytestmark = pytest.mark.django_db


def failed(cast: Cast) -> Report:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    Report.objects.update(state="failed", error="Something went wrong while the report was made. Try again; if it fails again, ask for help.")  # fmt: skip
    report.refresh_from_db()
    return report


def test_the_list_says_why_a_report_failed(cast: Cast) -> None:
    failed(cast)
    page = signed_in(cast.lead).get(reverse("reports:member_reports", args=[cast.agency.public_id]))
    assert "Something went wrong while the report was made" in page.content.decode()


def test_a_failed_report_names_the_reference_that_its_words_ask_for(cast: Cast) -> None:
    report = failed(cast)
    text = signed_in(cast.lead).get(reverse("reports:report", args=[report.public_id])).content.decode()
    assert report_code(report.public_id) in text and cast.lead.full_name in text


def test_the_size_of_a_file_runs_with_the_language_of_the_page(cast: Cast) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    Report.objects.update(state="ready", size=36700, pages=2)
    text = signed_in(cast.lead).get(reverse("reports:report", args=[report.public_id])).content.decode()
    assert re.search(r"<bdi>PDF</bdi>, <bdi>35.8", text)


def test_the_list_says_beside_the_file_how_often_it_was_taken(cast: Cast) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    Report.objects.update(state="ready", size=36700, pages=2)
    url = reverse("reports:member_reports", args=[cast.agency.public_id])
    assert "Downloaded" not in signed_in(cast.lead).get(url).content.decode()
    report.takings.create(by=cast.lead)
    last = signed_in(cast.lead).get(url).content.decode().split("</tr>")[1].rpartition("<td>")[2]
    assert "Downloaded once" in last


def test_the_answers_of_a_result_are_answers_in_french_not_somebody_who_answers(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    cast.lead.language = "fr"
    cast.lead.save()
    url = reverse("home:result", args=[cast.agency.public_id, result.assessment.public_id])
    text = signed_in(cast.lead).get(url).content.decode()
    assert "Toutes les réponses (<bdi>JSON</bdi>)" in text and "Répond (" not in text


def test_a_batch_folds_those_who_get_none_under_their_reason(cast: Cast) -> None:
    members(cast, 2)
    batch = batch_of(cast)
    item = batch.items.first()
    assert item is not None and item.report is not None
    gone, _report = item.member, item.report
    batch.items.filter(pk=item.pk).update(report=None, left_out="not_shared")
    url = reverse("reports:batch", args=[batch.programme.public_id, batch.public_id])
    text = signed_in(cast.manager).get(url).content.decode()
    table, _end, after = text.partition("</table>")
    assert gone.name in after and gone.name not in table.split("<tbody>")[1]
    assert re.search(r"It does not share its result with the programme. \(\d+\)", after)
