"""A run: who gets what and when, what is written down, and what nobody may read before it is over."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core.errors import Conflict, Refused
from apps.exercises import services
from apps.exercises.models import Entry, Opening, Part, Run
from apps.exercises.selectors import waiting_for
from tests.exercises.world import CANARIES, OTHERS, planned, play, running, small_kit, turn_back
from tests.factories import UserFactory, join
from tests.people import Cast

pytestmark = pytest.mark.django_db


def path(run: Run, cast: Cast, page: str = "") -> str:
    return f"/o/{cast.agency.public_id}/exercises/{run.public_id}/{page}"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_lead_plans_a_run_with_the_form_and_the_facilitator_is_told(client: Client, cast: Cast) -> None:
    small_kit()
    client.force_login(cast.lead)
    day = services.runs.site_day().isoformat()
    data = {"kit": "small-storm", "held_on": day, "facilitator": cast.viewer.public_id, "tlp": "TLP:AMBER"}
    answer = client.post(f"/o/{cast.agency.public_id}/exercises/new/", data)
    run = Run.objects.get()
    assert answer.url == path(run, cast)
    assert run.facilitator == cast.viewer
    client.force_login(cast.viewer)
    assert "asks you to lead the exercise “Small storm”" in text_of(client, "/me/notifications/")


def test_planning_twice_with_one_key_makes_one_run(client: Client, cast: Cast) -> None:
    small_kit()
    client.force_login(cast.lead)
    day = services.runs.site_day().isoformat()
    data = {
        "kit": "small-storm", "held_on": day, "facilitator": cast.lead.public_id, "tlp": "TLP:AMBER", "idempotency": "k",
    }  # fmt: skip
    for _n in range(2):
        client.post(f"/o/{cast.agency.public_id}/exercises/new/", data)
    assert Run.objects.count() == 1


def test_a_run_does_not_start_without_its_needed_roles(client: Client, cast: Cast) -> None:
    run = planned(cast)
    play(cast, run, cast.respondent, "IT")
    client.force_login(cast.lead)
    answer = client.post(path(run, cast, "control/clock/"), {"act": "start"}, follow=True)
    assert "Nobody plays these roles, and it cannot go without: Security officer." in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "planned"


def test_the_clock_waits_for_as_many_players_as_the_kit_is_made_for(client: Client, cast: Cast) -> None:
    run = planned(cast)
    play(cast, run, cast.respondent, "IT", "SEC")
    play(cast, run, cast.viewer, observer=True)
    client.force_login(cast.lead)
    assert "1 person plays; this exercise is made for 2 or more." in text_of(
        client, path(run, cast, "control/")
    )
    answer = client.post(path(run, cast, "control/clock/"), {"act": "start"}, follow=True)
    said = "This exercise needs 2 players and has 1. Invite more people, or tick that you play with fewer."
    assert said in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "planned"
    client.post(path(run, cast, "control/clock/"), {"act": "start", "fewer": "yes"})
    run.refresh_from_db()
    assert run.state == "running"


def test_an_invitation_to_play_waits_until_it_is_answered(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert waiting_for(cast.respondent) == []
    run = planned(cast)
    play(cast, run, cast.respondent, "IT")
    with django_assert_num_queries(1):
        (found,) = waiting_for(cast.respondent)
    assert found.text.startswith("Say whether you play “Small storm” on ")
    assert found.url == path(run, cast) and found.member == cast.agency.public_id
    assert waiting_for(cast.viewer) == []
    services.answer_invitation(actor=cast.respondent, run=run, comes=True, named=False)
    assert waiting_for(cast.respondent) == []
    play(cast, run, cast.viewer, "SEC")
    services.cancel_run(actor=cast.lead, run=run, reason="A storm")
    assert waiting_for(cast.viewer) == []


def test_one_person_holds_several_roles_and_a_role_one_person(cast: Cast) -> None:
    run = planned(cast)
    play(cast, run, cast.respondent, "IT", "COM")
    with pytest.raises(Refused, match=r"Tomas Ekwe holds the role “Head of IT” already\."):
        play(cast, run, cast.viewer, "IT")
    play(cast, run, cast.respondent, "SEC")
    assert list(Part.objects.values_list("role", flat=True)) == ["SEC"]


def test_people_from_elsewhere_and_the_facilitator_do_not_play(cast: Cast) -> None:
    run = planned(cast)
    for user in (cast.outsider, cast.other_lead, cast.lead):
        with pytest.raises(Refused):
            play(cast, run, user, "IT")


def test_an_inject_reaches_its_roles_only_and_who_opened_it_is_seen(client: Client, cast: Cast) -> None:
    run = running(cast)
    services.give_injects(actor=cast.lead, run=run, codes=["I01", "I02", "D1"])
    client.force_login(cast.respondent)
    text = text_of(client, path(run, cast, "play/"))
    assert "Lights out" in text
    assert "2 messages wait for you" in text
    assert "CANARY-SEC-TITLE" not in text
    other = run.injects.get(code="I02")
    assert client.get(path(run, cast, f"play/{other.public_id}/")).status_code == 404
    inject = run.injects.get(code="I01")
    assert "The quay is dark." in text_of(client, path(run, cast, f"play/{inject.public_id}/"))
    assert Opening.objects.get().player.user == cast.respondent
    client.force_login(cast.lead)
    text = text_of(client, path(run, cast, "control/"))
    assert "<bdi>Tomas Ekwe</bdi></span>" in text
    assert "Sefu Second" in text


@pytest.mark.parametrize("who", ["respondent", "viewer", "second"])
def test_nothing_behind_the_story_is_on_any_page_of_a_player(client: Client, cast: Cast, who: str) -> None:
    run = running(cast)
    turn_back(run, 10)
    services.give_due(actor=cast.lead, run=run)
    second = run.players.get(user__email="second@example.org").user
    client.force_login({"respondent": cast.respondent, "viewer": cast.viewer, "second": second}[who])
    hidden = [*CANARIES, "CANARY-LATER"] + ([] if who == "second" else list(OTHERS))
    pages = ["", "play/", "play/news/"]
    pages += [f"play/{row.public_id}/" for row in run.injects.all() if who != "viewer" and _mine(row, who)]
    for page in pages:
        text = text_of(client, path(run, cast, page))
        assert [word for word in hidden if word in text] == [], page
        assert "points the wrong way" not in text
    for address in (
        "/exercises/small-storm/",
        "/exercises/small-storm/handout/?cards=1",
        "/me/notifications/",
    ):
        assert [word for word in hidden if word in text_of(client, address)] == [], address


def _mine(row: Any, who: str) -> bool:
    return {"respondent": "IT", "second": "SEC"}[who] in row.to


def test_due_injects_follow_the_clock_which_stands_when_stopped(cast: Cast) -> None:
    run = running(cast)
    assert services.give_due(actor=cast.lead, run=run) == 0
    turn_back(run, 6)
    assert services.give_due(actor=cast.lead, run=run) == 2
    assert services.give_due(actor=cast.lead, run=run) == 0
    assert {row.minute for row in run.injects.all()} == {6}
    run = services.move_clock(actor=cast.lead, run=run, act="pause")
    assert run.going_since is None
    with pytest.raises(Conflict):
        services.move_clock(actor=cast.lead, run=run, act="pause")
    run = services.move_clock(actor=cast.lead, run=run, act="resume")
    assert run.minute_at(run.going_since) == 6  # type: ignore[arg-type]


def test_an_inject_is_left_out_with_a_reason_once(client: Client, cast: Cast) -> None:
    run = running(cast)
    client.force_login(cast.lead)
    assert client.post(path(run, cast, "control/skip/"), {"code": "I01"}).status_code == 422
    client.post(path(run, cast, "control/skip/"), {"code": "I01", "reason": "We are late."})
    services.give_injects(actor=cast.lead, run=run, codes=["I01"])
    assert run.injects.get().state == "skipped"
    client.force_login(cast.respondent)
    assert "Lights out" not in text_of(client, path(run, cast, "play/"))


def test_facilitator_gives_something_of_her_own_once(client: Client, cast: Cast) -> None:
    run = running(cast)
    client.force_login(cast.lead)
    data = {
        "title": "A fire alarm", "text": "It rings.", "sender": "Porter", "channel": "phone", "to": ["SEC"], "idempotency": "x",
    }  # fmt: skip
    for _n in range(2):
        client.post(path(run, cast, "control/own/"), data)
    assert list(run.injects.values_list("code", "title")) == [("X01", "A fire alarm")]
    client.force_login(cast.respondent)
    assert "A fire alarm" not in text_of(client, path(run, cast, "play/"))


def test_a_decision_keeps_why_when_who_and_what_it_answers(client: Client, cast: Cast) -> None:
    run = running(cast)
    turn_back(run, 7)
    services.give_injects(actor=cast.lead, run=run, codes=["I01"])
    inject = run.injects.get()
    client.force_login(cast.respondent)
    data = {"text": "We cut the line.", "why": "To save the rest.", "idempotency": "one"}
    for _n in range(2):
        client.post(path(run, cast, f"play/{inject.public_id}/"), data)
    entry = Entry.objects.get()
    assert (entry.minute, entry.roles, entry.inject, entry.why) == (7, ["IT"], inject, "To save the rest.")
    client.force_login(cast.lead)
    assert "We cut the line." in text_of(client, path(run, cast, "control/"))


def test_a_question_is_answered_to_the_one_who_asked(client: Client, cast: Cast) -> None:
    run = running(cast)
    client.force_login(cast.respondent)
    client.post(path(run, cast, "play/ask/"), {"q-text": "Is the mail down?"})
    entry = Entry.objects.get()
    client.force_login(cast.lead)
    assert "Is the mail down?" in text_of(client, path(run, cast, "control/"))
    client.post(path(run, cast, f"control/answer/{entry.public_id}/"), {"answer": "No, it works."})
    client.force_login(cast.respondent)
    assert "No, it works." in text_of(client, path(run, cast, "play/"))
    client.force_login(run.players.get(user__email="second@example.org").user)
    assert "No, it works." not in text_of(client, path(run, cast, "play/"))


def test_news_are_empty_until_there_are_some(client: Client, cast: Cast) -> None:
    run = running(cast)
    client.force_login(cast.respondent)
    page = client.get(path(run, cast, "play/"))
    seen = page.context["page"].marker
    assert client.get(path(run, cast, "play/news/"), {"seen": seen}).status_code == 204
    services.give_injects(actor=cast.lead, run=run, codes=["I02"])
    assert client.get(path(run, cast, "play/news/"), {"seen": seen}).status_code == 204
    services.give_injects(actor=cast.lead, run=run, codes=["I01"])
    answer = client.get(path(run, cast, "play/news/"), {"seen": seen})
    assert "Lights out" in answer.content.decode()
    assert len(answer.content) < 4000


def test_nothing_is_written_after_the_play(client: Client, cast: Cast) -> None:
    run = running(cast)
    services.move_clock(actor=cast.lead, run=run, act="wash")
    client.force_login(cast.respondent)
    answer = client.post(path(run, cast, "play/decide/"), {"d-text": "Late", "d-why": "Late"})
    assert answer.status_code == 422
    assert "This exercise is not being played." in answer.content.decode()
    assert not Entry.objects.exists()


def test_who_declined_or_left_reads_nothing(client: Client, cast: Cast) -> None:
    run = planned(cast)
    player = play(cast, run, cast.respondent, "IT")
    services.answer_invitation(actor=cast.respondent, run=run, comes=False, named=False)
    client.force_login(cast.respondent)
    assert client.get(path(run, cast, "play/")).status_code == 403
    cast.agency.memberships.filter(user=cast.respondent).delete()
    assert client.get(path(run, cast)).status_code == 404
    assert player.run == run


def test_a_colleague_neither_starts_nor_gives(cast: Cast) -> None:
    run = running(cast)
    for user in (cast.respondent, cast.viewer, cast.other_lead, cast.manager):
        with pytest.raises(PermissionDenied):
            services.move_clock(actor=user, run=run, act="pause")
        with pytest.raises(PermissionDenied):
            services.give_injects(actor=user, run=run, codes=["I01"])


def test_a_called_off_exercise_tells_everybody_why(client: Client, cast: Cast) -> None:
    run = planned(cast)
    play(cast, run, cast.respondent, "IT")
    client.force_login(cast.lead)
    client.post(path(run, cast, "cancel/"), {"reason": "The hall is wet."})
    client.force_login(cast.respondent)
    assert "The hall is wet." in text_of(client, "/me/notifications/")
    assert "This exercise was called off" in text_of(client, path(run, cast))


def test_moving_a_run_that_somebody_moved_shows_both(client: Client, cast: Cast) -> None:
    run = planned(cast)
    client.force_login(cast.lead)
    day = services.runs.site_day().isoformat()
    data = {"held_on": day, "facilitator": cast.viewer.public_id, "tlp": "TLP:RED", "version": 1}
    assert client.post(path(run, cast, "change/"), data).status_code == 302
    answer = client.post(path(run, cast, "change/"), {**data, "facilitator": cast.lead.public_id})
    assert answer.status_code == 409
    assert "Vera Lind" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_database_as_often_for_three_players_and_messages(
    client: Client, cast: Cast, number: int
) -> None:
    run = running(cast)
    for n in range(number):
        user = UserFactory(full_name=f"Extra {n}")
        join(cast.agency, user, "respondent")
        play(cast, run, user, observer=True)
    services.give_injects(actor=cast.lead, run=run, codes=["I01", "I03", "D1"][:number])
    player = run.players.get(user=cast.respondent)
    for n in range(number):
        services.ask_facilitator(actor=cast.respondent, player=player, text=f"Question {n}")
        services.log_decision(actor=cast.respondent, player=player, text=f"We {n}", why="So")
    found = {}
    for user, page in (
        (cast.respondent, "play/"),
        (cast.lead, "control/"),
        (cast.lead, ""),
        (cast.lead, "people/"),
    ):
        client.force_login(user)
        client.get(path(run, cast, page))
        with CaptureQueriesContext(connection) as asked:
            client.get(path(run, cast, page))
        found[page] = len(asked)
    assert found == {"play/": 13, "control/": 14, "": 14, "people/": 16}
