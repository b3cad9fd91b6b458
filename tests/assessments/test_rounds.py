"""Rounds: whom they ask and for what, reminding, more time, closing and opening again, declining, the table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate

from apps.accounts.models import Notification
from apps.assessments import selectors, services
from apps.assessments.models import Assessment, Round, RoundMember
from apps.core.errors import Conflict, Refused
from apps.core.jobs import run_waiting
from apps.core.models import AuditEntry
from tests.assessments.flow import answer, begin
from tests.assessments.test_review import client_of, open_round, text
from tests.factories import OrganisationFactory, small_version, take_part
from tests.people import Cast

TODAY = localdate()


def office(name: str, row: Round) -> str:
    return reverse(f"assessments:{name}", args=[row.programme.public_id, row.public_id])


def of_member(name: str, cast: Cast, row: Round) -> str:
    return reverse(f"assessments:{name}", args=[cast.agency.public_id, row.public_id])


def kinds(user: Any) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def values(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "name": "Round 2027", "version": small_version().public_id, "opens_on": TODAY.isoformat(),
        "closes_on": (TODAY + timedelta(9)).isoformat(), **more,
    }  # fmt: skip


# --- whom it asks ---------------------------------------------------------------------------------


def test_a_round_for_chosen_members_reaches_only_them(cast: Cast) -> None:
    url = reverse("assessments:rounds", args=[cast.programme.public_id])
    client = client_of(cast.manager)
    assert client.post(url, values(cast, members=[cast.agency.public_id])).status_code == 302
    row = Round.objects.get()
    assert kinds(cast.lead) == ["round_opened"] and kinds(cast.other_lead) == []
    assert [w.kind for w in selectors.waiting_for(cast.lead)] == ["round"]
    assert selectors.waiting_for(cast.other_lead) == []
    page = text(client.get(office("round", row)))
    assert "Asks one chosen member" in page and "Port Authority" not in page
    new = reverse("assessments:new", args=[cast.other.public_id]) + f"?round={row.public_id}"
    assert client_of(cast.other_lead).get(new).status_code == 404


def test_a_round_of_nations_asks_no_organisation(cast: Cast) -> None:
    open_round(cast, audience=services.Audience(scope="national"))
    assert kinds(cast.lead) == [] and selectors.waiting_for(cast.lead) == []
    shown = text(client_of(cast.lead).get(reverse("assessments:list", args=[cast.agency.public_id])))
    assert "Start this assessment" not in shown


def test_a_stranger_or_the_wrong_kind_cannot_be_chosen(cast: Cast) -> None:
    stranger = OrganisationFactory()
    with pytest.raises(Refused, match="members of this programme"):
        open_round(cast, audience=services.Audience([stranger.public_id]))
    with pytest.raises(Refused, match="not of the kind"):
        open_round(cast, audience=services.Audience([cast.agency.public_id], "national"))
    assert not Round.objects.exists() and not RoundMember.objects.exists()


def test_whoever_joins_later_is_asked_too_unless_members_were_chosen(cast: Cast) -> None:
    open_round(cast)
    open_round(cast, name="Chosen", audience=services.Audience([cast.agency.public_id]))
    take_part(cast.programme, OrganisationFactory(name="Late Office"))
    client = client_of(cast.manager)
    everyone, chosen = Round.objects.get(everyone=True), Round.objects.get(everyone=False)
    assert "Late Office" in text(client.get(office("round", everyone)))
    assert "Late Office" not in text(client.get(office("round", chosen)))


# --- what it asks for -----------------------------------------------------------------------------


def test_targets_of_a_round_become_targets_of_its_assessments(cast: Cast) -> None:
    url = reverse("assessments:rounds", args=[cast.programme.public_id])
    sent = values(cast, target_organisational="l:4", levels="GOV.1 2\nGOV.1.2: 5")
    assert client_of(cast.manager).post(url, sent).status_code == 302
    row = Round.objects.get()
    new = reverse("assessments:new", args=[cast.agency.public_id]) + f"?round={row.public_id}"
    lead = client_of(cast.lead)
    assert "level 4 for every question" in text(lead.get(new))
    assert lead.post(new, {"title": "2027"}).status_code == 302
    found = Assessment.objects.get(round=row).targets
    assert found == {"default": 4, "GOV.1.1": 2, "GOV.1.2": 5}


def test_single_levels_stand_above_the_profile_that_a_member_chooses(cast: Cast) -> None:
    row = open_round(cast, aims=services.Aims(levels={"RES.1": 5}))
    new = reverse("assessments:new", args=[cast.agency.public_id]) + f"?round={row.public_id}"
    assert client_of(cast.lead).post(new, {"title": "2027", "profile": "baseline"}).status_code == 302
    assert Assessment.objects.get(round=row).targets == {"default": 3, "RES.1.1": 5, "RES.1.2": 5}


def test_a_profile_of_the_framework_can_be_asked_for(cast: Cast) -> None:
    row = open_round(cast, aims=services.Aims({"organisational": {"profile": "baseline"}}))
    found = begin(cast.lead, cast.agency, version=row.version, asked=row)
    assert found.targets == {"default": 3}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"levels": "GOV.1 four"}, "not a code and a level"),
        ({"levels": "GOV.9 4"}, "no area or question GOV.9"),
        ({"levels": "GOV.1 9"}, "highest level of this framework is 5"),
        ({"target_organisational": "l:99"}, "not one of the available choices"),
        ({"target_national": "p:baseline"}, "not one of the available choices"),
        ({"members": ["nobody"]}, "not one of the available choices"),
        ({"scope": "galactic"}, "not one of the available choices"),
        ({"closes_on": "soon"}, "valid date"),
        ({"name": "x" * 121}, "at most 120"),
    ],
)
def test_a_form_that_cannot_be_is_refused_in_words(cast: Cast, more: dict[str, Any], said: str) -> None:
    url = reverse("assessments:rounds", args=[cast.programme.public_id])
    answered = client_of(cast.manager).post(url, values(cast, **more))
    assert answered.status_code == 422 and said in text(answered)
    assert not Round.objects.exists() and not Notification.objects.exists()


# --- reminding ------------------------------------------------------------------------------------


def test_all_that_are_behind_are_reminded_once_a_day(cast: Cast) -> None:
    row = open_round(cast)
    run_waiting()
    mail.outbox.clear()
    client = client_of(cast.manager)
    for _turn in range(2):
        assert client.post(office("round_remind", row)).status_code == 302
    run_waiting()
    assert kinds(cast.lead) == ["round_opened", "round_reminder"]
    assert sorted(m.to[0] for m in mail.outbox) == [cast.lead.email, cast.other_lead.email]
    assert AuditEntry.objects.filter(action="round.reminded").count() == 1
    page = text(client.get(office("round", row)))
    assert "reminded on" in page and "Remind one member" not in page
    RoundMember.objects.update(reminded_on=TODAY - timedelta(1))
    assert services.remind_members(actor=cast.manager, row=row) == 4


def test_one_member_is_reminded_and_the_others_hear_nothing(cast: Cast) -> None:
    row = open_round(cast)
    client = client_of(cast.manager)
    client.post(office("round_remind", row), {"member": cast.agency.public_id})
    assert "round_reminder" in kinds(cast.lead) and "round_reminder" not in kinds(cast.other_lead)
    with pytest.raises(Refused, match="once a day"):
        services.remind_members(actor=cast.manager, row=row, member=cast.agency.public_id)
    shown = client.post(office("round_remind", row), {"member": cast.agency.public_id}, follow=True)
    assert "once a day at most" in text(shown)
    assert client.post(office("round_remind", row), {"member": "nobody"}).status_code == 404


def test_who_has_submitted_or_declined_is_not_reminded(cast: Cast) -> None:
    row = open_round(cast)
    mine = begin(cast.lead, cast.agency, version=row.version, asked=row)
    answer(cast.respondent, mine, "GOV.1.1", "2")
    services.submit_assessment(actor=cast.lead, assessment=mine)
    services.decline_round(actor=cast.other_lead, member=cast.other, row=row, reason="No staff.")
    services.remind_members(actor=cast.manager, row=row)
    assert "round_reminder" not in kinds(cast.lead) + kinds(cast.other_lead)
    with pytest.raises(Refused, match="not behind"):
        services.remind_members(actor=cast.manager, row=row, member=cast.agency.public_id)


# --- more time, closing, opening again ------------------------------------------------------------


def test_more_time_is_told_with_the_note(cast: Cast) -> None:
    row = open_round(cast)
    later = TODAY + timedelta(30)
    sent = {"closes_on": later.isoformat(), "seen": row.closes_on.isoformat(), "note": "Holidays come first."}
    assert client_of(cast.manager).post(office("round_extend", row), sent).status_code == 302
    row.refresh_from_db()
    assert row.closes_on == later
    told = Notification.objects.get(user=cast.lead, kind="round_extended_note")
    assert told.values["note"] == "Holidays come first."
    assert AuditEntry.objects.filter(action="round.extended").count() == 1


def test_two_managers_extend_and_the_second_sees_both_days(cast: Cast) -> None:
    row = open_round(cast)
    seen = row.closes_on
    services.extend_round(actor=cast.manager, row=row, closes_on=TODAY + timedelta(20), seen=seen)
    with pytest.raises(Conflict):
        services.extend_round(actor=cast.manager, row=row, closes_on=TODAY + timedelta(30), seen=seen)
    sent = {"closes_on": (TODAY + timedelta(30)).isoformat(), "seen": seen.isoformat()}
    answered = client_of(cast.manager).post(office("round_extend", row), sent)
    assert answered.status_code == 409 and "A colleague set the last day" in text(answered)
    assert f'value="{(TODAY + timedelta(20)).isoformat()}"' in answered.content.decode()
    row.refresh_from_db()
    assert row.closes_on == TODAY + timedelta(20)


@pytest.mark.parametrize(
    "change",
    [{"closes_on": ""}, {"closes_on": "2020-01-01"}, {"note": "x" * 501}, {"seen": "yesterday"}],
)
def test_more_time_that_makes_no_sense_is_refused(cast: Cast, change: dict[str, str]) -> None:
    row = open_round(cast)
    sent = {"closes_on": (TODAY + timedelta(30)).isoformat(), "seen": row.closes_on.isoformat(), **change}
    assert client_of(cast.manager).post(office("round_extend", row), sent).status_code == 422
    assert Round.objects.get().closes_on == row.closes_on


def test_a_closed_round_opens_again_until_a_report_counted_it(cast: Cast) -> None:
    row = open_round(cast)
    client = client_of(cast.manager)
    client.post(office("round_close", row))
    assert kinds(cast.lead)[-1] == "round_closed"
    assert "Open this round again" in text(client.get(office("round", row)))
    client.post(office("round_reopen", row))
    assert kinds(cast.lead)[-1] == "round_reopened"
    assert Round.objects.get().state == "open"
    client.post(office("round_close", row))
    assert services.fix_rounds(actor=None, programme=cast.programme) == 1
    assert "A report has counted this round" in text(client.post(office("round_reopen", row), follow=True))
    assert Round.objects.get().state == "closed"


# --- declining ------------------------------------------------------------------------------------


def test_a_member_declines_with_a_reason_and_may_come_back(cast: Cast) -> None:
    row = open_round(cast)
    lead, url = client_of(cast.lead), of_member("decline", cast, row)
    assert lead.get(url).status_code == 200
    assert lead.post(url, {"reason": " "}).status_code == 422
    assert lead.post(url, {"reason": "Elections take all our staff."}).status_code == 302
    assert lead.post(url, {"reason": "Again."}).status_code == 302
    assert kinds(cast.manager) == ["round_declined"]
    assert selectors.waiting_for(cast.lead) == []
    page = text(client_of(cast.manager).get(office("round", row)))
    assert "Declined" in page and "Elections take all our staff." in page
    with pytest.raises(Refused, match="declined this round"):
        begin(cast.lead, cast.agency, version=row.version, asked=row)
    assert lead.post(of_member("rejoin", cast, row)).status_code == 302
    assert [w.kind for w in selectors.waiting_for(cast.lead)] == ["round"]
    assert kinds(cast.manager) == ["round_declined", "round_rejoined"]


def test_who_has_begun_cannot_decline(cast: Cast) -> None:
    row = open_round(cast)
    begin(cast.lead, cast.agency, version=row.version, asked=row)
    answered = client_of(cast.lead).post(of_member("decline", cast, row), {"reason": "Too late."})
    assert answered.status_code == 409
    assert not RoundMember.objects.exists()


def test_a_round_that_does_not_ask_the_member_cannot_be_declined(cast: Cast) -> None:
    row = open_round(cast, audience=services.Audience([cast.other.public_id]))
    assert client_of(cast.lead).post(of_member("decline", cast, row), {"reason": "No."}).status_code == 404


# --- the table ------------------------------------------------------------------------------------


def test_the_table_counts_and_says_nothing_of_answers(cast: Cast) -> None:
    row = open_round(cast)
    cast.other.name = "=cmd|' /C calc'!A0"
    cast.other.save()
    mine = begin(cast.lead, cast.agency, version=row.version, asked=row)
    answer(cast.respondent, mine, "GOV.1.1", "4", "Secret words")
    answered = client_of(cast.manager).get(office("round_progress", row))
    lines = list(csv.reader(io.StringIO(answered.content.decode())))
    found = {line[0]: line for line in lines[1:]}
    assert found["National CERT of Veldara"][2:6] == ["In progress", "1", "5", TODAY.isoformat()]
    assert "'=cmd|' /C calc'!A0" in found and "Secret words" not in answered.content.decode()
    assert "attachment" in answered["Content-Disposition"]
