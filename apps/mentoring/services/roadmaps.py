"""Ask for a roadmap, and work it out in the background."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments.models import Result
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.jobs import enqueue
from apps.core.saves import once
from apps.mentoring import policies
from apps.mentoring.choices import RoadmapState
from apps.mentoring.models import Roadmap
from apps.mentoring.selectors.questions import RoadmapQuestion, problem_of, refusal, within
from apps.planning import (
    NoPlan,
    Problem,
    ProblemFaults,
    ReachLabel,
    SolverFault,
    cheapest_to,
    frontier,
    more_budget,
    plan_within,
)

log = logging.getLogger(__name__)
MOST_RUNNING = 3
LAST_TRY = 4
POINTS = 21


@transaction.atomic
def ask_roadmap(*, actor: User, result: Result, question: RoadmapQuestion, idempotency: str = "") -> Roadmap:
    """Ask which improvements come first on a result of a member. The answer is worked out in the background.

    Raises `Refused` for a question that the result's method cannot answer, or when three are being worked out.
    """
    require(policies.may_plan(actor, result.member))
    done = once(
        owner=actor.public_id,
        scope=f"roadmap:{result.public_id}",
        key=idempotency,
        act=lambda: {"roadmap": _ask(actor, result, question).public_id},
        content=sorted(question.as_document().items(), key=lambda pair: pair[0]),
    )
    return Roadmap.objects.get(public_id=done["roadmap"])


def _ask(actor: User, result: Result, question: RoadmapQuestion) -> Roadmap:
    if Roadmap.objects.running().filter(member=result.member).count() >= MOST_RUNNING:
        raise Refused(_("Three roadmaps are being worked out already. Wait until one is ready."))
    try:
        problem_of(result, question)
    except ProblemFaults as faults:
        reason = _("This cannot be planned: %(faults)s") % {"faults": " ".join(faults.faults[:3])}
        raise Refused(reason) from faults
    row = Roadmap.objects.create(
        member=result.member, result=result, question=question.as_document(), asked_by=actor
    )
    audit.record(
        actor=actor, action="roadmap.asked", on=row, chain=row.member.public_id, input_hash=result.input_hash
    )
    _queue(row)
    return row


def _queue(row: Roadmap) -> None:
    enqueue("mentoring.draw_roadmap", key=f"roadmap:{row.public_id}:{row.tries}", roadmap=row.public_id)


@transaction.atomic
def retry_roadmap(*, actor: User, roadmap: Roadmap) -> None:
    """Work out a failed roadmap again. Raises `Conflict` otherwise."""
    require(policies.may_plan(actor, roadmap.member))
    failed = Roadmap.objects.filter(pk=roadmap.pk, state=RoadmapState.FAILED)
    if not failed.update(state=RoadmapState.QUEUED, percent=0, tries=F("tries") + 1):
        raise Conflict(_("This roadmap has not failed."))
    roadmap.refresh_from_db()
    audit.record(actor=actor, action="roadmap.asked_again", on=roadmap, chain=roadmap.member.public_id)
    _queue(roadmap)


def draw_roadmap(*, actor: None = None, roadmap: str, attempt: int = 1) -> None:
    """Work out a roadmap; may be killed at any point and run again: the same question has one answer.

    `attempt` counts from 1; after `LAST_TRY` the roadmap fails in words instead of being tried again.
    """
    rows = Roadmap.objects.select_related("member", "asked_by", "result__assessment__version_of")
    row = rows.running().filter(public_id=roadmap).first()
    if row is None or not _tell(row, RoadmapState.WORKING, 5):
        return
    try:
        if attempt > LAST_TRY:
            raise SolverFault(f"given up before attempt {attempt}")
        problem = problem_of(row.result, RoadmapQuestion.of(row.question))
        _finish(row, RoadmapState.READY, _answer(row, problem))
    except NoPlan:
        _finish(row, RoadmapState.IMPOSSIBLE, {"refusal": refusal(problem)})
    except (ProblemFaults, SolverFault, Http404):
        log.exception("A roadmap could not be worked out.", extra={"roadmap": roadmap})
        _finish(row, RoadmapState.FAILED, {})


def _answer(row: Roadmap, problem: Problem) -> dict[str, Any]:
    plan = plan_within(problem) if within(row.question) else cheapest_to(problem)
    _tell(row, RoadmapState.WORKING, 30)
    more = more_budget(plan)
    answer = {"plan": plan.as_document(), "more": more.as_document() if more else None}
    _tell(row, RoadmapState.WORKING, 45)
    answer["next"] = _next_label(problem)
    _tell(row, RoadmapState.WORKING, 60)
    answer["frontier"] = frontier(problem, POINTS).as_document() if _gains(problem) else None
    return answer


def _next_label(problem: Problem) -> dict[str, Any] | None:
    """The cheapest way to the next label of the whole; None where labels are not reached by adding up, or at the top."""
    try:
        plan = cheapest_to(replace(problem, budget=None), ReachLabel())
    except ProblemFaults:
        return None
    document = plan.as_document()
    return {name: document[name] for name in ("cost", "gain", "levels", "parts", "certificate")}


def _gains(problem: Problem) -> bool:
    return any(step.gain for item in problem.items for step in item.steps)


def _tell(row: Roadmap, state: str, percent: int) -> bool:
    running = Roadmap.objects.running().filter(pk=row.pk)
    return bool(running.update(state=state, percent=percent))


@transaction.atomic
def _finish(row: Roadmap, state: str, answer: dict[str, Any]) -> None:
    done = Roadmap.objects.running().filter(pk=row.pk)
    if not done.update(state=state, percent=100, answer=answer, ready_at=now()):
        return
    audit.record(actor=None, action=f"roadmap.{state}", on=row, chain=row.member.public_id)
    notify(
        actor=None,
        user=row.asked_by,
        kind="roadmap_ready",
        key=f"roadmap:{row.public_id}:{row.tries}",
        url=reverse("mentoring:roadmap", args=[row.member.public_id, row.public_id]),
        mail=False,
        title=row.result.assessment.title,
    )
