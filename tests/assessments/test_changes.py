"""A reviewer inside the member requests a change: what it does that a question does not, and where people meet it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Notification, User
from apps.accounts.selectors import list_notifications
from apps.assessments import services
from apps.assessments.models import Assessment, Remark, Response
from apps.assessments.selectors.home import waiting_for
from apps.assessments.selectors.mine import my_list
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from tests.assessments.flow import answer, at, begin
from tests.assessments.paper import taken
from tests.assessments.test_api import Program, root
from tests.assessments.test_parallel import joined
from tests.people import Cast

WISH = "Level 2 at most: the decree is a draft."


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(name: str, row: Assessment, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[row.member.public_id, row.public_id, *more])


@pytest.fixture
def running(cast: Cast) -> Assessment:
    row = begin(cast.lead, cast.agency)
    answer(cast.respondent, row, "GOV.1.1", "3", "The decree names it.")
    return row


@pytest.fixture
def requested(cast: Cast, running: Assessment) -> Assessment:
    sent = {"version": "1", "text": WISH, "kind": "change"}
    said = client_of(cast.lead).post(page("ask", running, "GOV.1", "GOV.1.1"), sent)
    assert said.status_code == 302
    return running


def save(cast: Cast, row: Assessment, choice: str, why: str, expected: int) -> int:
    given = services.AnswerInput(choice, "", why)
    place = at(cast.respondent, row, "GOV.1.1")
    return services.save_answer(actor=cast.respondent, place=place, answer=given, expected=expected).version


def test_the_respondent_is_told_and_finds_it_on_list_home_and_question(
    cast: Cast, requested: Assessment
) -> None:
    told = list_notifications(cast.respondent)[0]
    assert "requests a change of your answer to GOV.1.1" in told.text
    assert Notification.objects.get(kind="change_requested").url == page(
        "question", requested, "GOV.1", "GOV.1.1"
    )
    assert [(row.text, row.change) for row in my_list(cast.respondent).remarks] == [(WISH, True)]
    assert any("requests a change of GOV.1.1" in row.text for row in waiting_for(cast.respondent))
    client = client_of(cast.respondent)
    assert "Change requested" in client.get(reverse("assessments:mine")).content.decode()
    shown = client.get(page("question", requested, "GOV.1", "GOV.1.1")).content.decode()
    assert "requests a change of this answer" in shown and WISH in shown
    assert "saving the same again does not settle it" in shown
    assert not mail.outbox or "change" in mail.outbox[0].body


def test_it_stays_open_until_the_answer_is_another_one(cast: Cast, requested: Assessment) -> None:
    assert save(cast, requested, "3", "The decree names it.", 1) == 1
    assert Remark.objects.get().resolved_at is None
    assert save(cast, requested, "2", "The decree is a draft.", 1) == 2
    assert Remark.objects.get().resolved_at is not None


def test_other_words_for_the_same_level_meet_it_too(cast: Cast, requested: Assessment) -> None:
    save(cast, requested, "3", "It is in force since May.", 1)
    assert Remark.objects.get().resolved_at is not None


def test_a_question_beside_it_is_answered_alone_by_the_same_answer(cast: Cast, requested: Assessment) -> None:
    place = at(cast.lead, requested, "GOV.1.1")
    services.ask_back(actor=cast.lead, place=place, expected=1, text="Since when?")
    assert save(cast, requested, "3", "The decree names it.", 1) == 2
    still = Remark.objects.get(resolved_at=None)
    assert still.text == WISH and my_list(cast.respondent).remarks[0].change


def test_the_reviewer_can_agree_to_the_answer_as_it_is(cast: Cast, requested: Assessment) -> None:
    services.agree_answer(actor=cast.lead, place=at(cast.lead, requested, "GOV.1.1"), expected=1)
    assert Remark.objects.get().resolved_at is not None and my_list(cast.respondent).remarks == ()


def test_it_takes_agreement_away_and_is_on_record(cast: Cast, running: Assessment) -> None:
    place = at(cast.lead, running, "GOV.1.1")
    services.agree_answer(actor=cast.lead, place=place, expected=1)
    services.ask_back(actor=cast.lead, place=place, expected=1, text=WISH, kind="change")
    assert Response.objects.get().agreed_at is None
    entry = AuditEntry.objects.get(action="answer.change_requested")
    assert entry.detail == {"indicator": "GOV.1.1", "version": 1} and WISH not in str(entry.detail)


def test_the_checks_name_it_and_submitting_is_the_leads_decision(cast: Cast, requested: Assessment) -> None:
    client = client_of(cast.lead)
    for name in ("review", "submit"):
        shown = client.get(page(name, requested)).content.decode()
        assert "A change that a reviewer requested" in shown and WISH in shown
    services.submit_assessment(actor=cast.lead, assessment=requested)


def test_the_review_page_shows_it_and_keeps_words_that_were_refused(
    cast: Cast, requested: Assessment
) -> None:
    client, url = client_of(cast.lead), page("ask", requested, "GOV.1", "GOV.1.1")
    shown = client.get(page("area_review", requested, "GOV.1")).content.decode()
    assert "Change requested" in shown and "Request the change" in shown and 'value="change"' in shown
    for sent, said in (({"text": " ", "kind": "change"}, "what has to change"), ({"text": "x", "kind": "order"}, "request a change")):  # fmt: skip
        answered = client.post(url, {"version": "1", **sent})
        assert answered.status_code == 422 and said in answered.content.decode()
    assert Remark.objects.count() == 1


def test_history_sheet_and_workbook_show_it(cast: Cast, requested: Assessment) -> None:
    client = client_of(cast.respondent)
    save(cast, requested, "2", "The decree is a draft.", 1)
    shown = client.get(page("history", requested, "GOV.1", "GOV.1.1")).content.decode()
    assert "requested a change" in shown and WISH in shown and "Settled on" in shown
    place = at(cast.lead, requested, "GOV.1.1")
    services.ask_back(actor=cast.lead, place=place, expected=2, text="Name the day.", kind="change")
    sheet = client.get(page("sheet", requested), {"for": "all", "filled": "1"}).content.decode()
    assert "Name the day." in sheet and "requests a change as reviewer" in sheet and WISH not in sheet
    blank = client.get(page("sheet", requested), {"for": "all"}).content.decode()
    assert "Name the day." not in blank
    book = openpyxl.load_workbook(io.BytesIO(taken(cast.lead, requested)))
    said = [str(c.value) for s in book.worksheets for r in s.iter_rows() for c in r if WISH in str(c.value)]
    assert said and all("requests a change as reviewer" in text for text in said)


def test_a_parallel_copy_brings_it_along(cast: Cast, running: Assessment) -> None:
    away = services.branch_assessment(actor=cast.lead, assessment=running, title="Away")
    services.ask_back(
        actor=cast.lead, place=at(cast.lead, away, "GOV.1.1"), expected=1, text=WISH, kind="change"
    )
    joined(cast, away, running)
    here = Remark.objects.get(response__assessment=running)
    assert (here.text, here.kind) == (WISH, "change")


def test_programs_request_and_read_it(cast: Cast, running: Assessment) -> None:
    lead, asked = Program(cast.lead), f"{root(running)}answers/GOV.1.1/ask/"
    lead.ask("POST", asked, {"text": WISH, "kind": "order"}, If_Match='"1"', Idempotency_Key="abcdefgh1")
    assert lead.last.status_code == 400 and lead.last.json()["field"] == "kind"
    lead.ask("POST", asked, {"text": WISH, "kind": "change"}, If_Match='"1"', Idempotency_Key="abcdefgh2")
    assert lead.last.status_code == 200 and Remark.objects.get().kind == "change"
    row = next(r for r in lead.get(f"{root(running)}answers/")["results"] if r["code"] == "GOV.1.1")
    assert (row["asked"], row["change"]) == (WISH, True)
    assert Program(cast.respondent).get("me/list/")["remarks"][0]["change"] is True


def test_another_kind_is_refused(cast: Cast, running: Assessment) -> None:
    with pytest.raises(Refused, match="request a change"):
        services.ask_back(actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), expected=1, text="x", kind="")  # fmt: skip
