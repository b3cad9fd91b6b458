"""Requests, offers, invitations, calls, engagements and matching rounds by programs: the same rules as on the pages."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from apps.core.models import AuditEntry
from apps.mentoring import services
from apps.mentoring.models import CallNote, Engagement, Need, Offer, Proposal
from apps.mentoring.services import todo
from tests.core.api import Program
from tests.mentoring.test_two_stages import calls, listed, note
from tests.mentoring.world import World, make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def home(world: World, *, mentor: bool = False) -> str:
    member = world.cast.mentor_partner if mentor else world.cast.agency
    return f"members/{member.public_id}/"


def asked(world: World, **more: Any) -> dict[str, Any]:
    sent = {"programme": world.cast.programme.public_id, "area": "GOV.1", "wanted_level": 3}
    return {**sent, "note": "Help.", "first_language": "en", "mode": "either", "sponsor": "Minister", **more}


def office(world: World) -> str:
    return f"programmes/{world.cast.programme.public_id}/"


def test_a_request_is_sent_once_changed_by_version_and_withdrawn(world: World) -> None:
    program, at = Program(world.cast.lead), f"{home(world)}needs/"
    options = program.get(f"{at}options/")
    assert "GOV.1" in [row["area"] for row in options["areas"]]
    assert [row["id"] for row in options["programmes"]] == [world.cast.programme.public_id]
    made = program.post(at, asked(world), 201, key="asked-once")
    assert program.post(at, asked(world), 201, key="asked-once")["id"] == made["id"]
    assert Need.objects.count() == 1 and program.last["Location"].endswith(f"/needs/{made['id']}/")
    one = f"{at}{made['id']}/"
    changed = program.put(one, {"note": "Soon.", "mode": "remote"}, 1)
    assert (changed["note"], changed["mode"], changed["sponsor"]) == ("Soon.", "remote", "Minister")
    assert program.last["ETag"] == '"2"' and program.get(one) == changed
    told = program.put(one, {"note": "Late."}, 1, status=412)
    assert told["current"]["note"] == "Soon." and told["proposed"]["note"] == "Late."
    program.put(one, {"wanted_level": 1}, 2, status=400)
    program.put(one, {"programme": "x"}, 2, status=400)
    gone = program.ask("POST", f"{one}withdraw/", {}, If_Match='"2"', Idempotency_Key="withdrawn-1").json()
    assert gone["state"] == "withdrawn" and gone["can_change"] is False
    assert [row["id"] for row in program.get(f"{at}?state=withdrawn")["results"]] == [made["id"]]
    assert program.get(f"{at}?state=sent")["count"] == 0


def test_wishes_of_a_request_are_read_by_those_who_may_ask(world: World) -> None:
    partner = world.cast.mentor_partner.public_id
    sent = asked(world, wished=partner, wished_why="They know ports.")
    made = Program(world.cast.lead).post(f"{home(world)}needs/", sent, 201)
    assert (made["wished"], made["wished_why"]) == (partner, "They know ports.")
    seen = Program(world.cast.viewer).get(f"{home(world)}needs/{made['id']}/")
    assert (seen["wished"], seen["wished_why"], seen["can_change"]) == ("", "", False)
    Program(world.cast.viewer).put(f"{home(world)}needs/{made['id']}/", {"note": "x"}, 1, status=403)
    Program(world.cast.other_lead).get(f"{home(world)}needs/{made['id']}/", 404)
    Program(world.cast.lead, "mentoring:read").post(f"{home(world)}needs/", sent, 403)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"area": "ZZZ.9"}, 404, None),
        ({"programme": "nobody"}, 400, "programme"),
        ({"wanted_level": 9}, 400, "wanted_level"),
        ({"first_language": "xx"}, 400, "first_language"),
        ({"hours_per_month": 0}, 400, "hours_per_month"),
        ({"version": 1}, 400, "version"),
    ],
)
def test_a_request_that_cannot_be_is_told_why(
    world: World, change: dict[str, Any], status: int, field: str | None
) -> None:
    told = Program(world.cast.lead).post(f"{home(world)}needs/", asked(world, **change), status)
    assert told.get("field") == field and not Need.objects.exists()


def test_an_offer_is_made_changed_and_withdrawn_by_its_partner(world: World) -> None:
    program, at = Program(world.cast.mentor), f"{home(world, mentor=True)}offers/"
    areas = {row["area"] for row in program.get(f"{at}options/")["areas"]}
    assert {"GOV.1", "GOV.2"} <= areas
    terms = {"places": 2, "hours_per_month": 8, "languages": ["en", "fr"], "mode": "remote", "pays": "mentor"}
    sent = {"programme": world.cast.programme.public_id, "area": "GOV.1", **terms}
    made = program.post(at, sent, 201, key="offered-once")
    assert program.post(at, sent, 201, key="offered-once")["id"] == made["id"] and Offer.objects.count() == 1
    one = f"{at}{made['id']}/"
    assert program.put(one, {"places": 3}, 1)["places"] == 3
    assert program.put(one, {"places": 1}, 1, status=412)["current"]["places"] == 3
    assert program.get(one)["languages"] == ["en", "fr"]
    Program(world.cast.lead).get(f"{home(world)}offers/{made['id']}/", 404)
    gone = program.ask("POST", f"{one}withdraw/", {}, If_Match='"2"', Idempotency_Key="withdrawn-1").json()
    assert gone["state"] == "withdrawn"


def reply(program: Program, member: str, row: Proposal, act: str, key: str = "", **sent: Any) -> Any:
    key = key or f"{act}-{member}"[:60]
    at = f"members/{member}/invitations/{row.public_id}/{act}/"
    return program.ask("POST", at, sent, Idempotency_Key=key)


def test_both_sides_accept_and_the_engagement_starts_once(world: World) -> None:
    cast, row = world.cast, world.invited()
    lead, mentor = Program(cast.lead), Program(cast.mentor)
    (line,) = lead.get(f"{home(world)}invitations/?state=open")["results"]
    page = lead.get(f"{home(world)}invitations/{line['id']}/")
    assert page["can_reply"] and page["mentor"] == cast.mentor_partner.name and page["factors"]
    for _twice in range(2):
        said = reply(lead, cast.agency.public_id, row, "accept", "accepted-once").json()
        assert said["state"] == "answered"
    started = reply(mentor, cast.mentor_partner.public_id, row, "accept").json()
    assert started["state"] == "started" and started["engagement"] == Engagement.objects.get().public_id
    assert reply(lead, cast.agency.public_id, row, "accept", "again-later").json()["state"] == "started"
    assert AuditEntry.objects.filter(action="proposal.accepted").count() == 2
    late = reply(lead, cast.agency.public_id, row, "decline", reason="no_time")
    assert late.status_code == 409 and late.json()["code"] == "over"


def test_accepting_needs_a_lead_and_a_fresh_proof(world: World) -> None:
    cast, row = world.cast, world.invited()
    for program in (Program(cast.viewer), Program(cast.lead, "mentoring:write")):
        assert reply(program, cast.agency.public_id, row, "accept").status_code == 403
    assert reply(Program(cast.other_lead), cast.other.public_id, row, "accept").status_code == 404
    row.refresh_from_db()
    assert row.member_reply == "waiting"


def test_declining_names_a_reason_and_frees_the_request(world: World) -> None:
    cast, row = world.cast, world.invited()
    lead = Program(cast.lead, "mentoring:write")
    told = reply(lead, cast.agency.public_id, row, "decline", reason="bored")
    assert (told.status_code, told.json()["field"]) == (400, "reason")
    for _twice in range(2):
        said = reply(lead, cast.agency.public_id, row, "decline", "declined-once", reason="no_time")
        assert said.json()["state"] == "declined"
    assert lead.get(f"{home(world)}needs/{row.need.public_id}/")["state"] == "sent"


def test_an_expired_invitation_is_refused_in_words(world: World) -> None:
    cast, row = world.cast, world.invited()
    Proposal.objects.filter(pk=row.pk).update(reply_by=localdate() - timedelta(days=1))
    lead = Program(cast.lead)
    for act, sent in (("accept", {}), ("decline", {"reason": "no_time"})):
        told = reply(lead, cast.agency.public_id, row, act, **sent)
        assert told.status_code == 409 and "time to answer this invitation is over" in told.json()["detail"]
    assert lead.get(f"{home(world)}invitations/{row.public_id}/")["state"] == "over"


def test_the_last_place_goes_to_one_pair_only(world: World) -> None:
    cast, row = world.cast, world.invited()
    Offer.objects.filter(pk=row.offer.pk).update(places=0)
    told = reply(Program(cast.lead), cast.agency.public_id, row, "accept")
    assert told.status_code == 409 and "last place" in told.json()["detail"]


def test_a_side_notes_its_call_and_never_reads_what_the_other_said(world: World) -> None:
    cast, _round = world.cast, calls(world)
    note(world, cast.mentor_partner, 2, by_mentor=True, words="CANARY-said")
    lead, pair = Program(cast.lead), listed(world, cast.mentor_partner)
    at = f"{home(world)}calls/{pair.public_id}/"
    sent = {"held_on": localdate().isoformat(), "stars": "4", "words": "They know ports."}
    for _twice in range(2):
        assert lead.post(at, sent, key="noted-once")["stars"] == 4
    assert lead.post(at, sent | {"stars": "9"}, 400)["field"] == "stars"
    rows = lead.get(f"{home(world)}calls/")
    assert "They know ports." in json.dumps(rows) and "CANARY" not in json.dumps(rows)
    theirs = Program(cast.mentor).get(f"{home(world, mentor=True)}calls/")
    assert "CANARY-said" in json.dumps(theirs) and "They know ports." not in json.dumps(theirs)
    Program(cast.viewer).get(f"{home(world)}calls/", 403)
    assert CallNote.objects.count() == 2


def test_the_office_reads_rounds_pairs_and_what_the_solver_was_given(world: World) -> None:
    cast, manager, row = world.cast, Program(world.cast.manager), world.invited()
    (line,) = manager.get(f"{office(world)}matching/")["results"]
    at = f"{office(world)}matching/{line['id']}/"
    board = manager.get(at)
    assert (line["accepted"], board["state"], board["accepted"]) == (1, "published", 1)
    (pair,) = manager.get(f"{at}proposals/?show=accepted")["results"]
    assert (pair["id"], pair["member"]) == (row.public_id, cast.agency.name)
    assert sum(float(f["points"]) for f in pair["factors"]) == pytest.approx(float(pair["score"]), abs=0.01)
    assert manager.get(f"{at}proposals/?show=open")["count"] == 0
    manager.get(f"{at}proposals/?shown=open", 400)
    problem = manager.ask("GET", f"{at}documents/problem/").content
    assert hashlib.sha256(problem).hexdigest() in board["certificate"]["input_hash"]
    assert json.loads(manager.ask("GET", f"{at}documents/answer/").content)["pairs"]
    manager.get(f"{at}documents/recruits/", 404)
    for person in (cast.lead, cast.mentor, cast.staff):
        for path in (f"{office(world)}matching/", at, f"{at}proposals/", f"{at}documents/problem/"):
            Program(person).get(path, 404)
    Program(cast.manager, "mentoring:read").get(at, 403)


def test_shortlists_leave_without_what_was_said(world: World) -> None:
    round_ = calls(world)
    note(world, world.cast.mentor_partner, 2, words="CANARY-said")
    rows = Program(world.cast.manager).get(f"{office(world)}matching/{round_.public_id}/shortlists/")
    assert [len(row["listed"]) for row in rows["results"]] == [2] and "CANARY" not in json.dumps(rows)


def test_an_engagement_is_read_by_its_two_sides(world: World) -> None:
    cast, row = world.cast, world.engagement()
    todo.add_task(
        actor=cast.lead, member=cast.agency, engagement=row.public_id, text="Draw", owner=cast.mentor.public_id,
        due_on=None,
    )  # fmt: skip
    services.log_session(
        actor=cast.lead, member=cast.agency, engagement=row.public_id, held_on=row.starts_on, hours=1, present="",
        notes="Met.", next_steps="",
    )  # fmt: skip
    for person, mentor in ((cast.viewer, False), (cast.mentor, True)):
        program, at = Program(person), f"{home(world, mentor=mentor)}engagements/"
        assert [line["state"] for line in program.get(at)["results"]] == ["active"]
        one = f"{at}{row.public_id}/"
        assert program.get(one)["goals"] and program.get(f"{one}meetings/")["count"] == 0
        (session,) = program.get(f"{one}sessions/")["results"]
        assert session["notes"] == "Met."
        work = program.get(f"{one}work/")
        assert [task["text"] for task in work["tasks"]] == ["Draw"] and len(work["milestones"]) == 3
    titles = Program(cast.manager).get(f"{office(world)}engagements/")
    assert titles["count"] == 1 and "Met." not in json.dumps(titles)
    for person in (cast.manager, cast.staff, cast.other_lead):
        Program(person).get(f"{home(world)}engagements/{row.public_id}/", 404)


def test_lists_ask_the_same_number_of_questions(world: World, django_assert_num_queries: Any) -> None:
    lead, mentor = Program(world.cast.lead), Program(world.cast.mentor)
    for area in ("GOV.1", "GOV.2"):
        world.need(area=area)
        world.offer(area=area)
        lead.get(f"{home(world)}needs/")  # notes that the token was used, once a minute
        mentor.get(f"{home(world, mentor=True)}offers/")
        with django_assert_num_queries(7):
            lead.get(f"{home(world)}needs/")
        with django_assert_num_queries(8):
            mentor.get(f"{home(world, mentor=True)}offers/")
