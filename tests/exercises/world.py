"""A small kit with words that must not leak, and runs of it, for the tests of exercises."""

from __future__ import annotations

import copy
from typing import Any

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.exercises import services
from apps.exercises.models import Kit, Player, Run
from apps.exercises.services.kits import kit_hash
from apps.members.models import Member
from apps.mentoring.models import Engagement
from tests.people import Cast

CANARIES = (
    "CANARY-TRUTH", "CANARY-EXPECTED", "CANARY-PROMPT", "CANARY-STUCK", "CANARY-BEHIND", "CANARY-FOLLOWS", "CANARY-NOTE",
    "CANARY-GUIDE", "CANARY-LOOKS",
)  # fmt: skip
OTHERS = ("CANARY-ONLY-SEC", "CANARY-SEC-TITLE", "CANARY-BRIEF-SEC", "CANARY-LATER")


def _inject(code: str, at: int, to: list[str], title: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "phase": "P1", "at": at, "clock": {"day": 1, "time": "15:50"}, "to": to, "from": "Help desk",
        "channel": "phone", "kind": "event", "title": title, "text": text, "expected": ["CANARY-EXPECTED"],
        "prompts": ["CANARY-PROMPT"], "if_stuck": "CANARY-STUCK", "truth": "CANARY-BEHIND", **more,
    }  # fmt: skip


def _role(code: str, name: str, needed: bool = True) -> dict[str, Any]:
    return {
        "code": code, "name": name, "needed": needed, "brief": f"You are {name}. CANARY-BRIEF-{code}",
        "if_absent": "The facilitator plays it.",
    }  # fmt: skip


DOCUMENT: dict[str, Any] = {
    "id": "small-storm", "version": "1.0", "language": "en", "title": "Small storm", "summary": "A storm at a table.",
    "areas": ["GOV.1", "RES.1"], "minutes": 30, "players": {"from": 2, "to": 4},
    "scenario": "The harbour is dark.", "truth": "CANARY-TRUTH: it was the gull.",
    "rules": ["EXERCISE, EXERCISE"], "words": [{"term": "Gull", "meaning": "A bird."}],
    "roles": [_role("IT", "Head of IT"), _role("SEC", "Security officer"), _role("COM", "Press", needed=False)],
    "objectives": [
        {"code": "O1", "text": "Somebody leads.", "indicator": "GOV.1.1"},
        {"code": "O2", "text": "Warnings go out.", "indicator": "RES.1.2"},
    ],
    "phases": [
        {"code": "P0", "title": "Opening", "minutes": 5, "purpose": "To begin."},
        {"code": "P1", "title": "Play", "minutes": 20, "purpose": "To play."},
        {"code": "P2", "title": "Hot wash", "minutes": 5, "purpose": "To talk."},
    ],
    "injects": [
        _inject("I01", 5, ["IT"], "Lights out", "The quay is dark."),
        _inject("I02", 6, ["SEC"], "CANARY-SEC-TITLE", "CANARY-ONLY-SEC"),
        _inject("I03", 7, ["IT", "SEC"], "Both of you", "Call each other."),
        _inject("I04", 9, ["COM"], "The radio asks", "What do you say?", kind="noise"),
        _inject("I05", 12, ["SEC"], "Again", "It happens again.", kind="misleading"),
        _inject("I06", 20, ["IT"], "CANARY-LATER", "Much later."),
    ],
    "decisions": [
        {
            "code": "D1", "phase": "P1", "at": 8, "who": ["IT", "SEC"], "question": "Who leads?", "note": "CANARY-NOTE",
            "options": [
                {"code": "D1a", "text": "IT leads.", "follows": "CANARY-FOLLOWS"},
                {"code": "D1b", "text": "Nobody leads.", "follows": "CANARY-FOLLOWS"},
            ],
        },
        {
            "code": "D2", "phase": "P1", "at": 15, "who": ["SEC"], "question": "Whom do you warn?", "note": "CANARY-NOTE",
            "options": [
                {"code": "D2a", "text": "All.", "follows": "CANARY-FOLLOWS"},
                {"code": "D2b", "text": "None.", "follows": "CANARY-FOLLOWS"},
            ],
        },
    ],
    "observing": [
        {
            "code": f"Q0{n}", "indicator": indicator, "phases": ["P1"], "question": f"Question {n}?",
            "looks_like": {"1": "CANARY-LOOKS", "3": "better", "5": "best"},
        }
        for n, indicator in enumerate(("GOV.1.1", "GOV.1.2", "RES.1.1", "RES.1.2"), start=1)
    ],
    "hot_wash": [f"Question {n}?" for n in range(8)],
    "report": {
        "title": "After the small storm",
        "sections": [{"code": f"S{n}", "title": f"Part {n}", "holds": "Words."} for n in range(1, 6)],
    },
    "facilitator": "Say EXERCISE often. CANARY-GUIDE", "materials": ["Paper"],
    "joint": {
        "summary": "Play it with a neighbour.", "plays": "Both.", "observes": "Both.", "shared": ["The order."],
        "kept": ["The table."], "steps": ["Sign."],
    },
}  # fmt: skip


def small_document(**changes: Any) -> dict[str, Any]:
    """A copy of the small kit with other values at its top level."""
    return {**copy.deepcopy(DOCUMENT), **changes}


def small_kit() -> Kit:
    """The small kit, loaded."""
    kit, _new = Kit.objects.get_or_create(
        slug="small-storm", version="1.0",
        defaults={
            "language": "en", "title": "Small storm", "summary": "A storm at a table.", "minutes": 30, "players_from": 2,
            "players_to": 4, "areas": ["GOV.1", "RES.1"], "document": DOCUMENT, "document_hash": kit_hash(DOCUMENT),
        },
    )  # fmt: skip
    return kit


def planned(
    cast: Cast,
    *,
    facilitator: User | None = None,
    engagement: Engagement | None = None,
    member: Member | None = None,
) -> Run:
    """A run of the agency, led by its lead."""
    return services.plan_run(
        actor=cast.lead, member=member or cast.agency, kit=small_kit(), held_on=localdate(), facilitator=facilitator,
        engagement=engagement, tlp="TLP:AMBER",
    )  # fmt: skip


def play(cast: Cast, run: Run, user: User, *roles: str, observer: bool = False) -> Player:
    """Give a person of the agency roles."""
    return services.cast_person(
        actor=cast.lead, run=run, member=cast.agency, user=user, roles=roles, observer=observer
    )


def running(cast: Cast) -> Run:
    """The respondent plays IT, the viewer observes, somebody else plays security; the clock goes."""
    from tests.factories import UserFactory, join

    run = planned(cast)
    play(cast, run, cast.respondent, "IT")
    second = User.objects.filter(email="second@example.org").first()
    if second is None:
        second = UserFactory(email="second@example.org", full_name="Sefu Second")
        join(cast.agency, second, "respondent")
    play(cast, run, second, "SEC")
    play(cast, run, cast.viewer, observer=True)
    return services.move_clock(actor=cast.lead, run=run, act="start")


def turn_back(run: Run, minutes: int) -> None:
    """Let minutes of play have passed."""
    Run.objects.filter(pk=run.pk).update(seconds=run.seconds + 60 * minutes)
    run.refresh_from_db()
