"""Roadmaps and action plans by programs: the same rules as on the pages."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from openpyxl import load_workbook

from apps.assessments.models import Result
from apps.core.models import AuditEntry
from apps.mentoring import services
from apps.mentoring.models import Action, ActionPlan, Roadmap
from tests.core.api import Program
from tests.mentoring.world import World, make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def home(world: World) -> str:
    return f"members/{world.cast.agency.public_id}/"


def question(world: World, **more: Any) -> dict[str, Any]:
    assessment = Result.objects.get(member=world.cast.agency).assessment
    return {"assessment": assessment.public_id, "ask": "within", "budget": "60", **more}


def drawn(world: World) -> str:
    """The id of a roadmap that a program asked for and that is worked out."""
    made = Program(world.cast.respondent).post(f"{home(world)}roadmaps/", question(world), 201)
    services.draw_roadmap(roadmap=made["id"])
    return str(made["id"])


def planned(world: World) -> tuple[str, list[dict[str, Any]]]:
    """The address of a plan that a program started, and its actions."""
    today = localdate()
    days = {"starts_on": today.isoformat(), "ends_on": (today + timedelta(100)).isoformat()}
    sent = {"roadmap": drawn(world), "name": "Year one", **days}
    made = Program(world.cast.lead).post(f"{home(world)}plans/", sent, 201)
    return f"{home(world)}plans/{made['id']}/", made["actions"]


def test_a_program_learns_what_can_be_asked_asks_once_and_reads_the_proof(world: World) -> None:
    program, sent = Program(world.cast.respondent), question(world, own={"GOV.1.1": 2.5})
    options = program.get(f"{home(world)}results/{sent['assessment']}/roadmaps/options/")
    assert "within" in [one["id"] for one in options["asks"]] and "GOV.1.1" in options["indicators"]
    made = program.post(f"{home(world)}roadmaps/", sent, 201, key="asked-once")
    assert made["state"] == "queued" and program.last["Location"].endswith(f"/roadmaps/{made['id']}/")
    assert program.post(f"{home(world)}roadmaps/", sent, 201, key="asked-once")["id"] == made["id"]
    row = Roadmap.objects.get()
    assert row.question["practice"] == [str(cost) for cost in options["days"]["practice"]]
    assert float(row.question["own"]["GOV.1.1"]) == 2.5
    services.draw_roadmap(roadmap=made["id"])
    shown = Program(world.cast.viewer).get(f"{home(world)}roadmaps/{made['id']}/")
    assert shown["state"] == "ready" and shown["steps"] and shown["proof"].startswith("Proved")
    listed = Program(world.cast.viewer).get(f"{home(world)}roadmaps/")
    assert [(one["id"], one["assessment"]) for one in listed["results"]] == [(made["id"], sent["assessment"])]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ask": "everything"}, "ask"),
        ({"ask": "score"}, "score"),
        ({"budget": "-1"}, "budget"),
        ({"budget": "x"}, "budget"),
        ({"unit": "hours"}, "unit"),
        ({"unit": "money"}, "currency"),
        ({"practice": [1, 2]}, "practice"),
        ({"practice": [1, 2, -3]}, "practice.2"),
        ({"own": {"GOV.9.9": 1}}, "own.GOV.9.9"),
        ({"own": {"GOV.1.1": 1e12}}, "own.GOV.1.1"),
        ({"x": 1}, "x"),
    ],
)
def test_a_question_that_cannot_be_names_its_field(world: World, change: dict[str, Any], field: str) -> None:
    told = Program(world.cast.lead).post(f"{home(world)}roadmaps/", question(world) | change, 400)
    assert told["field"] == field and not Roadmap.objects.exists()


def test_only_who_works_on_assessments_asks_and_strangers_find_nothing(world: World) -> None:
    cast, path = world.cast, f"{home(world)}roadmaps/"
    Program(cast.viewer).post(path, question(world), 403)
    Program(cast.other_lead).post(path, question(world), 404)
    Program(cast.lead, "results:read").post(path, question(world), 403)
    Program(cast.lead).post(path, question(world, assessment="nothing"), 404)
    assert not Roadmap.objects.exists()


def test_a_failed_roadmap_is_tried_again_and_a_ready_one_is_not(world: World) -> None:
    program = Program(world.cast.lead)
    made = program.post(f"{home(world)}roadmaps/", question(world), 201)
    at = f"{home(world)}roadmaps/{made['id']}/"
    services.draw_roadmap(roadmap=made["id"], attempt=5)
    assert program.get(at)["state"] == "failed"
    assert program.post(f"{at}again/", key="again-once")["state"] == "queued"
    assert program.post(f"{at}again/", key="again-once")["state"] == "queued"
    services.draw_roadmap(roadmap=made["id"])
    program.post(f"{at}again/", status=409)


def test_the_number_of_queries_of_the_list_does_not_grow(
    world: World, django_assert_num_queries: Any
) -> None:
    program = Program(world.cast.viewer)
    drawn(world)
    program.get(f"{home(world)}roadmaps/")
    for _ in range(2):
        with django_assert_num_queries(5):
            program.get(f"{home(world)}roadmaps/")
        drawn(world)


def test_a_roadmap_becomes_a_plan_once(world: World) -> None:
    roadmap, today, program = drawn(world), localdate().isoformat(), Program(world.cast.lead)
    sent = {"roadmap": roadmap, "name": "Year one", "starts_on": today, "ends_on": today}
    at = f"{home(world)}plans/"
    made = program.post(at, sent, 201, key="planned-once")
    assert made["actions"] and made["roadmap"] == roadmap
    assert program.post(at, sent, 201, key="planned-once")["id"] == made["id"]
    assert program.post(at, sent, 400)["field"] == "name"
    assert program.post(at, sent | {"name": "B", "ends_on": "2001-01-01"}, 400)["field"] == "ends_on"
    assert program.post(at, {"roadmap": roadmap}, 400)["field"] == "name"
    Program(world.cast.respondent).post(at, sent | {"name": "C"}, 403)
    Program(world.cast.other_lead).post(at, sent | {"name": "C"}, 404)
    assert ActionPlan.objects.count() == 1


def test_an_action_is_given_worked_on_by_its_owner_and_moved(world: World) -> None:
    at, rows = planned(world)
    cast, path = world.cast, f"{at}actions/{rows[0]['id']}/"
    lead, owner = Program(cast.lead), Program(cast.respondent)
    given = lead.put(path, {"owner": cast.respondent.public_id, "due_on": rows[0]["due_on"]}, 1)
    assert (given["action"]["owner"], given["action"]["version"]) == (str(cast.respondent), 2)
    assert lead.last["ETag"] == '"2"' and lead.get(path) == given
    begun = owner.put(path, {"state": "doing", "note": "Begun."}, 2)
    assert begun["action"]["state"] == "doing" and begun["history"][0]["note"] == "Begun."
    assert begun["action"]["owner_id"] == cast.respondent.public_id, "what is not named stays"
    told = lead.put(path, {"state": "dropped", "reason": "Law."}, 2, status=412)
    assert told["current"]["state"] == "doing" and told["proposed"]["state"] == "dropped"
    owner.put(path, {"starts_on": rows[0]["starts_on"], "due_on": "2040-01-01"}, 3, status=403)
    Program(cast.viewer).put(path, {"state": "done"}, 3, status=403)
    Program(cast.other_lead).put(path, {"state": "done"}, 3, status=404)
    moved = owner.ask("POST", f"{path}move/", {"state": "done"}, If_Match='"3"', Idempotency_Key="moved-once")
    assert moved.json()["action"]["state"] == "done"
    again = owner.ask("POST", f"{path}move/", {"state": "done"}, If_Match='"3"', Idempotency_Key="moved-once")
    assert again.json()["action"]["version"] == 4
    assert owner.ask("POST", f"{path}move/", {"state": "done"}, Idempotency_Key="x" * 9).status_code == 428
    assert AuditEntry.objects.filter(action="action.changed").count() == 3


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"state": "asleep"}, "state"),
        ({"state": "dropped"}, "reason"),
        ({"owner": "nobody"}, "owner"),
        ({"due_on": "soon"}, "due_on"),
        ({"due_on": "2001-01-01"}, "due_on"),
        ({"version": 1}, "version"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_an_action_that_cannot_be_names_its_field(world: World, sent: dict[str, Any], field: str) -> None:
    at, rows = planned(world)
    told = Program(world.cast.lead).put(f"{at}actions/{rows[0]['id']}/", sent, 1, status=400)
    assert told["field"] == field and Action.objects.get(public_id=rows[0]["id"]).version == 1


def test_a_plan_is_closed_and_opened_by_version(world: World) -> None:
    at, rows = planned(world)
    lead = Program(world.cast.lead)

    def turn(program: Program, verb: str, version: int, key: str) -> Any:
        return program.ask("POST", f"{at}{verb}/", {}, If_Match=f'"{version}"', Idempotency_Key=key)

    assert turn(Program(world.cast.viewer), "close", 1, "viewer-closes").status_code == 403
    assert turn(lead, "close", 1, "closed-once").json()["closed"] is True
    assert turn(lead, "close", 1, "closed-once").json()["version"] == 2
    assert turn(lead, "reopen", 1, "opened-stale").status_code == 412
    lead.put(f"{at}actions/{rows[0]['id']}/", {"state": "doing"}, 1, status=400)
    assert turn(lead, "reopen", 2, "opened-once").json()["closed"] is False


def test_a_plan_leaves_as_csv_and_workbook(world: World) -> None:
    at, rows = planned(world)
    viewer = Program(world.cast.viewer)
    text = viewer.ask("GET", f"{at}csv/").getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == len(rows) + 1 and rows[0]["code"] in text
    answer = viewer.ask("GET", f"{at}xlsx/")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    assert sheet.max_row == len(rows) + 1
    for ending in ("csv", "xlsx"):
        Program(world.cast.other_lead).get(f"{at}{ending}/", 404)
