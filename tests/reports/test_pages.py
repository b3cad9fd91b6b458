"""Pages of reports as people meet them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from apps.accounts.models import User
from apps.reports import services
from apps.reports.models import Report
from apps.reports.pdf import RenderedPdf
from apps.reports.selectors import report_code
from tests.courses.small import finish_course, small_course
from tests.people import Cast
from tests.reports.rows import ask, small_result


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def finished(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A ready report with a small file."""
    monkeypatch.setattr(
        services.rendering, "render_pdf", lambda html, **more: RenderedPdf(b"%PDF-1.7 small", 3)
    )
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    return report


def test_asking_leads_to_the_progress_page_which_asks_again_by_itself(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    client = signed_in(cast.lead)
    address = reverse("reports:member_reports", kwargs={"member": cast.agency.public_id})
    page = client.get(address)
    assert result.assessment.title in page.content.decode()
    given = {"result": result.public_id, "language": "fr", "paper": "letter", "key": "k1"}
    answer = client.post(address, given, follow=True)
    text = answer.content.decode()
    assert "Your report is being made" in text
    assert 'hx-trigger="every 2s"' in text and '<noscript><meta http-equiv="refresh"' in text
    client.post(address, given)
    report = Report.objects.get()
    with translation.override("fr"):
        title = gettext("Cybersecurity maturity: %(title)s") % {"title": result.assessment.title}
    assert (report.language, report.paper, report.title) == ("fr", "letter", title)


@pytest.mark.parametrize(
    ("field", "value"),
    [("language", "xx"), ("paper", "a0"), ("result", "a" * 20), ("result", ""), ("language", "{{7*7}}")],
)
def test_bad_choice_is_said_and_nothing_is_made(cast: Cast, field: str, value: str) -> None:
    result = small_result(cast.agency, cast.lead)
    address = reverse("reports:member_reports", kwargs={"member": cast.agency.public_id})
    given = {"result": result.public_id, "language": "en", "paper": "a4", field: value}
    answer = signed_in(cast.lead).post(address, given)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Report.objects.exists()


def test_member_without_a_result_is_told_what_comes_first(cast: Cast) -> None:
    page = signed_in(cast.lead).get(
        reverse("reports:member_reports", kwargs={"member": cast.agency.public_id})
    )
    assert "There is no result yet" in page.content.decode()
    assert "Make the report" not in page.content.decode()


def test_file_comes_as_an_attachment_that_nobody_keeps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = finished(cast, monkeypatch)
    answer = signed_in(cast.viewer).get(reverse("reports:file", kwargs={"report": report.public_id}))
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        b"%PDF-1.7 small",
        "application/pdf",
    )
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer["Cache-Control"] and "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-SHA256"] == report.sha256


def test_file_that_is_not_ready_is_a_conflict(cast: Cast) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    answer = signed_in(cast.lead).get(reverse("reports:file", kwargs={"report": report.public_id}))
    assert answer.status_code == 409


def test_failed_report_says_why_and_offers_another_try(cast: Cast) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    services.render_report(report=report.public_id, attempt=9)
    text = (
        signed_in(cast.lead)
        .get(reverse("reports:report", kwargs={"report": report.public_id}))
        .content.decode()
    )
    assert "too large or took too long" in text and "Try again" in text
    assert "hx-trigger" not in text


def test_check_page_says_that_the_report_exists_and_nothing_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = finished(cast, monkeypatch)
    code = report_code(report.public_id)
    for typed in (code, code.lower(), report.public_id):
        answer = Client().get(reverse("reports:check", kwargs={"report_code": typed}))
        text = answer.content.decode()
        assert answer.status_code == 200 and report.sha256[:16] in text
        assert report.sha256 not in text
        assert cast.agency.name not in text and report.title not in text and "TLP" not in text
        assert "noindex" in answer["X-Robots-Tag"]


@pytest.mark.parametrize("typed", ["ABCDE-FGHIJ-KLMNO-PQRST", "x", "{{7*7}}", "%3Cscript%3E", "é" * 300])
def test_unknown_reference_is_said_politely(cast: Cast, typed: str) -> None:
    answer = Client().get(reverse("reports:check", kwargs={"report_code": typed}))
    assert answer.status_code == 404
    assert "No report has this reference" in answer.content.decode()


def test_report_that_is_not_ready_does_not_exist_for_the_public(cast: Cast) -> None:
    report = ask(small_result(cast.agency, cast.lead), cast.lead)
    answer = Client().get(reverse("reports:check", kwargs={"report_code": report_code(report.public_id)}))
    assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_a_constant_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: Any
) -> None:
    from apps.reports import selectors

    result = small_result(cast.agency, cast.lead)
    for _number in range(rows):
        ask(result, cast.lead)
    with django_assert_num_queries(5):
        page = selectors.member_reports(cast.lead, cast.agency.public_id)
    assert len(page.rows) == rows


@pytest.mark.parametrize("members", [1, 3])
def test_programme_overview_asks_a_constant_number_of_times(
    cast: Cast, members: int, django_assert_num_queries: Any
) -> None:
    from apps.reports import selectors
    from tests.factories import small_version

    version = small_version()
    for member in [cast.agency, cast.other, cast.mentor_partner][:members]:
        small_result(member, cast.lead, version=version)
    with django_assert_num_queries(48):
        source = selectors.programme_source(cast.manager, cast.programme.public_id)
    assert sum(member.assessed_on is not None for member in source.members) == members


def test_certificate_is_printed_for_its_holder_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = finish_course(cast.lead, small_course())
    address = reverse("reports:certificate_pdf", kwargs={"certificate": certificate.public_id})
    first = signed_in(cast.lead).get(address)
    assert first.status_code == 200 and first.content.startswith(b"%PDF-1.7")
    monkeypatch.setattr(services.rendering, "render_pdf", None)
    assert signed_in(cast.lead).get(address).content == first.content
    assert signed_in(cast.viewer).get(address).status_code == 404


def test_certificate_says_the_name_as_it_is_written_and_the_code(cast: Cast) -> None:
    from tests.reports import reading

    cast.lead.full_name = "Zoë Ångström-O’Neill"
    cast.lead.save()
    certificate = finish_course(cast.lead, small_course())
    made = services.open_certificate(actor=cast.lead, certificate=certificate.public_id)
    text = reading.pages(made.content)
    assert len(text) == 1 and "Zoë Ångström-O’Neill" in text[0]
    figures = [a for kind, a in reading.elements(made.content) if kind == "/Figure"]
    assert figures and all(figure.get("/Alt") for figure in figures)
    assert reading.fonts_without_file(made.content) == []
