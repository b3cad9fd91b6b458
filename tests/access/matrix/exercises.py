"""Who gets what from exercises: the lead facilitates, the respondent plays, the reader observes."""

from __future__ import annotations

from typing import Any

from apps.exercises import services
from apps.members.policies import site_day
from tests.exercises.world import running
from tests.people import Cast

# anonymous, outsider, viewer, respondent, lead, other_lead, mentor, manager, staff
SIGNED = (302, 200, 200, 200, 200, 200, 200, 200, 200)
OWN = (302, 404, 200, 200, 200, 404, 404, 404, 404)
OWN_DONE = (302, 404, 302, 302, 302, 404, 404, 404, 404)
PLAYER = (302, 404, 200, 200, 403, 404, 404, 404, 404)
PLAYER_422 = (302, 404, 422, 422, 403, 404, 404, 404, 404)
OBSERVER = (302, 404, 200, 403, 403, 404, 404, 404, 404)
OBSERVER_DONE = (302, 404, 302, 403, 403, 404, 404, 404, 404)
GOT_IT = (302, 404, 404, 200, 403, 404, 404, 404, 404)
LEAD = (302, 404, 403, 403, 200, 404, 404, 404, 404)
LEAD_422 = (302, 404, 403, 403, 422, 404, 404, 404, 404)
LEAD_DONE = (302, 404, 403, 403, 302, 404, 404, 404, 404)


def prepare(cast: Cast) -> None:
    """A run that was played, in its hot wash."""
    run = running(cast)
    services.give_injects(actor=cast.lead, run=run, codes=["I01"])
    player = run.players.get(user=cast.respondent)
    question = services.ask_facilitator(actor=cast.respondent, player=player, text="Is it raining?")
    inject = run.injects.get()
    run = services.move_clock(actor=cast.lead, run=run, act="wash")
    finding = services.add_finding(actor=cast.lead, run=run, member=cast.agency, **words(cast))
    cast.ids.update(
        exercise_finding=finding.public_id,
        kit=run.kit.slug,
        exercise=run.public_id,
        inject=inject.public_id,
        entry=question.public_id,
    )


def words(cast: Cast) -> dict[str, Any]:
    return {
        "indicator": "GOV.1.1", "text": "Nobody led.", "change": "Name a leader.", "proof": "", "owner": cast.respondent,
        "due_on": site_day(),
    }  # fmt: skip


def cast_data(cast: Cast) -> dict[str, Any]:
    return {"person": cast.respondent.public_id, "roles": ["IT", "COM"]}


ROWS = [
    ("GET", "exercises:library", SIGNED),
    ("GET", "exercises:kit", SIGNED),
    ("GET", "exercises:handout", SIGNED),
    ("GET", "exercises:runs", OWN),
    ("GET", "exercises:new", LEAD),
    ("POST", "exercises:new", LEAD_422),
    ("GET", "exercises:run", OWN),
    ("GET", "exercises:change", LEAD),
    ("POST", "exercises:change", LEAD_422),
    (
        "POST",
        "exercises:cancel",
        (302, 404, 403, 403, 409, 404, 404, 404, 404),
        {"reason": "Too many are ill."},
    ),
    ("GET", "exercises:people", LEAD),
    ("POST", "exercises:people", LEAD_422),
    ("POST", "exercises:people", LEAD_422, cast_data),
    ("POST", "exercises:reply", OWN_DONE, {"comes": "yes"}),
    ("GET", "exercises:control", LEAD),
    ("GET", "exercises:control_news", LEAD),
    ("POST", "exercises:clock", LEAD_DONE, {"act": "close"}),
    ("POST", "exercises:give", LEAD_DONE, {"code": "I02"}),
    ("POST", "exercises:skip", LEAD_422),
    ("POST", "exercises:skip", LEAD_DONE, {"code": "I03", "reason": "No time."}),
    ("POST", "exercises:own", LEAD_422),
    ("GET", "exercises:answer", LEAD),
    ("POST", "exercises:answer", LEAD_422),
    ("GET", "exercises:play", PLAYER),
    ("GET", "exercises:play_news", PLAYER),
    ("POST", "exercises:decide", PLAYER_422),
    ("POST", "exercises:decide", PLAYER_422, {"d-text": "We go.", "d-why": "It is late."}),
    ("POST", "exercises:ask", PLAYER_422),
    ("GET", "exercises:inject", GOT_IT),
    ("POST", "exercises:inject", (302, 404, 404, 422, 403, 404, 404, 404, 404)),
    ("GET", "exercises:observe", OBSERVER),
    (
        "POST",
        "exercises:sheet",
        OBSERVER_DONE,
        {"code": "Q01", "seen": "yes", "level": "3", "note": "They led."},
    ),
    ("GET", "exercises:wash", PLAYER),
    ("POST", "exercises:wash", PLAYER_422),
    ("GET", "exercises:findings", OWN),
    ("POST", "exercises:findings", LEAD_422),
    ("GET", "exercises:finding", LEAD),
    ("POST", "exercises:finding", LEAD_422),
    ("POST", "exercises:into_plan", LEAD_DONE),
]
