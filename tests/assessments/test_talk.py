"""Discussion inside the member: threads, mentions, questions to a colleague, mending, settling, the list, the sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate, now

from apps.accounts.models import Notification
from apps.assessments import selectors, services
from apps.assessments.models import Assessment, Comment, CommentRevision, Talk
from apps.core.jobs import run_waiting
from apps.core.models import AuditEntry, OutboxMessage
from tests.assessments.flow import answer, at, begin
from tests.assessments.test_review import client_of, text
from tests.factories import share
from tests.people import Cast

TODAY = localdate()


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def url(name: str, row: Assessment, *more: str) -> str:
    args = [row.member.public_id, row.public_id, "GOV.1", "GOV.1.1", *more]
    return reverse(f"assessments:{name}", args=args)


def kinds(user: Any) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def thread(cast: Cast, row: Assessment, **more: Any) -> Talk:
    words = services.Words(more.pop("text", "Which list do we mean?"), more.pop("mentions", ()))
    who = more.pop("actor", cast.lead)
    found = services.start_talk(actor=who, place=at(cast.lead, row, "GOV.1.1"), words=words, **more)
    return Talk.objects.get(public_id=found)


# --- threads and mentions -------------------------------------------------------------------------


def test_a_thread_is_read_by_the_team_and_by_nobody_else(cast: Cast, running: Assessment) -> None:
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True)
    share(cast.agency, cast.lead, None, to_programme=cast.programme)
    sent = client_of(cast.respondent).post(url("talk", running), {"text": "A secret thought."})
    assert sent.status_code == 302
    assert "A secret thought." in text(client_of(cast.viewer).get(url("talk", running)))
    for person in (cast.mentor, cast.manager, cast.other_lead, cast.staff, cast.outsider):
        assert client_of(person).get(url("talk", running)).status_code == 404
    assert AuditEntry.objects.filter(action="talk.opened").count() == 1


def test_colleagues_are_mentioned_by_tick_or_by_name_and_told_without_the_words(
    cast: Cast, running: Assessment
) -> None:
    sent = {"text": "See the list, @Tomas Ekwe.", "mentions": [cast.viewer.public_id]}
    client_of(cast.lead).post(url("talk", running), sent)
    run_waiting()
    assert kinds(cast.respondent) == kinds(cast.viewer) == ["mentioned"]
    assert all("See the list" not in m.body for m in mail.outbox) and len(mail.outbox) == 2
    assert (
        "to <bdi>Tomas Ekwe, Vera Lind</bdi>"
        in client_of(cast.lead).get(url("talk", running)).content.decode()
    )


def test_those_who_wrote_before_are_told_of_an_answer_once(cast: Cast, running: Assessment) -> None:
    row = thread(cast, running)
    reply = url("talk_reply", running, row.public_id)
    for _turn in range(2):
        assert (
            client_of(cast.respondent).post(reply, {"text": "The new one.", "key": "k1"}).status_code == 302
        )
    assert kinds(cast.lead) == ["talk_answered"] and kinds(cast.respondent) == []
    assert row.comments.count() == 2


def test_a_double_press_opens_one_thread(cast: Cast, running: Assessment) -> None:
    for _turn in range(2):
        client_of(cast.lead).post(url("talk", running), {"text": "Once.", "key": "k1"})
    assert Talk.objects.count() == Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "required"),
        ({"text": " \x00 "}, ""),
        ({"text": "x" * 2001}, "at most 2000"),
        ({"text": "Hi.", "mentions": ["nobody"]}, "not one of the available choices"),
        ({"text": "Hi.", "asked": "nobody"}, "not one of the available choices"),
        ({"text": "Hi.", "due_on": "2030-13-01"}, "valid date"),
        ({"text": "Hi.", "due_on": (TODAY + timedelta(3)).isoformat()}, "choose whom you ask"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(
    cast: Cast, running: Assessment, sent: dict[str, Any], said: str
) -> None:
    answered = client_of(cast.lead).post(url("talk", running), sent)
    assert answered.status_code == 422 and said in text(answered)
    assert not Talk.objects.exists() and not Comment.objects.exists()


def test_a_refused_answer_keeps_what_was_written(cast: Cast, running: Assessment) -> None:
    row = thread(cast, running)
    services.settle_talk(actor=cast.lead, place=at(cast.lead, running, "GOV.1.1"), talk=row, settled=True)
    answered = client_of(cast.lead).post(
        url("talk_reply", running, row.public_id), {"text": "My long answer"}
    )
    assert answered.status_code == 422 and "This thread is settled" in text(answered)
    assert client_of(cast.lead).post(url("talk_reply", running, "a" * 20), {"text": "x"}).status_code == 404


def test_markup_in_words_is_shown_as_words(cast: Cast, running: Assessment) -> None:
    thread(cast, running, text="<script>alert(1)</script>")
    shown = client_of(cast.lead).get(url("talk", running)).content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


# --- asking a colleague ---------------------------------------------------------------------------


def test_a_question_to_a_colleague_stands_in_their_list_until_they_answer(
    cast: Cast, running: Assessment
) -> None:
    due = TODAY + timedelta(3)
    sent = {"text": "Do we have a list?", "asked": cast.respondent.public_id, "due_on": due.isoformat()}
    assert client_of(cast.lead).post(url("talk", running), sent).status_code == 302
    assert kinds(cast.respondent) == ["colleague_asked"]
    mine = client_of(cast.respondent)
    assert "Do we have a list?" in text(mine.get(reverse("assessments:mine")))
    assert [w.kind for w in selectors.waiting_for(cast.respondent)] == ["talk"]
    row = Talk.objects.get()
    mine.post(url("talk_reply", running, row.public_id), {"text": "Yes."})
    assert "Do we have a list?" not in text(mine.get(reverse("assessments:mine")))
    assert selectors.waiting_for(cast.respondent) == []
    assert kinds(cast.lead) == ["talk_answered"]


def test_on_the_day_the_colleague_is_reminded_unless_they_answered(cast: Cast, running: Assessment) -> None:
    for answered in (True, False):
        row = thread(cast, running, asked=cast.respondent.public_id, due_on=TODAY + timedelta(2))
        if answered:
            words = services.Words("Yes.")
            services.add_comment(
                actor=cast.respondent, place=at(cast.lead, running, "GOV.1.1"), talk=row, words=words
            )
    jobs = OutboxMessage.objects.filter(topic="assessments.remind_asked")
    assert jobs.count() == 2 and all(job.not_before > now() for job in jobs)
    jobs.update(not_before=now())
    run_waiting()
    assert kinds(cast.respondent).count("colleague_reminded") == 1


def test_one_cannot_ask_oneself_a_stranger_or_for_yesterday(cast: Cast, running: Assessment) -> None:
    from apps.core.errors import Refused

    for more in (
        {"asked": cast.lead.public_id},
        {"asked": cast.other_lead.public_id},
        {"asked": cast.respondent.public_id, "due_on": TODAY - timedelta(1)},
        {"mentions": [cast.other_lead.public_id]},
    ):
        with pytest.raises(Refused):
            thread(cast, running, **more)
    assert not Talk.objects.exists()


# --- mending and settling -------------------------------------------------------------------------


def test_own_words_can_be_changed_for_fifteen_minutes_and_the_old_ones_stay(
    cast: Cast, running: Assessment
) -> None:
    row = thread(cast, running, text="First words")
    comment = row.comments.get()
    page = url("talk_mend", running, row.public_id, comment.public_id)
    lead = client_of(cast.lead)
    assert lead.post(page, {"text": "Better words", "version": "1"}).status_code == 302
    shown = text(lead.get(url("talk", running)))
    assert "Better words" in shown and "First words" in shown
    stale = lead.post(page, {"text": "Third words", "version": "1"})
    assert stale.status_code == 409 and "Better words" in text(stale) and "Third words" in text(stale)
    assert client_of(cast.respondent).post(page, {"text": "No", "version": "2"}).status_code == 403
    Comment.objects.update(at=now() - timedelta(minutes=16))
    assert lead.post(page, {"text": "Too late", "version": "2"}).status_code == 422
    assert Comment.objects.get().text == "Better words" and CommentRevision.objects.count() == 1


def test_a_thread_is_settled_and_opened_again(cast: Cast, running: Assessment) -> None:
    row = thread(cast, running)
    client, page = client_of(cast.respondent), url("talk_settle", running, row.public_id)
    assert client.post(page).status_code == client.post(page).status_code == 302
    assert "Every thread is settled" in text(client.get(url("talk", running)))
    client.post(page, {"again": "1"})
    assert "One thread is open" in text(client.get(url("talk", running)))
    assert AuditEntry.objects.filter(action="talk.settled").count() == 1


def test_after_submission_the_discussion_is_read_only(cast: Cast, running: Assessment) -> None:
    row = thread(cast, running)
    answer(cast.respondent, running, "GOV.1.1", "2")
    services.submit_assessment(actor=cast.lead, assessment=running)
    client = client_of(cast.lead)
    assert client.post(url("talk", running), {"text": "Late."}).status_code == 409
    assert client.post(url("talk_reply", running, row.public_id), {"text": "Late."}).status_code == 409
    shown = text(client.get(url("talk", running)))
    assert "can still be read" in shown and "Which list do we mean?" in shown


def test_a_thread_of_another_question_is_not_found(cast: Cast, running: Assessment) -> None:
    row = thread(cast, running)
    args = [running.member.public_id, running.public_id, "GOV.1", "GOV.1.2", row.public_id]
    assert client_of(cast.lead).post(reverse("assessments:talk_settle", args=args)).status_code == 404


# --- my list and the sheet ------------------------------------------------------------------------


def test_my_list_names_areas_remarks_and_evidence_that_runs_out(cast: Cast, running: Assessment) -> None:
    giving = services.Giving("GOV.1", cast.respondent.public_id, cast.lead.public_id, 0)
    services.give_areas(actor=cast.lead, assessment=running, givings=[giving])
    answer(cast.respondent, running, "GOV.1.1", "2")
    place = at(cast.lead, running, "GOV.1.1")
    services.ask_back(actor=cast.lead, place=place, expected=1, text="Which minutes?")
    item = services.EvidenceInput(
        "link", title="The decree", url="https://example.org", expires_on=TODAY + timedelta(10)
    )
    services.add_evidence(actor=cast.respondent, place=place, item=item)
    shown = text(client_of(cast.respondent).get(reverse("assessments:mine")))
    assert "2 questions are left" in shown and "Which minutes?" in shown and "The decree" in shown
    assert "Nothing waits for you" in text(client_of(cast.other_lead).get(reverse("assessments:mine")))


def test_the_sheet_holds_a_persons_areas_blank_or_filled(cast: Cast, running: Assessment) -> None:
    giving = services.Giving("GOV.1", cast.respondent.public_id, "", 0)
    services.give_areas(actor=cast.lead, assessment=running, givings=[giving])
    answer(cast.respondent, running, "GOV.1.1", "2", "Because of the decree.")
    page = reverse("assessments:sheet", args=[running.member.public_id, running.public_id])
    blank = text(client_of(cast.respondent).get(page))
    assert "GOV.1.1" in blank and "RES.1.1" not in blank and "Because of the decree." not in blank
    filled = text(client_of(cast.lead).get(page, {"for": cast.respondent.public_id, "filled": "1"}))
    assert "Because of the decree." in filled and "1 of 2" in filled
    assert "RES.1.1" in text(client_of(cast.lead).get(page, {"for": "all"}))
    assert client_of(cast.lead).get(page, {"for": cast.other_lead.public_id}).status_code == 404
    assert client_of(cast.other_lead).get(page).status_code == 404
