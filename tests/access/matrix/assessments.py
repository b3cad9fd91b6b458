"""Who gets what from assessments. Nobody outside the member learns that one exists: 404."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from apps.assessments import services
from apps.assessments.models import Comment, ReviewRequest, Round
from apps.frameworks.selectors import published_version
from tests.assessments.flow import answer, at, begin
from tests.assessments.paper import taken
from tests.assessments.reviewing import begun, signed
from tests.factories import share
from tests.people import Cast


def prepare(cast: Cast) -> None:
    """A submitted assessment with a file and its result, one under way, a round, two grants.

    The addresses name the submitted one, since its result has an address too: whoever may change answers is told
    that they are closed (409), whoever may not is refused before that (403).
    """
    version = published_version(cast.lead)
    old = begin(cast.lead, cast.agency, title="Matrix 2024", version=version)
    answer(cast.respondent, old, "GOV.1.1", "2")
    item = services.EvidenceInput("file", title="Minutes", data=b"Minutes of May.", file_name="minutes.txt")
    evidence = services.add_evidence(actor=cast.respondent, place=at(cast.lead, old, "GOV.1.1"), item=item)
    words = services.Words("Where is the list?")
    talk = services.start_talk(actor=cast.respondent, place=at(cast.lead, old, "GOV.1.1"), words=words)
    comment = Comment.objects.get(talk__public_id=talk)
    content = taken(cast.respondent, old)
    workbook = services.workbook.keep_workbook(
        actor=cast.respondent, assessment=old, content=content, name="answers.xlsx"
    )
    result = services.submit_assessment(actor=cast.lead, assessment=old)
    row = begin(cast.lead, cast.agency, title="Matrix 2026", version=version)
    answer(cast.respondent, row, "GOV.1.1", "2")
    today = localdate()
    asked = Round.objects.create(
        programme=cast.programme,
        version=version,
        name="Matrix round",
        opens_on=today,
        closes_on=today + timedelta(9),
    )
    share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"], with_evidence=True)
    share(cast.agency, cast.lead, None, to_programme=cast.programme, areas=["GOV.1"])
    kept = services.save_targets(actor=cast.lead, result=result, levels={"GOV.1.1": 4}, name="Matrix")
    other, lead = cast.people["other_lead"], cast.lead
    asked_for = {"kind": "peer", "reviewer": cast.other.public_id, "areas": ["GOV.1"], "with_evidence": True}
    asked_for |= {"tlp": "TLP:AMBER", "ends_on": today + timedelta(9)}
    requests = [services.ask_review(actor=lead, assessment=old, **asked_for) for _ in range(2)]  # type: ignore[arg-type]
    done, going = (ReviewRequest.objects.get(public_id=one) for one in requests)
    review = signed(other, done, "with_findings", GOV_1_1="1")
    begun(other, going)
    cast.ids |= {
        "target_set": kept.public_id,
        "assessment": old.public_id,
        "area": "GOV.1",
        "indicator": "GOV.1.1",
        "evidence": evidence,
        "talk": talk,
        "comment": comment.public_id,
        "workbook": workbook.public_id,
        "assessment_round": asked.public_id,
        "result": result.public_id,
        "result_code": result.public_id,
        "review_request": going.public_id,
        "peer_review": review.public_id,
    }


def newer(cast: Cast) -> dict[str, Any]:
    """A newer file."""
    return {"new-file": SimpleUploadedFile("minutes.txt", b"Minutes of June.")}


def filled_in(cast: Cast) -> dict[str, Any]:
    """A file in the place of a workbook."""
    return {"file": SimpleUploadedFile("answers.xlsx", b"no workbook")}


def given(cast: Cast) -> dict[str, Any]:
    """An answer to the question, made from its newest version."""
    return {"answer": "3", "why": "Because.", "version": "1"}


def a_request(cast: Cast) -> dict[str, Any]:
    """A request for a peer review of everything."""
    until = (localdate() + timedelta(9)).isoformat()
    return {
        "kind": "peer",
        "reviewer": cast.other.public_id,
        "areas": "*",
        "tlp": "TLP:AMBER",
        "ends_on": until,
    }


INSIDE = (302, 404, 200, 200, 200, 404, 404, 404, 404)
OPENING = (302, 404, 403, 403, 302, 404, 404, 404, 404)
ANSWERING = (302, 404, 403, 409, 409, 404, 404, 404, 404)
LEADING = (302, 404, 403, 403, 409, 404, 404, 404, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
OFFICE_ACT = (302, 404, 404, 404, 404, 404, 404, 302, 404)
TALKING = (302, 404, 409, 409, 409, 404, 404, 404, 404)
DATA = (401, 404, 200, 200, 200, 404, 404, 404, 404)
API_OPENING = (401, 404, 403, 403, 201, 404, 404, 404, 404)
API_ANSWERING = (401, 404, 403, 409, 409, 404, 404, 404, 404)
API_LEADING = (401, 404, 403, 403, 409, 404, 404, 404, 404)
API_TALKING = (401, 404, 409, 409, 409, 404, 404, 404, 404)
API_REVIEWING = (401, 404, 404, 404, 404, 200, 404, 404, 404)
API_OFFICE = (401, 404, 404, 404, 404, 404, 404, 200, 404)
ANYBODY = (401, *(200,) * 8)
UNPROVEN = (401, *(403,) * 8)
REVIEWING = (302, 404, 404, 404, 404, 200, 404, 404, 404)
DECIDING = (302, 404, 404, 404, 404, 422, 404, 404, 404)
SEEN = {"version": "1", "text": "Which minutes?"}

ROWS = [
    ("GET", "assessments:list", INSIDE),
    ("GET", "assessments:compare_results", INSIDE),
    ("GET", "assessments:trend", INSIDE),
    ("GET", "assessments:compare_file", INSIDE),
    ("GET", "assessments:trend_file", INSIDE),
    ("GET", "assessments:new", INSIDE),
    ("POST", "assessments:new", OPENING, {"title": "Another", "profile": "baseline"}),
    ("GET", "assessments:tasks", INSIDE),
    ("POST", "assessments:carry", (302, *(404,) * 8), {"source": "a" * 20}),
    ("POST", "assessments:carry_undo", LEADING),
    ("POST", "assessments:confirm", ANSWERING),
    ("GET", "assessments:merge", INSIDE),
    ("POST", "assessments:merge", (302, *(404,) * 8), {"source": "a" * 20}),
    ("POST", "assessments:merge_undo", (302, *(404,) * 8), {"merge": "a" * 20}),
    ("POST", "assessments:branch", LEADING, {"title": "Copy"}),
    ("POST", "assessments:area_confirm", ANSWERING, {"code": "GOV.1.1"}),
    ("GET", "assessments:people", INSIDE),
    ("POST", "assessments:people", LEADING, {"version_0": "0", "version_1": "0", "version_2": "0"}),
    ("GET", "assessments:review", INSIDE),
    ("GET", "assessments:submit", INSIDE),
    ("POST", "assessments:submit", LEADING),
    ("GET", "assessments:area", INSIDE),
    ("POST", "assessments:area_send", ANSWERING),
    ("GET", "assessments:area_review", INSIDE),
    ("GET", "assessments:question", INSIDE),
    ("POST", "assessments:question", ANSWERING, given),
    ("POST", "assessments:draft", ANSWERING, given),
    ("GET", "assessments:compare", (302, 404, 302, 302, 302, 404, 404, 404, 404)),
    (
        "POST",
        "assessments:compare",
        (302, 404, 403, 302, 302, 404, 404, 404, 404),
        {"version": "1", "use": "theirs"},
    ),
    ("GET", "assessments:history", INSIDE),
    ("GET", "assessments:mine", (302, 200, 200, 200, 200, 200, 200, 200, 200)),
    ("GET", "assessments:sheet", INSIDE),
    ("GET", "assessments:talk", INSIDE),
    # Everybody of the member may talk; the assessment of the address is submitted, so nothing is written any more.
    ("POST", "assessments:talk", TALKING, {"text": "Which list?"}),
    ("POST", "assessments:talk_reply", TALKING, {"text": "The new one."}),
    ("POST", "assessments:talk_settle", TALKING),
    ("GET", "assessments:talk_mend", INSIDE),
    (
        "POST",
        "assessments:talk_mend",
        (302, 404, 403, 409, 403, 404, 404, 404, 404),
        {"text": "Oh.", "version": "1"},
    ),
    (
        "POST",
        "assessments:evidence_add",
        ANSWERING,
        {"ev-kind": "link", "ev-title": "The decree", "ev-url": "https://example.org/decree"},
    ),
    ("GET", "assessments:evidence", INSIDE),
    ("POST", "assessments:evidence_remove", ANSWERING),
    ("POST", "assessments:evidence_attach", ANSWERING, lambda cast: {"piece": cast.ids["evidence"]}),
    ("GET", "assessments:evidence_list", INSIDE),
    ("GET", "assessments:evidence_piece", INSIDE),
    ("HEAD", "assessments:evidence_file", INSIDE),
    ("GET", "assessments:evidence_file", INSIDE),
    ("POST", "assessments:evidence_piece", ANSWERING, {"title": "Minutes", "version": "1"}),
    ("POST", "assessments:piece_attach", ANSWERING, {"code": "GOV.1.2"}),
    ("POST", "assessments:evidence_replace", ANSWERING, newer),
    ("GET", "assessments:workbook", INSIDE),
    ("POST", "assessments:workbook", ANSWERING, filled_in),
    ("GET", "assessments:workbook_file", ANSWERING),
    # Whoever brought a workbook sees what it does, nobody else.
    ("GET", "assessments:workbook_look", (302, 404, 404, 200, 404, 404, 404, 404, 404)),
    ("POST", "assessments:workbook_look", (302, 404, 404, 409, 404, 404, 404, 404, 404)),
    ("POST", "assessments:evidence_release", (302, 404, 403, 403, 302, 404, 404, 404, 404)),
    # Other apps' rows submit newer results; a grant opens files of the newest only. tests/assessments/test_files.py
    # fetches one that is shared.
    ("GET", "assessments:shared_file", (302, 404, 404, 404, 404, 404, 404, 404, 404)),
    ("POST", "assessments:agree", LEADING, SEEN),
    ("POST", "assessments:ask", LEADING, SEEN),
    ("POST", "assessments:choose", LEADING, {"version": "1", "draft": "1"}),
    ("GET", "assessments:what_if", INSIDE),
    ("POST", "assessments:what_if", INSIDE, {"l-GOV.1.1": "4"}),
    (
        "POST",
        "assessments:what_if",
        OPENING,
        {"l-GOV.1.1": "4", "act": "save", "name": "Next year", "replaces": "", "version": "0"},
    ),
    ("GET", "assessments:targets", INSIDE),
    ("POST", "assessments:drop_targets", OPENING, {"version": "1"}),
    ("GET", "assessments:rounds", OFFICE),
    (
        "POST",
        "assessments:rounds",
        (302, 404, 404, 404, 404, 404, 404, 422, 404),
        {"name": ""},
    ),
    ("POST", "assessments:round_close", OFFICE_ACT),
    ("GET", "assessments:round", OFFICE),
    ("GET", "assessments:round_progress", OFFICE),
    ("POST", "assessments:round_remind", OFFICE_ACT),
    ("POST", "assessments:round_extend", (302, 404, 404, 404, 404, 404, 404, 422, 404), {"closes_on": ""}),
    ("POST", "assessments:round_reopen", OFFICE_ACT),
    ("GET", "assessments:decline", INSIDE),
    ("POST", "assessments:decline", (302, 404, 403, 403, 302, 404, 404, 404, 404), {"reason": "No staff."}),
    ("POST", "assessments:rejoin", (302, 404, 403, 403, 302, 404, 404, 404, 404)),
    ("GET", "assessments:shared", (302, 404, 404, 404, 404, 404, 200, 200, 404)),
    ("GET", "assessments:shared_area", (302, 404, 404, 404, 404, 404, 200, 200, 404)),
    ("GET", "assessments:reviewers", INSIDE),
    ("POST", "assessments:reviewers", OPENING, a_request),
    ("GET", "assessments:findings", INSIDE),
    ("GET", "assessments:findings_file", INSIDE),
    (
        "POST",
        "assessments:finding_reply",
        (302, 404, 403, 302, 302, 404, 404, 404, 404),
        {"text": "So.", "version": "1"},
    ),
    ("GET", "assessments:reopen", INSIDE),
    ("POST", "assessments:reopen", OPENING, {"reason": "A ministry was missing."}),
    ("GET", "assessments:desks", (302, 200, 200, 200, 200, 200, 200, 200, 200)),
    ("GET", "assessments:desk", REVIEWING),
    ("POST", "assessments:desk", DECIDING, {"conflict": "no"}),
    ("GET", "assessments:desk_area", REVIEWING),
    ("POST", "assessments:desk_area", DECIDING),
    ("GET", "assessments:desk_sign", REVIEWING),
    ("POST", "assessments:desk_sign", DECIDING),
    ("GET", "assessments:desk_file", REVIEWING),
    ("GET", "api-assessments", DATA),
    ("POST", "api-assessments", API_OPENING, {"title": "By a program", "profile": "baseline"}),
    ("GET", "api-assessment-options", DATA),
    ("GET", "api-assessment", DATA),
    ("GET", "api-area", DATA),
    ("PUT", "api-area", API_LEADING, {"respondent": "", "reviewer": "", "_version": 0}),
    ("POST", "api-area-send", API_ANSWERING),
    ("GET", "api-answers", DATA),
    ("GET", "api-answer", DATA),
    ("PUT", "api-answer", API_ANSWERING, {"answer": "3"}),
    ("GET", "api-answer-history", DATA),
    ("POST", "api-answer-settle", (401, 404, 403, 200, 200, 404, 404, 404, 404), {"use": "theirs"}),
    ("GET", "api-answer-choose", DATA),
    ("POST", "api-answer-choose", API_LEADING, {"draft": 1}),
    ("POST", "api-branch", API_LEADING, {"title": "Copy"}),
    ("GET", "api-merge", DATA),
    ("POST", "api-merge", (401, *(404,) * 8), {"copy": "a" * 20, "seen": "a"}),
    ("POST", "api-merge-undo", (401, *(404,) * 8), {"merge": "a" * 20}),
    ("POST", "api-answer-agree", API_LEADING),
    ("POST", "api-answer-ask", API_LEADING, {"text": "Which minutes?"}),
    ("POST", "api-confirm", API_ANSWERING, {"codes": ["GOV.1.1"]}),
    ("POST", "api-carry", (401, *(404,) * 8), {"assessment": "a" * 20}),
    ("POST", "api-carry-undo", (401, 404, 403, 403, 409, 404, 404, 404, 404)),
    ("GET", "api-evidence", DATA),
    (
        "POST",
        "api-evidence-add",
        API_ANSWERING,
        {"kind": "link", "title": "The decree", "url": "https://example.org/decree"},
    ),
    ("GET", "api-piece", DATA),
    ("PUT", "api-piece", API_ANSWERING, {"title": "Minutes"}),
    ("GET", "api-piece-file", DATA),
    ("POST", "api-piece-file", (401, 404, 400, 400, 400, 404, 404, 404, 404)),
    ("POST", "api-piece-attach", API_ANSWERING, {"indicator": "GOV.1.2"}),
    ("POST", "api-piece-detach", API_ANSWERING, {"indicator": "GOV.1.1"}),
    ("POST", "api-piece-release", (401, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("GET", "api-checks", DATA),
    # Without a token that was made just now, nobody signs.
    ("POST", "api-submit", UNPROVEN),
    ("POST", "api-reopen", UNPROVEN, {"reason": "A ministry was missing."}),
    ("GET", "api-talk", DATA),
    ("POST", "api-talk", API_TALKING, {"text": "Which list?"}),
    ("POST", "api-talk-comments", API_TALKING, {"text": "The new one."}),
    ("PUT", "api-talk-comment", (401, 404, 403, 409, 403, 404, 404, 404, 404), {"text": "Oh."}),
    ("POST", "api-talk-settle", API_TALKING, {"settled": True}),
    ("GET", "api-mine", ANYBODY),
    ("GET", "api-asked", DATA),
    ("POST", "api-decline", (401, 404, 403, 403, 200, 404, 404, 404, 404), {"reason": "No staff."}),
    ("POST", "api-rejoin", (401, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("GET", "api-workbook", API_ANSWERING),
    ("POST", "api-workbook", (401, 404, 400, 400, 400, 404, 404, 404, 404)),
    ("GET", "api-workbook-look", (401, 404, 404, 200, 404, 404, 404, 404, 404)),
    ("POST", "api-workbook-look", (401, 404, 404, 409, 404, 404, 404, 404, 404)),
    ("GET", "api-reviewers", DATA),
    ("POST", "api-reviewers", UNPROVEN),
    ("GET", "api-findings", DATA),
    ("GET", "api-review-file", DATA),
    ("PUT", "api-finding", (401, 404, 403, 200, 200, 404, 404, 404, 404), {"text": "So."}),
    ("GET", "api-desks", ANYBODY),
    ("GET", "api-desk", API_REVIEWING),
    ("POST", "api-desk-interests", (401, 404, 404, 404, 404, 400, 404, 404, 404), {"conflict": "no"}),
    ("PUT", "api-desk-area", API_REVIEWING, {"words": "So."}),
    ("POST", "api-desk-sign", UNPROVEN),
    ("GET", "api-desk-file", API_REVIEWING),
    ("GET", "api-rounds", API_OFFICE),
    ("POST", "api-rounds", (401, 404, 404, 404, 404, 404, 404, 400, 404)),
    ("GET", "api-round", API_OFFICE),
    ("GET", "api-round-progress", API_OFFICE),
    ("POST", "api-round-extend", (401, 404, 404, 404, 404, 404, 404, 400, 404)),
    ("POST", "api-round-remind", API_OFFICE),
    ("POST", "api-round-close", API_OFFICE),
    ("POST", "api-round-reopen", API_OFFICE),
    ("GET", "api-compare", DATA),
    ("GET", "api-trend", DATA),
    ("GET", "api-result-file", DATA),
    ("GET", "api-result-oscal", DATA),
    ("POST", "api-what-if", DATA, {"levels": {"GOV.1.1": 4}}),
    ("GET", "api-targets", DATA),
    ("POST", "api-target-save", API_OPENING, {"name": "Next year", "levels": {"GOV.1.1": 4}}),
    ("POST", "api-target-drop", (401, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("GET", "api-shared", ANYBODY),
    ("GET", "api-shared-result", (401, 404, 404, 404, 404, 404, 200, 200, 404)),
    # As on the page: other apps' rows submit newer results, and a grant opens files of the newest only.
    ("GET", "api-shared-file", (401, *(404,) * 8)),
    ("GET", "api-verify", (200,) * 9),
    ("GET", "api-member-results", DATA),
    ("GET", "api-result", DATA),
    ("GET", "api-result-answers", DATA),
]
