"""Answering: each answer is saved as it is given, two people never overwrite each other, drafts stay private."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Draft, Evidence, Response, ResponseRevision
from apps.assessments.selectors.places import place_for
from apps.core.models import AuditEntry
from tests.assessments.flow import CODES, answer, at, begin, submitted
from tests.factories import small_version
from tests.people import Cast


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(assessment: Assessment, code: str = "GOV.1.2", name: str = "question", **more: str) -> str:
    args = {"member": assessment.member.public_id, "assessment": assessment.public_id}
    return reverse(
        f"assessments:{name}", kwargs={**args, "area": code.rpartition(".")[0], "indicator": code, **more}
    )


def text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def test_question_page_preselects_nothing(cast: Cast, running: Assessment) -> None:
    page = text(client_of(cast.respondent).get(url(running)))
    assert "Plan?" in page and "Step 3" in page and "Text of level 5." in page
    assert " checked" not in page.split("Evidence")[0]


def test_save_writes_answer_revision_and_record_and_says_when(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    response = client.post(
        url(running, "GOV.1.1"),
        {"answer": "3", "why": "Approved\r\nin May.", "version": "0", "idempotency": "k1"},
    )
    assert response.status_code == 302 and response["Location"] == url(running, "GOV.1.2")
    row = Response.objects.get()
    assert (row.kind, row.level, row.why, row.version, row.answered_by) == (
        "level",
        3,
        "Approved\nin May.",
        1,
        cast.respondent,
    )
    assert ResponseRevision.objects.get(response=row).level == 3
    entry = AuditEntry.objects.get(action="answer.saved")
    assert entry.actor == cast.respondent.public_id and "Approved" not in str(entry.detail)
    assert "GOV.1.1 is saved, at " in text(client.get(response["Location"]))


def test_save_and_go_back_leads_to_the_area(cast: Cast, running: Assessment) -> None:
    response = client_of(cast.respondent).post(url(running), {"answer": "2", "version": "0", "then": "area"})
    assert response["Location"].endswith(f"{running.public_id}/GOV.1/")


def test_the_same_save_twice_is_one_save(cast: Cast, running: Assessment) -> None:
    client, data = (
        client_of(cast.respondent),
        {"answer": "2", "why": "a", "version": "0", "idempotency": "same-key"},
    )
    assert client.post(url(running), data).status_code == client.post(url(running), data).status_code == 302
    assert Response.objects.get().version == 1
    assert AuditEntry.objects.filter(action="answer.saved").count() == 1


def test_other_words_under_a_used_key_are_not_lost(cast: Cast, running: Assessment) -> None:
    """A page taken out of the browser's history carries the key of the save that was done."""
    client, data = client_of(cast.respondent), {"answer": "2", "version": "0", "idempotency": "same-key"}
    assert client.post(url(running), {**data, "why": "First words."}).status_code == 302
    again = client.post(url(running), {**data, "why": "Better words."})
    assert again.status_code == 409
    assert "First" in text(again) and "Better" in text(again)
    assert Draft.objects.get(user=cast.respondent).content["why"] == "Better words."


def test_an_equal_answer_from_a_stale_page_is_no_conflict(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.2", "2")
    answer(cast.respondent, running, "GOV.1.2", "3", "Now.")
    response = client_of(cast.lead).post(url(running), {"answer": "3", "why": "Now.", "version": "1"})
    assert response.status_code == 302
    assert Response.objects.get().version == 2


def test_next_question_is_in_my_areas(cast: Cast, running: Assessment) -> None:
    services.give_areas(
        actor=cast.lead,
        assessment=running,
        givings=[
            services.Giving("GOV.1", cast.respondent.public_id, "", 0),
            services.Giving("GOV.2", cast.lead.public_id, "", 0),
            services.Giving("RES.1", cast.respondent.public_id, "", 0),
        ],
    )
    response = client_of(cast.respondent).post(url(running, "GOV.1.2"), {"answer": "1", "version": "0"})
    assert response["Location"] == url(running, "GOV.1.1")
    response = client_of(cast.respondent).post(url(running, "GOV.1.1"), {"answer": "1", "version": "0"})
    assert response["Location"] == url(running, "RES.1.1")


def test_last_open_question_leads_to_the_area(cast: Cast, running: Assessment) -> None:
    for code in CODES[:4]:
        answer(cast.respondent, running, code, "2")
    client = client_of(cast.respondent)
    response = client.post(url(running, "RES.1.2"), {"answer": "2", "version": "0"})
    assert response["Location"].endswith("/RES.1/")
    assert "It was your last open question." in text(client.get(response["Location"]))


# --- conflict -------------------------------------------------------------------------------------


def test_two_clients_never_overwrite_each_other_silently(cast: Cast, running: Assessment) -> None:
    first, second = client_of(cast.respondent), client_of(cast.lead)
    assert (
        first.post(url(running), {"answer": "2", "why": "We have contacts only.", "version": "0"}).status_code
        == 302
    )
    late = second.post(
        url(running), {"answer": "3", "why": "We have contacts and a procedure.", "version": "0"}
    )
    assert late.status_code == 409
    page = text(late)
    assert "Tomas Ekwe" in page and "contacts" in page and "procedure." in page and "<mark>" in page
    assert Response.objects.get().level == 2
    draft = Draft.objects.get(user=cast.lead)
    assert draft.content == {"choice": "3", "reason": "", "why": "We have contacts and a procedure."}
    assert "We have contacts and a procedure." in text(second.get(url(running)))
    assert "saved a different answer" in text(second.get(url(running)))


def stale(cast: Cast, running: Assessment) -> Client:
    """The lead wrote level 3 while the respondent saved level 2."""
    answer(cast.respondent, running, "GOV.1.2", "2", "Theirs.")
    client = client_of(cast.lead)
    assert client.post(url(running), {"answer": "3", "why": "Mine.", "version": "0"}).status_code == 409
    return client


def test_mine_counts_and_theirs_stays_in_the_history(cast: Cast, running: Assessment) -> None:
    client = stale(cast, running)
    assert client.post(url(running, name="compare"), {"use": "mine", "version": "1"}).status_code == 302
    row = Response.objects.get()
    assert (row.level, row.version, row.answered_by) == (3, 2, cast.lead)
    page = text(client.get(url(running, name="history")))
    assert "Theirs." in page and "Mine." in page and "saved 2 times" in page


def test_theirs_stays_and_the_draft_goes(cast: Cast, running: Assessment) -> None:
    client = stale(cast, running)
    client.post(url(running, name="compare"), {"use": "theirs", "version": "1"})
    assert Response.objects.get().level == 2
    assert not Draft.objects.exists()


def test_a_second_conflict_while_comparing_shows_the_newest(cast: Cast, running: Assessment) -> None:
    client = stale(cast, running)
    answer(cast.respondent, running, "GOV.1.2", "1", "Changed again.")
    late = client.post(url(running, name="compare"), {"use": "mine", "version": "1"})
    assert late.status_code == 409 and "Changed" in text(late) and "Mine." in text(late)


def test_nothing_left_to_compare_leads_back(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.lead)
    response = client.get(url(running, name="compare"), follow=True)
    assert "Nothing is left to decide." in text(response)


def test_reviewer_may_decide_between_both(cast: Cast, running: Assessment) -> None:
    from tests.factories import UserFactory, join

    reviewer = UserFactory(full_name="Ioana Petri")
    join(cast.agency, reviewer, "reviewer")
    stale(cast, running).post(url(running, name="compare"), {"use": "reviewer", "version": "1"})
    draft = Draft.objects.get()
    assert draft.for_review and Response.objects.get().level == 2
    desk = reverse("assessments:area_review", args=[cast.agency.public_id, running.public_id, "GOV.1"])
    assert "Mine." in text(client_of(reviewer).get(desk))
    done = client_of(reviewer).post(url(running, name="choose"), {"version": "1", "draft": draft.pk})
    assert done.status_code == 302
    row = Response.objects.get()
    assert (row.level, row.why, row.answered_by, row.agreed_by) == (3, "Mine.", cast.lead, reviewer)


# --- drafts ---------------------------------------------------------------------------------------


def test_draft_is_kept_privately_and_shown_again(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    kept = client.post(url(running, name="draft"), {"answer": "4", "why": "Half a thought", "version": "0"})
    assert kept.status_code == 200
    assert "Draft kept at" in text(kept) and "Colleagues see it only after you save." in text(kept)
    assert not Response.objects.exists()
    assert "Half a thought" in text(client.get(url(running)))
    for other in (cast.lead, cast.viewer):
        assert "Half a thought" not in text(client_of(other).get(url(running)))


def test_saving_removes_the_draft(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    client.post(url(running, name="draft"), {"answer": "4", "why": "Half", "version": "0"})
    client.post(url(running), {"answer": "4", "why": "Whole", "version": "0"})
    assert not Draft.objects.exists()


def test_draft_without_a_choice_keeps_the_words(cast: Cast, running: Assessment) -> None:
    client_of(cast.respondent).post(url(running, name="draft"), {"why": "Only words", "version": "0"})
    assert Draft.objects.get().content["why"] == "Only words"


def test_empty_draft_keeps_nothing(cast: Cast, running: Assessment) -> None:
    assert client_of(cast.respondent).post(url(running, name="draft"), {"why": ""}).status_code == 200
    assert not Draft.objects.exists()


def test_drafts_go_after_thirty_days(cast: Cast, running: Assessment, settings: object) -> None:
    client = client_of(cast.respondent)
    client.post(url(running, name="draft"), {"why": "Old words", "version": "0"})
    Draft.objects.update(saved_at=Draft.objects.get().saved_at - timedelta(days=31))
    assert "Old words" not in text(client.get(url(running)))
    client.post(url(running, "GOV.1.1", name="draft"), {"why": "New words", "version": "0"})
    assert [d.content["why"] for d in Draft.objects.all()] == ["New words"]


def test_a_draft_that_was_overtaken_stays_until_its_author_decides(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    client.post(url(running, name="draft"), {"answer": "2", "why": "My own words", "version": "0"})
    answer(cast.lead, running, "GOV.1.2", "3")
    Draft.objects.update(saved_at=now() - timedelta(days=31))
    client.post(url(running, "GOV.1.1", name="draft"), {"why": "New words", "version": "0"})
    assert Draft.objects.count() == 2
    assert "My own words" in text(client.get(url(running, name="compare")))
    mine = text(client.get(reverse("assessments:mine")))
    assert "Two answers to decide between" in mine and "My own words" in mine
    assert url(running, name="compare") in mine
    with pytest.raises(services.Undecided, match=r"another answer to GOV\.1\.2 has not decided"):
        services.submit_assessment(actor=cast.lead, assessment=running)
    services.submit_assessment(actor=cast.lead, assessment=running, without=["GOV.1.2"])
    assert AuditEntry.objects.get(action="assessment.submitted").detail["undecided"] == ["GOV.1.2"]


# --- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a level"),
        ({"answer": "9"}, "Choose a level"),
        ({"answer": "-1"}, "Choose a level"),
        ({"answer": "level"}, "Choose a level"),
        ({"answer": "3", "why": "x" * 5001}, "at most 5000"),
        ({"answer": "3", "why": "a\x00b"}, "Null characters"),
        ({"answer": "3", "version": "-4"}, "greater than or equal"),
        ({"answer": "3", "version": "many"}, "whole number"),
        ({"answer": "not_applicable"}, "Choose the reason"),
        ({"answer": "not_applicable", "reason": "lazy"}, "valid choice"),
        ({"answer": "not_applicable", "reason": "other"}, "Explain in a sentence"),
    ],
)
def test_bad_input_is_said_in_words_and_nothing_is_written(
    cast: Cast, running: Assessment, data: dict[str, str], said: str
) -> None:
    response = client_of(cast.respondent).post(url(running), data)
    assert response.status_code == 422
    assert (
        said in text(response)
        and "There is a problem" in text(response)
        and "<title>Error:" in text(response)
    )
    assert not Response.objects.exists()


def test_not_applicable_is_refused_on_a_key_indicator(cast: Cast, running: Assessment) -> None:
    data = {"answer": "not_applicable", "reason": "no_mandate", "version": "0"}
    response = client_of(cast.respondent).post(url(running, "GOV.1.1"), data)
    assert response.status_code == 422 and "applies to everybody" in text(response)
    assert client_of(cast.respondent).post(url(running, "GOV.1.2"), data).status_code == 302
    assert Response.objects.get().reason == "no_mandate"


def test_ten_megabytes_of_text_are_refused(cast: Cast, running: Assessment) -> None:
    for name in ("question", "draft"):
        response = client_of(cast.respondent).post(
            url(running, name=name), {"answer": "3", "why": "x" * 10_000_000}
        )
        assert 400 <= response.status_code < 500
    assert not Response.objects.exists() and not Draft.objects.exists()


def test_ids_of_another_member_are_not_found(cast: Cast, running: Assessment) -> None:
    theirs = begin(cast.other_lead, cast.other, version=running.version_of)
    client = client_of(cast.respondent)
    assert client.get(url(theirs)).status_code == 404
    mixed = reverse(
        "assessments:question",
        args=[cast.agency.public_id, theirs.public_id, "GOV.1", "GOV.1.2"],
    )
    assert client.get(mixed).status_code == client.post(mixed, {"answer": "1"}).status_code == 404
    for area, code in (("GOV.2", "GOV.1.2"), ("GOV.1", "GOV.1.9"), ("XYZ.1", "XYZ.1.1")):
        args = [cast.agency.public_id, running.public_id, area, code]
        assert client.get(reverse("assessments:question", args=args)).status_code == 404
    assert not Response.objects.exists()


def test_evidence_of_another_question_is_not_found(cast: Cast, running: Assessment) -> None:
    item = services.EvidenceInput("link", title="Decree", url="https://example.org/")
    found = services.add_evidence(actor=cast.lead, place=at(cast.lead, running, "RES.1.1"), item=item)
    client = client_of(cast.respondent)
    assert client.get(url(running, name="evidence", evidence=found)).status_code == 404
    assert client.post(url(running, name="evidence_remove", evidence=found)).status_code == 404


def test_indicators_of_the_other_scope_are_not_asked(cast: Cast) -> None:
    version = small_version()
    version.indicators.filter(code="GOV.1.2").update(scope="national")
    running = begin(cast.lead, cast.agency, version=version)
    assert client_of(cast.lead).get(url(running)).status_code == 404


def test_a_reader_may_look_but_not_answer(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.viewer)
    page = text(client.get(url(running)))
    assert "Save and continue" not in page
    response = client.post(url(running), {"answer": "3", "version": "0"})
    assert response.status_code == 403 and "roles" in text(response)


def test_closed_answers_do_not_change(cast: Cast) -> None:
    row = submitted(cast, "1", "2")
    client = client_of(cast.respondent)
    response = client.post(url(row), {"answer": "5", "version": "1"})
    assert response.status_code == 409 and "Nobody can change its answers now" in text(response)
    assert client.post(url(row, name="draft"), {"why": "x"}).status_code == 409
    added = client.post(
        url(row, name="evidence_add"), {"ev-kind": "link", "ev-title": "a", "ev-url": "https://a.org"}
    )
    assert added.status_code == 409
    assert Response.objects.get(indicator__code="GOV.1.2").level == 2
    assert not Draft.objects.exists() and not Evidence.objects.exists()
    assert "Save and continue" not in text(client.get(url(row)))


def test_last_time_is_shown_but_not_chosen(cast: Cast) -> None:
    version = small_version()
    old = submitted(cast, "1", "unknown", title="2024", version=version)
    running = begin(cast.lead, cast.agency, title="2026", version=version)
    page = text(client_of(cast.lead).get(url(running, "GOV.1.1")))
    assert "your answer in 2024" in page
    assert " checked" not in page.split('id="ev-h"')[0]
    assert old.pk != running.pk and not Response.objects.filter(assessment=running).exists()


# --- evidence -------------------------------------------------------------------------------------


def upload(name: str, data: bytes) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def test_file_is_kept_under_a_random_key_and_only_saved_never_shown(cast: Cast, running: Assessment) -> None:
    client = client_of(cast.respondent)
    data = {
        "ev-kind": "file",
        "ev-title": "Minutes of May",
        "ev-dated": "2026-01-05",
        "ev-file": upload("m.txt", b"Hello"),
    }
    response = client.post(
        url(running, name="evidence_add"), {**data, "answer": "3", "why": "Not yet saved", "version": "0"}
    )
    assert response.status_code == 302
    row = Evidence.objects.get()
    assert "m.txt" not in row.file.name and row.size == 5 and len(row.sha256) == 64
    page = text(client.get(url(running)))
    assert "Minutes of May" in page and "Not scanned" in page and "Not yet saved" in page
    file = client.get(url(running, name="evidence", evidence=row.public_id))
    assert file.getvalue() == b"Hello" and file["Content-Type"] == "text/plain"
    assert file["Content-Disposition"] == 'attachment; filename="Minutes_of_May.txt"'
    assert file["X-Content-Type-Options"] == "nosniff" and "no-store" in file["Cache-Control"]
    assert "sandbox" in file["Content-Security-Policy"]
    assert AuditEntry.objects.filter(action="evidence.read", object_id=row.public_id).count() == 1


def test_renamed_program_is_refused_and_the_words_are_not_lost(cast: Cast, running: Assessment) -> None:
    data = {
        "ev-kind": "file",
        "ev-file": upload("report.pdf", b"MZ\x90\x00" + b"\x00" * 99),
        "answer": "2",
        "why": "My words",
    }
    response = client_of(cast.respondent).post(url(running, name="evidence_add"), data)
    assert response.status_code == 422
    assert "This is a program" in text(response) and "My words" in text(response)
    assert not Evidence.objects.exists()


def test_too_large_a_file_is_refused(cast: Cast, running: Assessment, settings: object) -> None:
    settings.EVIDENCE_MAX_BYTES = 1000  # type: ignore[attr-defined]
    client = client_of(cast.respondent)
    small = client.post(
        url(running, name="evidence_add"), {"ev-kind": "file", "ev-file": upload("a.txt", b"a" * 1001)}
    )
    assert small.status_code == 413 and "at most" in text(small)
    large = client.post(
        url(running, name="evidence_add"), {"ev-kind": "file", "ev-file": upload("a.txt", b"a" * 3_000_000)}
    )
    assert large.status_code == 413 and "larger than" in text(large)
    assert not Evidence.objects.exists()


def test_adding_evidence_is_protected_against_forgery(cast: Cast, running: Assessment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.respondent, backend="allauth.account.auth_backends.AuthenticationBackend")
    data = {"ev-kind": "link", "ev-title": "a", "ev-url": "https://a.org"}
    assert client.post(url(running, name="evidence_add"), data).status_code == 403
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"ev-kind": "link", "ev-title": "x", "ev-url": "javascript:alert(1)"}, "valid URL"),
        ({"ev-kind": "link", "ev-title": "x", "ev-url": "ftp://example.org/x"}, "https://"),
        ({"ev-kind": "link", "ev-title": "x"}, "address of the link"),
        ({"ev-kind": "link", "ev-url": "https://example.org"}, "Give it a title"),
        ({"ev-kind": "described", "ev-title": "x"}, "Say who holds it"),
        ({"ev-kind": "file"}, "Choose a file"),
        ({"ev-kind": "rumour", "ev-title": "x"}, "valid choice"),
        ({"ev-kind": "link", "ev-title": "x", "ev-url": "https://a.org", "ev-dated": "2999-01-01"}, "future"),
        (
            {"ev-kind": "link", "ev-title": "x", "ev-url": "https://a.org", "ev-dated": "tomorrow"},
            "valid date",
        ),
        ({"ev-kind": "link", "ev-title": "x" * 201, "ev-url": "https://a.org"}, "at most 200"),
    ],
)
def test_evidence_that_says_too_little_is_refused(
    cast: Cast, running: Assessment, data: dict[str, str], said: str
) -> None:
    response = client_of(cast.respondent).post(url(running, name="evidence_add"), data)
    assert response.status_code == 422 and said in text(response)
    assert not Evidence.objects.exists()


def test_removed_evidence_is_gone_from_the_page_but_on_record(cast: Cast, running: Assessment) -> None:
    place = at(cast.lead, running, "GOV.1.2")
    item = services.EvidenceInput(
        "described", title="Register", owner="Registry", place="Safe 2", dated=localdate()
    )
    found = services.add_evidence(actor=cast.respondent, place=place, item=item)
    client = client_of(cast.respondent)
    assert "Safe 2" in text(client.get(url(running)))
    assert client.post(url(running, name="evidence_remove", evidence=found)).status_code == 302
    assert "Safe 2" not in text(client.get(url(running)))
    assert Evidence.objects.get().removed_at is not None
    assert client.post(url(running, name="evidence_remove", evidence=found)).status_code == 404


def test_adding_the_same_evidence_twice_is_adding_once(cast: Cast, running: Assessment) -> None:
    data = {"ev-kind": "link", "ev-title": "a", "ev-url": "https://a.org", "idempotency": "one"}
    client = client_of(cast.respondent)
    for _ in range(2):
        assert client.post(url(running, name="evidence_add"), data).status_code == 302
    assert Evidence.objects.count() == 1


def test_place_knows_only_its_own_area(cast: Cast, running: Assessment) -> None:
    place = place_for(cast.lead, cast.agency, running.public_id, "GOV.1", "GOV.1.2")
    assert place.url_args["indicator"] == "GOV.1.2"
