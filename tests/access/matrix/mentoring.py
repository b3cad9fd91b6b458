"""Who gets what from the pages of mentoring."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils.timezone import localdate, now

from apps.assessments.models import Result
from apps.frameworks.selectors import published_version
from apps.mentoring import services
from apps.mentoring.models import (
    Engagement,
    Exclusion,
    MatchingRound,
    Need,
    Session,
    Shortlisted,
    ThreadWords,
)
from apps.mentoring.selectors.agreements import agreement_page
from apps.mentoring.selectors.questions import RoadmapQuestion
from apps.mentoring.services import files, meetings, threads, todo
from apps.resources.models import Resource
from tests.factories import ProgrammeFactory
from tests.mentoring.world import make_world
from tests.people import Cast

# anonymous, outsider, viewer, respondent, lead, other_lead, mentor, manager, staff
API_LEAD = (401, 404, 403, 403, 200, 404, 404, 404, 404)
API_OWN = (401, 404, 200, 200, 200, 404, 404, 404, 404)
OWN = (302, 404, 200, 200, 200, 404, 404, 404, 404)
LEAD = (302, 404, 403, 403, 200, 404, 404, 404, 404)
LEAD_422 = (302, 404, 403, 403, 422, 404, 404, 404, 404)
LEAD_DONE = (302, 404, 403, 403, 302, 404, 404, 404, 404)
WRITER = (302, 404, 403, 200, 200, 404, 404, 404, 404)
WRITER_DONE = (302, 404, 403, 302, 302, 404, 404, 404, 404)
WRITER_422 = (302, 404, 403, 422, 422, 404, 404, 404, 404)
AUTHOR = (302, 404, 403, 403, 200, 404, 404, 404, 404)
API_OFFICE = (401, 404, 404, 404, 404, 404, 404, 200, 404)
PARTNER = (302, 404, 404, 404, 404, 404, 200, 404, 404)
PARTNER_422 = (302, 404, 404, 404, 404, 404, 422, 404, 404)
PARTNER_DONE = (302, 404, 404, 404, 404, 404, 302, 404, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
OFFICE_422 = (302, 404, 404, 404, 404, 404, 404, 422, 404)
LEAD_ONLY = (302, 404, 404, 404, 200, 404, 404, 404, 404)
OFFICE_DONE = (302, 404, 404, 404, 404, 404, 404, 302, 404)


def prepare(cast: Cast) -> None:
    """A waiting request, an open offer, a published round, an engagement with a note, a private wish."""
    world = make_world(cast, published_version(cast.lead))
    engagement: Engagement = world.engagement()
    note = services.log_session(
        actor=cast.lead, member=cast.agency, engagement=engagement.public_id,
        held_on=engagement.starts_on, hours=1, present="", notes="Met.", next_steps="",
    )  # fmt: skip
    assert isinstance(note, Session)
    agreement = engagement.agreements.get()
    services.draft_agreement(actor=cast.lead, member=cast.agency, engagement=engagement.public_id)
    waiting = world.need(area="GOV.2")
    Exclusion.objects.create(member=cast.agency, other=cast.other, made_by=cast.lead)
    goal = engagement.goals.first()
    assert goal is not None
    cast.ids.update(
        partner=cast.mentor_partner.public_id, need=waiting.public_id, offer=engagement.proposal.offer.public_id,
        round=engagement.proposal.round.public_id, proposal=engagement.proposal.public_id, engagement=engagement.public_id,
        goal=goal.public_id, agreement=agreement.public_id, session=note.public_id, matched_need=engagement.proposal.need.public_id,
    )  # fmt: skip
    engagement.planned_sessions = 2
    engagement.save(update_fields=["planned_sessions"])
    cast.ids |= {"moment": "middle", "months": "6"}
    cast.ids.setdefault("area", "GOV.1")
    urgency = services.mark_urgent(
        actor=cast.lead, member=cast.agency, need=world.need(area="RES.1").public_id, reason="deadline", note="The law."
    )  # fmt: skip
    cast.ids["urgency"] = urgency.public_id
    cast.ids["kept"] = "problem"
    add_shortlist(cast, waiting, engagement)
    add_plan(cast)
    add_work(cast, engagement)


def add_work(cast: Cast, engagement: Engagement) -> None:
    """A session ahead with the address of its calendar, a task, a milestone, a resource handed over."""
    where = {"actor": cast.lead, "member": cast.agency, "engagement": engagement.public_id}
    meeting = meetings.plan_meeting(
        **where, starts_at=now() + timedelta(days=2), minutes=60, place="", agenda=""
    )
    task = todo.add_task(**where, text="Write", owner=cast.lead.public_id, due_on=None)
    slug = "matrix-handed"
    Resource.objects.get_or_create(
        slug=slug, defaults={"title": "Handed", "kind": "guide", "publisher": "X", "summary": "X"}
    )
    milestone = engagement.milestones.first()
    assert milestone is not None
    cast.ids |= {
        "meeting": meeting.public_id, "task": task.public_id, "milestone": milestone.public_id,
        "handover": todo.hand_over(**where, resource=slug).public_id,
        "shared_file": files.share_file(
            **where, upload=ContentFile(b"A plan."), file_name="plan.txt", title="", tlp="TLP:AMBER"
        ),
        "thread": threads.start_thread(**where, said=threads.Said("How is it?")),
        "meeting_secret": meetings.make_meeting_address(**{**where, "actor": cast.respondent}),
    }  # fmt: skip
    cast.ids["thread_words"] = ThreadWords.objects.get(thread__public_id=cast.ids["thread"]).public_id


def add_shortlist(cast: Cast, need: Need, engagement: Engagement) -> None:
    """A pair of a round in two stages whose calls are under way."""
    elsewhere = ProgrammeFactory()  # where a round that is open stops no other
    round_ = MatchingRound.objects.create(programme=elsewhere, name="Calls", mode="two_stage", state="calls")
    row = Shortlisted.objects.create(
        round=round_, need=need, offer=engagement.proposal.offer, layer=1, score=5
    )
    cast.ids["shortlisted"] = row.public_id


def add_plan(cast: Cast) -> None:
    """A roadmap that is worked out, one that failed, a plan of it, and an action."""
    result = Result.objects.filter(member=cast.agency).order_by("-computed_at", "-pk").first()
    assert result is not None
    costs = (Decimal(1), Decimal(2), Decimal(3))
    question = RoadmapQuestion("within", "person-days", costs, costs)
    roadmap = services.ask_roadmap(actor=cast.lead, result=result, question=question)
    services.draw_roadmap(roadmap=roadmap.public_id)
    roadmap.refresh_from_db()
    today = localdate()
    plan = services.start_plan(
        actor=cast.lead, roadmap=roadmap, name="Matrix", starts_on=today, ends_on=today
    )
    action = plan.actions.first()
    assert action is not None
    cast.ids.setdefault("assessment", result.assessment.public_id)
    cast.ids |= {
        "roadmap": roadmap.public_id, "action_plan": plan.public_id, "action": action.public_id,
    }  # fmt: skip


PLAN = {"name": "Next", "starts_on": "2030-01-01", "ends_on": "2031-01-01"}
ASKED = {
    "ask": "wanted", "unit": "days", "budget": "", "practice_1": "1", "practice_2": "2", "practice_3": "3",
    "evidence_1": "1", "evidence_2": "2", "evidence_3": "3", "own-GOV.1.1": "4",
}  # fmt: skip
CHANGED = {
    "version": "1", "state": "doing", "reason": "", "owner": "", "starts_on": "2030-01-01", "due_on": "2030-02-01",
    "note": "Begun.",
}  # fmt: skip


def pair(cast: Cast) -> dict[str, Any]:
    return {"need": cast.ids["matched_need"], "offer": cast.ids["offer"]}


def planned(cast: Cast) -> dict[str, Any]:
    return {"roadmap": cast.ids["roadmap"], **PLAN}


def asked(cast: Cast) -> dict[str, Any]:
    return {"assessment": cast.ids["assessment"], "ask": "wanted"}


def asks(cast: Cast) -> dict[str, Any]:
    given = {"programme": cast.programme.public_id, "area": "GOV.2", "wanted_level": 5}
    return given | {"first_language": "en", "mode": "either"}


def offers(cast: Cast) -> dict[str, Any]:
    given = {"programme": cast.programme.public_id, "area": "GOV.2", "places": 1, "hours_per_month": 2}
    return given | {"languages": ["en"], "mode": "either", "pays": "mentor"}


def called(cast: Cast) -> dict[str, Any]:
    return {"held_on": localdate().isoformat(), "stars": "4", "words": ""}


def lifted(cast: Cast) -> dict[str, Any]:
    return {"other": cast.other.public_id}


def seen(cast: Cast) -> dict[str, Any]:
    page = agreement_page(cast.lead, cast.agency.public_id, cast.ids["engagement"])
    return {"seen": page.hash, "measurement": "on"}


ROWS = [
    ("GET", "mentoring:new_roadmap", OWN),
    ("POST", "mentoring:new_roadmap", (302, 404, 403, 302, 302, 404, 404, 404, 404), ASKED),
    ("GET", "mentoring:roadmap", OWN),
    ("POST", "mentoring:roadmap_again", (302, 404, 403, 409, 409, 404, 404, 404, 404)),
    ("POST", "mentoring:roadmap_plan", LEAD_DONE, PLAN),
    ("GET", "api-plans", API_OWN),
    ("POST", "api-plans", (401, 404, 403, 403, 201, 404, 404, 404, 404), planned),
    ("GET", "api-plan", API_OWN),
    ("POST", "api-plan-close", API_LEAD),
    ("POST", "api-plan-reopen", API_LEAD),
    ("GET", "api-plan-csv", API_OWN),
    ("GET", "api-plan-xlsx", API_OWN),
    ("GET", "api-action", API_OWN),
    ("PUT", "api-action", API_LEAD, {"state": "doing"}),
    ("POST", "api-action-move", API_LEAD, {"state": "doing"}),
    ("GET", "api-roadmaps", API_OWN),
    ("POST", "api-roadmaps", (401, 404, 403, 201, 201, 404, 404, 404, 404), asked),
    ("GET", "api-roadmap-options", API_OWN),
    ("GET", "api-roadmap", API_OWN),
    ("POST", "api-roadmap-again", (401, 404, 403, 409, 409, 404, 404, 404, 404)),
    ("GET", "api-needs", API_OWN),
    ("POST", "api-needs", (401, 404, 403, 403, 400, 404, 404, 404, 404), asks),
    ("GET", "api-need-options", API_OWN),
    ("GET", "api-need", API_OWN),
    ("PUT", "api-need", API_LEAD, {"note": "Soon."}),
    ("POST", "api-need-withdraw", API_LEAD),
    ("GET", "api-offers", API_OWN),
    ("POST", "api-offers", (401, 404, 403, 403, 403, 404, 404, 404, 404), offers),
    ("GET", "api-offer-options", API_OWN),
    ("GET", "api-offer", (401, *(404,) * 8)),
    ("PUT", "api-offer", (401, *(404,) * 8), {"places": 3}),
    ("POST", "api-offer-withdraw", (401, *(404,) * 8)),
    ("GET", "api-invitations", API_OWN),
    ("GET", "api-invitation", API_OWN),
    ("POST", "api-invitation-accept", (401, *(403,) * 8)),
    ("POST", "api-invitation-decline", (401, 404, 403, 403, 409, 404, 404, 404, 404), {"reason": "no_time"}),
    ("GET", "api-calls", API_LEAD),
    ("GET", "api-call", API_LEAD),
    ("POST", "api-call", API_LEAD, called),
    ("GET", "api-engagements", API_OWN),
    ("GET", "api-engagement", API_OWN),
    ("GET", "api-engagement-sessions", API_OWN),
    ("GET", "api-engagement-meetings", API_OWN),
    ("GET", "api-engagement-work", API_OWN),
    ("GET", "api-programme-engagements", API_OFFICE),
    ("GET", "api-matching-rounds", API_OFFICE),
    ("GET", "api-matching-round", API_OFFICE),
    ("GET", "api-proposals", API_OFFICE),
    ("GET", "api-shortlists", API_OFFICE),
    ("GET", "api-round-document", API_OFFICE),
    ("GET", "mentoring:action_plans", OWN),
    ("GET", "mentoring:action_plan", OWN),
    ("GET", "mentoring:action_plan_csv", OWN),
    ("GET", "mentoring:action_plan_xlsx", OWN),
    ("POST", "mentoring:action_plan_close", LEAD_DONE, {"version": "1"}),
    ("GET", "mentoring:action", OWN),
    ("POST", "mentoring:action", (302, 404, 403, 403, 302, 404, 404, 404, 404), CHANGED),
    ("POST", "mentoring:action_move", LEAD_DONE, {"version": "1", "state": "doing"}),
    ("GET", "mentoring:needs", OWN),
    ("GET", "mentoring:new_need", LEAD),
    ("POST", "mentoring:new_need", LEAD_422),
    ("GET", "mentoring:edit_need", LEAD),
    ("POST", "mentoring:edit_need", LEAD_422),
    ("POST", "mentoring:withdraw_need", LEAD_DONE, {"version": 1}),
    ("GET", "mentoring:mark_urgent", LEAD),
    ("POST", "mentoring:mark_urgent", LEAD_422),
    ("POST", "mentoring:ask_again", LEAD_DONE),
    ("GET", "mentoring:waiting", OFFICE),
    ("POST", "mentoring:propose_between", OFFICE_DONE),
    ("GET", "mentoring:urgency", OFFICE),
    ("POST", "mentoring:urgency", OFFICE_422),
    ("GET", "mentoring:offers", OWN),
    ("GET", "mentoring:new_offer", PARTNER),
    ("POST", "mentoring:new_offer", PARTNER_422),
    ("GET", "mentoring:edit_offer", PARTNER),
    ("POST", "mentoring:edit_offer", PARTNER_422),
    ("POST", "mentoring:withdraw_offer", PARTNER_DONE, {"version": 1}),
    ("GET", "mentoring:exclusions", LEAD),
    ("POST", "mentoring:exclusions", LEAD_422),
    ("POST", "mentoring:lift_exclusion", LEAD_DONE, lifted),
    ("GET", "mentoring:invitation", OWN),
    ("POST", "mentoring:accept", LEAD_DONE),
    ("POST", "mentoring:decline", (302, 404, 403, 403, 400, 404, 404, 404, 404), {"reason": "no_time"}),
    ("GET", "mentoring:engagements", OWN),
    ("GET", "mentoring:engagement", OWN),
    ("GET", "mentoring:agreement", OWN),
    ("GET", "mentoring:agreement_version", OWN),
    ("GET", "mentoring:agreement_file", OWN),
    ("GET", "mentoring:agreement_edit", LEAD),
    ("POST", "mentoring:agreement_edit", LEAD_422),
    ("POST", "mentoring:agreement_sign", (302, 404, 403, 403, 302, 404, 404, 404, 404), seen),
    ("POST", "mentoring:agreement_next", LEAD_DONE),
    ("POST", "mentoring:agreement_drop", LEAD_DONE),
    ("POST", "mentoring:agreement_unpublish", LEAD_DONE),
    ("GET", "mentoring:pause", LEAD),
    ("POST", "mentoring:pause", LEAD_422),
    ("POST", "mentoring:resume", (302, 404, 403, 403, 409, 404, 404, 404, 404), {"version": 1}),
    ("GET", "mentoring:leave", LEAD),
    ("POST", "mentoring:leave", LEAD_422),
    ("POST", "mentoring:undo_leave", (302, 404, 403, 403, 400, 404, 404, 404, 404)),
    ("GET", "mentoring:member_ladder", OWN),
    ("GET", "mentoring:ladder", OFFICE),
    ("POST", "mentoring:decide_rung", (302, *(404,) * 8)),
    ("GET", "mentoring:ledger", OWN),
    ("GET", "mentoring:programme_ledger", OFFICE),
    ("GET", "mentoring:endings", OFFICE),
    ("GET", "mentoring:feedback", OWN),
    ("GET", "mentoring:give_feedback", LEAD_ONLY),
    ("POST", "mentoring:give_feedback", (302, 404, 404, 404, 422, 404, 404, 404, 404)),
    ("GET", "mentoring:review", OWN),
    ("GET", "mentoring:write_review", LEAD),
    ("POST", "mentoring:write_review", LEAD_422),
    ("POST", "mentoring:confirm_review", (302, 404, 403, 403, 404, 404, 404, 404, 404), {"version": 1}),
    ("POST", "mentoring:take_up_goals", (302, 404, 403, 403, 404, 404, 404, 404, 404), {"plan": "x"}),
    ("GET", "mentoring:follow_ups", OWN),
    ("GET", "mentoring:follow_up", (302, *(404,) * 8)),
    ("POST", "mentoring:follow_up", (302, *(404,) * 8)),
    ("GET", "mentoring:programme_feedback", OFFICE),
    ("GET", "mentoring:programme_follow_ups", OFFICE),
    ("POST", "mentoring:close", LEAD_DONE, {"version": 1, "note": "Done."}),
    ("POST", "mentoring:goal", LEAD_DONE, {"version": 1, "state": "reached"}),
    ("GET", "mentoring:meetings", OWN),
    ("POST", "mentoring:meetings", OWN, {"act": "open"}),
    ("GET", "mentoring:new_meeting", WRITER),
    ("POST", "mentoring:new_meeting", WRITER_422),
    ("GET", "mentoring:edit_meeting", WRITER),
    ("POST", "mentoring:edit_meeting", WRITER_422),
    ("POST", "mentoring:call_off", WRITER_DONE),
    ("GET", "mentoring:meeting_file", OWN),
    ("GET", "mentoring:meetings_file", OWN),
    ("GET", "mentoring:meetings_feed", (200,) * 9),
    ("GET", "mentoring:files", OWN),
    ("POST", "mentoring:files", (302, 404, 403, 422, 422, 404, 404, 404, 404)),
    ("GET", "mentoring:file", OWN),
    ("POST", "mentoring:remove_file", WRITER_DONE),
    ("GET", "mentoring:threads", OWN),
    ("POST", "mentoring:threads", WRITER_422),
    ("POST", "mentoring:write_in_thread", WRITER_DONE, {"text": "Thanks."}),
    ("POST", "mentoring:settle_thread", WRITER_DONE),
    ("GET", "mentoring:mend_words", AUTHOR),
    (
        "POST",
        "mentoring:mend_words",
        (302, 404, 403, 403, 302, 404, 404, 404, 404),
        {"text": "Thanks.", "version": 1},
    ),
    ("POST", "mentoring:withdraw_words", (302, 404, 403, 403, 302, 404, 404, 404, 404)),
    ("GET", "mentoring:work", OWN),
    ("POST", "mentoring:add_task", WRITER_422),
    ("POST", "mentoring:task", WRITER_DONE, {"act": "done"}),
    ("GET", "mentoring:edit_task", WRITER),
    ("POST", "mentoring:edit_task", WRITER_422),
    ("POST", "mentoring:milestone", LEAD_DONE, {"act": "done"}),
    ("POST", "mentoring:hand_over", WRITER_422),
    ("POST", "mentoring:take_back", WRITER_DONE),
    ("GET", "mentoring:new_session", WRITER),
    ("POST", "mentoring:new_session", WRITER_422),
    ("GET", "mentoring:edit_session", WRITER),
    ("POST", "mentoring:edit_session", WRITER_422),
    ("GET", "mentoring:calls", LEAD),
    ("GET", "mentoring:call", LEAD),
    ("POST", "mentoring:call", LEAD_422),
    ("GET", "mentoring:shortlists", OFFICE),
    ("POST", "mentoring:make_shortlists", OFFICE_DONE),
    ("POST", "mentoring:send_shortlists", OFFICE_DONE, {"version": 1}),
    ("POST", "mentoring:keep_shortlisted", OFFICE_DONE, {"version": 1, "keep": "yes"}),
    ("GET", "mentoring:rounds", OFFICE),
    ("POST", "mentoring:rounds", OFFICE_DONE, {"name": "Another round"}),
    ("GET", "mentoring:board", OFFICE),
    ("POST", "mentoring:solve", (302, 404, 404, 404, 404, 404, 404, 302, 404)),
    ("GET", "mentoring:why_not", (302, 404, 404, 404, 404, 404, 404, 400, 404)),
    ("POST", "mentoring:why_not", OFFICE_DONE, pair),
    ("GET", "mentoring:price", OFFICE),
    ("POST", "mentoring:undo", (302, 404, 404, 404, 404, 404, 404, 302, 404), {"step": 1}),
    ("GET", "mentoring:replay", OFFICE),
    ("GET", "mentoring:round_export", OFFICE),
    ("GET", "mentoring:publish", OFFICE),
    ("POST", "mentoring:publish", OFFICE_DONE, {"version": 1}),
    ("POST", "mentoring:decide", OFFICE_DONE, {"version": 1, "choice": "accept"}),
    ("GET", "mentoring:invitation_time", OFFICE),
    ("POST", "mentoring:invitation_time", OFFICE_422, {"version": 1}),
    ("POST", "mentoring:withdraw_invitation", OFFICE_DONE, {"version": 1}),
    ("GET", "mentoring:programme_engagements", OFFICE),
]
