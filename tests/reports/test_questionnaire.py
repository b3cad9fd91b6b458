"""The questionnaire on paper: whose, blank or filled, what stands on every page, in each language, and who may have it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.assessments import services as answering
from apps.assessments.models import Assessment, Evidence
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.reports import services
from apps.reports.models import Report
from apps.reports.pdf import RenderedPdf
from tests.assessments.flow import answer, at, begin
from tests.people import Cast
from tests.reports.reading import fonts_without_file, pages
from tests.reports.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(cast: Cast) -> Assessment:
    row = begin(cast.lead, cast.agency)
    giving = answering.Giving("GOV.1", cast.respondent.public_id, "", 0)
    answering.give_areas(actor=cast.lead, assessment=row, givings=[giving])
    return row


def ask(actor: User, row: Assessment, **more: Any) -> Report:
    values = {"areas": [], "person": "", "filled": False, "language": "en"} | more
    return services.request_questionnaire(
        actor=actor, member=row.member.public_id, assessment=row.public_id, **values
    )


def printed(report: Report) -> bytes:
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert report.state == "ready", report.error
    return services.open_report_file(actor=report.asked_by, report=report.public_id).content


def page_of(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def drawn(report: Report, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is handed to the engine."""
    found: list[str] = []

    def engine(html: str, **more: Any) -> RenderedPdf:
        found.append(html)
        return RenderedPdf(b"%PDF-1.7", 1)

    monkeypatch.setattr(services.rendering, "render_pdf", engine)
    services.render_report(report=report.public_id)
    return page_of(found[0])


def test_blank_paper_says_on_every_page_what_it_is(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2", "Because of the decree.")
    content = printed(ask(cast.viewer, running))
    sheets = pages(content)
    assert len(sheets) >= 4 and fonts_without_file(content) == []
    for number, text in enumerate(sheets, start=1):
        assert "Not signed, for internal co-ordination" in text and text.count("TLP:AMBER+STRICT") >= 2
        assert f"{number} / {len(sheets)}" in text
    whole = " ".join(sheets)
    assert "Text of level 4." in whole and "I do not know yet" in whole and "Strategy?" in whole
    assert "Because of the decree." not in whole and "×" not in whole


def test_filled_paper_of_one_person_holds_their_areas_only(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2", "Because of the decree.")
    answer(cast.lead, running, "RES.1.1", "3", "Elsewhere.")
    report = ask(cast.lead, running, person=cast.respondent.public_id, filled=True)
    whole = " ".join(pages(printed(report)))
    assert "Because of the decree." in whole and "Elsewhere." not in whole and "RES.1" not in whole
    assert whole.count("×") == 1 and "1 of 2" in whole
    assert report.title == f"Questionnaire: 2026, for {cast.respondent}"


def test_chosen_areas_alone_are_printed(
    cast: Cast, running: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = drawn(ask(cast.lead, running, areas=["RES.1"]), monkeypatch)
    assert "RES.1.2" in html and "GOV." not in html


@pytest.mark.parametrize(("language", "way"), [("fr", "ltr"), ("ar", "rtl")])
def test_paper_speaks_the_language_that_was_chosen(
    cast: Cast, running: Assessment, language: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = drawn(ask(cast.lead, running, language=language), monkeypatch)
    assert f'<html lang="{language}" dir="{way}"' in html
    with translation.override(language):
        assert translation.gettext("I do not know yet") in html
    assert '<bdi dir="ltr">Strategy</bdi>' in html  # the framework has no such translation


def test_what_people_typed_is_escaped_and_misleads_nobody(
    cast: Cast, running: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2", "<img src=x>\n=cmd|' /C calc'!A0\u202etxt 🚀 سبب")
    html = drawn(ask(cast.lead, running, filled=True), monkeypatch)
    assert "&lt;img src=x&gt;<br>=cmd|" in html and "<img" not in html
    assert "[U+202E]txt [U+1F680] سبب" in html


def test_a_red_piece_of_evidence_makes_the_paper_red(
    cast: Cast, running: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(cast.lead, running, filled=True)
    item = answering.EvidenceInput(
        "described", title="Plan", owner="Army", place="HQ", dated=date(2026, 2, 1)
    )
    answering.add_evidence(actor=cast.respondent, place=at(cast.lead, running, "GOV.1.1"), item=item)
    Evidence.objects.update(tlp="TLP:RED")
    html = drawn(report, monkeypatch)
    report.refresh_from_db()
    assert report.tlp == "TLP:RED" and "TLP:RED" in html and f"For {cast.lead.full_name}, copy" in html
    assert ask(cast.lead, running).tlp == "TLP:AMBER+STRICT"  # a blank one names no evidence


def test_nobody_outside_the_member_gets_one(cast: Cast, running: Assessment) -> None:
    for person in (cast.other_lead, cast.manager, cast.staff):
        with pytest.raises(Http404):
            ask(person, running)
    with pytest.raises(Http404):
        ask(cast.lead, running, person=cast.other_lead.public_id)
    assert not Report.objects.exists()


def test_a_person_without_these_areas_is_refused_in_words(cast: Cast, running: Assessment) -> None:
    with pytest.raises(Refused, match="None of these areas"):
        ask(cast.lead, running, person=cast.respondent.public_id, areas=["RES.1"])


def test_the_form_makes_one_paper_however_often_it_is_sent(cast: Cast, running: Assessment) -> None:
    client, where = (
        signed_in(cast.viewer),
        {"member": running.member.public_id, "assessment": running.public_id},
    )
    address = reverse("reports:questionnaire", kwargs=where)
    page = client.get(address, {"filled": "1", "for": cast.respondent.public_id}).content.decode()
    assert "5 questions, as a PDF to print" in page and "GOV.1 Direction" in page and "selected" in page
    given = {"filled": "1", "areas": ["GOV.1", "RES.1"], "language": "ar", "key": "k1"}
    assert "is being made" in client.post(address, given, follow=True).content.decode()
    client.post(address, given)
    report = Report.objects.get()
    assert report.about == {"areas": ["GOV.1", "RES.1"], "person": "all", "filled": True}
    assert (report.kind, report.language, report.title.endswith("2026")) == ("sheet", "ar", True)
    assert AuditEntry.objects.filter(action="report.asked", chain_id=running.member.public_id).count() == 1
    listed = client.get(reverse("reports:member_reports", args=[running.member.public_id])).content.decode()
    assert report.title in listed


@pytest.mark.parametrize(
    ("field", "value"), [("areas", "GOV.9"), ("filled", "2"), ("person", "x"), ("language", "xx")]
)
def test_bad_choice_is_said_and_nothing_is_made(
    cast: Cast, running: Assessment, field: str, value: str
) -> None:
    where = {"member": running.member.public_id, "assessment": running.public_id}
    given = {"filled": "0", "language": "en", field: value}
    done = signed_in(cast.lead).post(reverse("reports:questionnaire", kwargs=where), given)
    assert done.status_code == 422 and not Report.objects.exists()


def test_the_sheet_leads_to_the_paper(cast: Cast, running: Assessment) -> None:
    where = [running.member.public_id, running.public_id]
    page = signed_in(cast.viewer).get(reverse("assessments:sheet", args=where), {"for": "all", "filled": "1"})
    assert f'{reverse("reports:questionnaire", args=where)}?for=&amp;filled=1"' in page.content.decode()


@pytest.mark.parametrize("answers", [1, 3])
def test_form_and_sheet_ask_the_same_for_one_row_and_for_three(
    cast: Cast, running: Assessment, answers: int, django_assert_num_queries: Any
) -> None:
    for code in ("GOV.1.1", "GOV.1.2", "RES.1.1")[:answers]:
        answer(cast.lead, running, code, "2")
        answering.start_talk(
            actor=cast.lead, place=at(cast.lead, running, code), words=answering.Words("Look.")
        )
    from apps.assessments.selectors.sheet import sheet_of

    member, assessment = running.member.public_id, running.public_id
    with django_assert_num_queries(11):
        sheet_of(cast.viewer, member, assessment, person="all", filled=True)
