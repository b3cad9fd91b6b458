"""Working together: areas and people, review that is bound to what was seen, submitting, and what is shared."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from apps.accounts.models import Notification, User
from apps.assessments import selectors, services
from apps.assessments.models import Assessment, Assignment, EvidenceLink, Remark, Response, Result, Round
from apps.assessments.selectors.inputs import best_support
from apps.assessments.selectors.review import review_page
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry, IdempotencyKey
from apps.frameworks.models import Area
from apps.members.models import GrantReading
from apps.scoring.cli import run
from tests.assessments.flow import CODES, answer, at, begin, submitted
from tests.assessments.test_answers import client_of, text, url
from tests.factories import UserFactory, join, share, small_version
from tests.people import Cast


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


@pytest.fixture
def reviewer(cast: Cast) -> User:
    person = UserFactory(full_name="Ioana Petri")
    join(cast.agency, person, "reviewer")
    return person


def page(name: str, assessment: Assessment, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.member.public_id, assessment.public_id, *more])


def give(
    cast: Cast, running: Assessment, area: str, respondent: User | None, reviewer: User | None, seen: int = 0
) -> int:
    giving = services.Giving(
        area, respondent.public_id if respondent else "", reviewer.public_id if reviewer else "", seen
    )
    return services.give_areas(actor=cast.lead, assessment=running, givings=[giving])


# --- opening and people ---------------------------------------------------------------------------


def test_newest_published_framework_is_preselected(cast: Cast) -> None:
    small_version()
    newest = small_version()
    small_version(state="draft")
    client = client_of(cast.lead)
    new = reverse("assessments:new", args=[cast.agency.public_id])
    assert str(newest) in text(client.get(new))
    response = client.post(new, {"title": "2026", "profile": "baseline", "review_on": ""})
    row = Assessment.objects.get()
    assert response["Location"] == page("people", row)
    assert (row.version_of, row.targets, row.scope, row.lead) == (
        newest,
        {"default": 3},
        "organisational",
        cast.lead,
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": ""}, "required"),
        ({"title": "x" * 81}, "at most 80"),
        ({"title": "2026", "profile": "none"}, "valid choice"),
        ({"title": "2026", "profile": "baseline", "review_on": "2001-01-01"}, "in the past"),
        ({"title": "Used", "profile": "baseline"}, "with this title"),
    ],
)
def test_an_assessment_that_cannot_be_opened_says_why(cast: Cast, data: dict[str, str], said: str) -> None:
    begin(cast.lead, cast.agency, title="Used")
    response = client_of(cast.lead).post(reverse("assessments:new", args=[cast.agency.public_id]), data)
    assert response.status_code == 422 and said in text(response)
    assert Assessment.objects.count() == 1


def test_without_a_published_framework_there_is_nothing_to_open(cast: Cast) -> None:
    assert (
        client_of(cast.lead).get(reverse("assessments:new", args=[cast.agency.public_id])).status_code == 404
    )


def test_nobody_reviews_their_own_answers(cast: Cast, running: Assessment, reviewer: User) -> None:
    with pytest.raises(Refused, match="nobody reviews their own answers"):
        give(cast, running, "GOV.1", reviewer, reviewer)
    answer(reviewer, running, "GOV.1.1", "2")
    with pytest.raises(Refused, match="has answered questions"):
        give(cast, running, "GOV.1", cast.respondent, reviewer)
    with pytest.raises(Refused, match="role of a reviewer"):
        give(cast, running, "GOV.1", None, cast.respondent)
    with pytest.raises(Refused, match="your own team"):
        give(cast, running, "GOV.1", cast.outsider, None)
    assert not Assignment.objects.exists()


def test_the_people_page_refuses_with_a_reason_at_the_field(cast: Cast, running: Assessment) -> None:
    lead = cast.lead.public_id
    data = {f"version_{n}": "0" for n in range(3)} | {"respondent_0": lead, "reviewer_0": lead}
    response = client_of(cast.lead).post(page("people", running), data)
    assert response.status_code == 422 and "nobody reviews their own answers" in text(response)


def test_giving_an_area_tells_the_person_once(cast: Cast, running: Assessment) -> None:
    assert give(cast, running, "GOV.1", cast.respondent, None) == 1
    assert give(cast, running, "GOV.1", cast.respondent, None, seen=99) == 0
    note = Notification.objects.get(user=cast.respondent)
    assert note.kind == "area_given" and note.url == page("area", running, "GOV.1")


def test_two_leads_giving_the_same_area_conflict(cast: Cast, running: Assessment) -> None:
    give(cast, running, "GOV.1", cast.respondent, None)
    with pytest.raises(Conflict, match="Direction"):
        give(cast, running, "GOV.1", cast.lead, None, seen=0)
    assert Assignment.objects.get().respondent == cast.respondent


def test_the_same_people_are_given_their_areas_again(cast: Cast, reviewer: User) -> None:
    version = small_version()
    old = begin(cast.lead, cast.agency, title="2024", version=version)
    give(cast, old, "GOV.1", cast.respondent, reviewer)
    cast.agency.memberships.filter(user=reviewer).delete()
    new = begin(cast.lead, cast.agency, title="2026", version=version)
    row = Assignment.objects.get(assessment=new)
    assert (row.respondent, row.reviewer, row.sent_to_review_at) == (cast.respondent, None, None)


# --- review ---------------------------------------------------------------------------------------


def test_an_area_goes_to_review_and_back_and_is_complete(
    cast: Cast, running: Assessment, reviewer: User
) -> None:
    give(cast, running, "GOV.1", cast.respondent, reviewer)
    client, other = client_of(cast.respondent), client_of(reviewer)
    answer(cast.respondent, running, "GOV.1.1", "2")
    answer(cast.respondent, running, "GOV.1.2", "3", "As in May.")
    assert client.post(page("area_send", running, "GOV.1")).status_code == 302
    assert Notification.objects.get(user=reviewer).kind == "area_for_review"
    assert [w.text for w in selectors.waiting_for(reviewer)] == ["Review 2 answers in Direction"]
    assert "Needs you" in text(other.get(page("tasks", running)))
    assert "Being reviewed" in text(client.get(page("tasks", running)))

    asked = other.post(url(running, "GOV.1.2", name="ask"), {"version": "1", "text": "Which register?"})
    assert asked.status_code == 302
    waiting = selectors.waiting_for(cast.respondent)
    assert (waiting[0].text, waiting[0].note) == ("Ioana Petri asks about GOV.1.2", "Which register?")
    assert "Which register?" in text(client.get(url(running, "GOV.1.2")))

    answer(cast.respondent, running, "GOV.1.2", "2", "The one of June.")
    assert Remark.objects.get().resolved_at is not None
    for code, version in (("GOV.1.1", "1"), ("GOV.1.2", "2")):
        assert other.post(url(running, code, name="agree"), {"version": version}).status_code == 302
    lines = {line.code: line.label for line in selectors.overview(cast.lead, cast.agency).running.areas}
    assert lines == {"GOV.1": "Complete", "GOV.2": "Not started", "RES.1": "Not started"}


def test_a_decision_holds_only_for_what_was_seen(cast: Cast, running: Assessment, reviewer: User) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2")
    answer(cast.respondent, running, "GOV.1.1", "4")
    client = client_of(reviewer)
    late = client.post(url(running, "GOV.1.1", name="agree"), {"version": "1"})
    assert late.status_code == 409 and "changed while you were reading" in text(late)
    client.post(url(running, "GOV.1.1", name="agree"), {"version": "2"})
    assert Response.objects.get().agreed_by == reviewer
    answer(cast.respondent, running, "GOV.1.1", "3")
    assert Response.objects.get().agreed_by is None


def test_nobody_agrees_to_their_own_answer(cast: Cast, running: Assessment) -> None:
    answer(cast.lead, running, "GOV.1.1", "2")
    response = client_of(cast.lead).post(url(running, "GOV.1.1", name="agree"), {"version": "1"})
    assert response.status_code == 403 and "your own answer" in text(response)


def test_asking_back_needs_words(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2")
    response = client_of(cast.lead).post(url(running, "GOV.1.1", name="ask"), {"version": "1", "text": " "})
    assert response.status_code == 422 and "Say in a sentence what you ask, or what has to change." in text(
        response
    )
    assert not Remark.objects.exists()


def test_an_empty_area_is_not_sent(cast: Cast, running: Assessment) -> None:
    area = Area.objects.get(version=running.version_of, code="GOV.1")
    with pytest.raises(Refused, match="at least one question"):
        services.send_area(actor=cast.respondent, assessment=running, area=area)
    response = client_of(cast.respondent).post(page("area_send", running, "GOV.1"), follow=True)
    assert "at least one question" in text(response)


def test_a_reviewer_of_another_area_may_not_judge(cast: Cast, running: Assessment, reviewer: User) -> None:
    second = UserFactory(full_name="Ravi Anand")
    join(cast.agency, second, "reviewer")
    give(cast, running, "GOV.1", cast.respondent, reviewer)
    answer(cast.respondent, running, "GOV.1.1", "2")
    with pytest.raises(PermissionDenied, match="reviewer of this area"):
        services.agree_answer(actor=second, place=at(second, running, "GOV.1.1"), expected=1)


# --- evidence grades ------------------------------------------------------------------------------


def grade(cast: Cast, running: Assessment) -> str:
    row = Response.objects.get()
    best = best_support(row, EvidenceLink.objects.in_force(), on=localdate())
    return f"{best.grade.name} {best.dated}"


def test_the_grade_follows_from_what_is_held_and_who_accepted_it(
    cast: Cast, running: Assessment, reviewer: User
) -> None:
    answer(cast.respondent, running, "GOV.1.1", "5")
    place, day = at(cast.lead, running, "GOV.1.1"), localdate() - timedelta(days=30)
    assert grade(cast, running) == "E0 None"
    described = services.EvidenceInput("described", title="Log", owner="SOC", place="Safe", dated=day)
    services.add_evidence(actor=cast.respondent, place=place, item=described)
    assert grade(cast, running) == f"E1 {day}"
    link = services.EvidenceInput("link", title="Decree", url="https://example.org/", dated=day)
    found = services.add_evidence(actor=cast.respondent, place=place, item=link)
    assert grade(cast, running) == f"E2 {day}"
    services.agree_answer(actor=reviewer, place=place, expected=1, accepted=[found])
    assert grade(cast, running) == f"E3 {day}"
    answer(cast.respondent, running, "GOV.1.1", "4")
    assert grade(cast, running) == f"E2 {day}"


def test_accepting_ones_own_evidence_is_refused(cast: Cast, running: Assessment, reviewer: User) -> None:
    answer(cast.respondent, running, "GOV.1.1", "5")
    place = at(cast.lead, running, "GOV.1.1")
    link = services.EvidenceInput("link", title="Decree", url="https://example.org/")
    found = services.add_evidence(actor=reviewer, place=place, item=link)
    with pytest.raises(Refused, match="added this evidence yourself"):
        services.agree_answer(actor=reviewer, place=place, expected=1, accepted=[found])
    assert Response.objects.get().agreed_by is None


def test_dated_evidence_beats_undated_of_the_same_kind(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    place, day = at(cast.lead, running, "GOV.1.1"), localdate()
    for title, dated in (("New", day), ("Undated", None), ("Old", day - timedelta(days=900))):
        item = services.EvidenceInput("link", title=title, url="https://example.org/", dated=dated)
        services.add_evidence(actor=cast.respondent, place=place, item=item)
    assert grade(cast, running) == f"E2 {day}"


# --- submitting -----------------------------------------------------------------------------------


def test_submitting_stores_the_result_with_its_inputs(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "3")
    answer(cast.respondent, running, "RES.1.2", "unknown")
    client = client_of(cast.lead)
    warning = text(client.get(page("submit", running)))
    assert "Submitting signs the answers" in warning and "3 questions stay unanswered" in warning
    assert client.post(page("submit", running), {"idempotency": "k"}).status_code == 302
    result = Result.objects.get()
    assert result.inputs["answers"] == {
        "GOV.1.1": {"level": 3, "evidence": "E0"},
        "RES.1.2": {"unknown": True},
    }
    assert AuditEntry.objects.get(action="assessment.submitted").detail["input_hash"] == result.input_hash
    running.refresh_from_db()
    assert (running.state, running.submitted_by) == ("submitted", cast.lead)
    assert {n.user for n in Notification.objects.filter(kind="submitted")} == {cast.respondent, cast.viewer}
    assert client.post(page("submit", running), {"idempotency": "k"}).status_code == 302
    assert client.post(page("submit", running), {"idempotency": "other"}).status_code == 409
    assert Result.objects.count() == 1


def test_only_what_was_read_is_signed(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "3")
    client = client_of(cast.lead)
    read = review_page(cast.lead, cast.agency.public_id, running.public_id).seen
    assert read in text(client.get(page("submit", running)))
    answer(cast.respondent, running, "GOV.1.1", "4")
    late = client.post(page("submit", running), {"idempotency": "k", "seen": read})
    assert late.status_code == 409 and "changed while you were reading" in text(late)
    assert not Result.objects.exists()
    now = review_page(cast.lead, cast.agency.public_id, running.public_id).seen
    assert now in text(late)
    place = at(cast.lead, running, "GOV.1.1")
    services.agree_answer(actor=cast.lead, place=place, expected=2)
    assert client.post(page("submit", running), {"idempotency": "k", "seen": now}).status_code == 409
    with_agreement = review_page(cast.lead, cast.agency.public_id, running.public_id).seen
    done = client.post(page("submit", running), {"idempotency": "k", "seen": with_agreement})
    assert done.status_code == 302 and Result.objects.count() == 1


def test_nothing_answered_cannot_be_submitted(cast: Cast, running: Assessment) -> None:
    response = client_of(cast.lead).post(page("submit", running))
    assert response.status_code == 422 and "nothing to submit" in text(response)
    assert not Result.objects.exists()


def test_does_not_apply_counts_once_a_reviewer_agrees(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "3")
    answer(cast.respondent, running, "GOV.1.2", "not_applicable", reason="no_mandate")
    gaps = text(client_of(cast.lead).get(page("review", running)))
    assert "that no reviewer has agreed to" in gaps
    services.agree_answer(actor=cast.lead, place=at(cast.lead, running, "GOV.1.2"), expected=1)
    result = services.submit_assessment(actor=cast.lead, assessment=running)
    assert result.inputs["answers"]["GOV.1.2"] == {"not_applicable": "no_mandate"}


def test_the_check_lists_every_gap_with_its_page(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "4")
    answer(cast.respondent, running, "GOV.1.2", "unknown")
    shown = text(client_of(cast.lead).get(page("review", running)))
    assert "Level 4 claimed; evidence E0 supports level 2." in shown
    assert url(running, "GOV.1.2") in shown and url(running, "RES.1.1") in shown
    assert "lies between" in shown


def test_a_crash_inside_submitting_leaves_nothing(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "3")
    before = AuditEntry.objects.count()

    def crash(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT") and "core_auditentry" in sql:
            raise RuntimeError("power cut")
        return execute(sql, params, many, context)

    with pytest.raises(RuntimeError), connection.execute_wrapper(crash):
        services.submit_assessment(actor=cast.lead, assessment=running, idempotency="k")
    running.refresh_from_db()
    assert (running.state, running.submitted_at) == ("in_progress", None)
    assert not Result.objects.exists() and not Notification.objects.filter(kind="submitted").exists()
    assert (
        AuditEntry.objects.count() == before
        and not IdempotencyKey.objects.filter(scope__startswith="submit").exists()
    )
    services.submit_assessment(actor=cast.lead, assessment=running, idempotency="k")
    assert Result.objects.count() == 1


def test_a_newer_submission_replaces_the_older(cast: Cast) -> None:
    version = small_version()
    old = submitted(cast, "1", title="2024", version=version)
    new = submitted(cast, "2", title="2026", version=version)
    old.refresh_from_db()
    assert (old.state, new.state) == ("replaced", "submitted")
    assert [r.assessment for r in selectors.results_of(cast.viewer, cast.agency)] == [new, old]


@pytest.mark.parametrize("seed", range(10))
def test_a_stored_result_is_what_the_command_prints(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    row = begin(cast.lead, cast.agency)
    for code in CODES:
        key = code in ("GOV.1.1", "GOV.2.1", "RES.1.2")
        choice = dice.choice(["0", "1", "2", "3", "4", "5", "unknown", "", *(["not_applicable"] * (not key))])
        if not choice:
            continue
        answer(cast.respondent, row, code, choice, reason="other", why="Because.")
        place = at(cast.lead, row, code)
        for _ in range(dice.randrange(3)):
            day = localdate() - timedelta(days=dice.randrange(1200)) if dice.random() < 0.8 else None
            item = services.EvidenceInput("link", title="t", url="https://example.org", dated=day)
            if dice.random() < 0.4:
                item = services.EvidenceInput("described", title="t", owner="o", place="p", dated=day)
            found = services.add_evidence(actor=cast.respondent, place=place, item=item)
            if dice.random() < 0.5:
                version = Response.objects.get(assessment=row, indicator=place.indicator).version
                services.agree_answer(actor=cast.lead, place=place, expected=version, accepted=[found])
    if not Response.objects.exists():
        answer(cast.respondent, row, "GOV.1.1", "1")
    result = services.submit_assessment(actor=cast.lead, assessment=row)
    printed = run(json.dumps(row.version_of.document), json.dumps(result.inputs))
    result.refresh_from_db()
    assert json.loads(printed) == result.document
    assert result.document["input_hash"] == result.input_hash


# --- results --------------------------------------------------------------------------------------


def test_a_first_result_names_strongest_and_gap(cast: Cast) -> None:
    row = submitted(cast, "2", "2", "0", "1", "1")
    found = selectors.result_page(cast.viewer, cast.agency, row.public_id)
    assert found.headline == "Strongest: Direction. The gap: Mandates"
    assert [(a.code, a.now, a.claimed, a.goal, a.prev) for a in found.areas] == [
        ("GOV.1", 2, 2, 3, None),
        ("GOV.2", 0, 0, 3, None),
        ("RES.1", 1, 1, 3, None),
    ]
    assert found.overall.score == "20.0" and not found.provisional and found.trust == "submitted"
    assert found.areas[0].score_exact == "40/1"
    assert {f.label: f.value for f in found.facts}["Areas on target"] == "0"


def test_a_later_result_says_what_rose_and_the_squares_say_where(cast: Cast) -> None:
    version = small_version()
    submitted(cast, "0", "1", "2", "1", "1", title="2024", version=version)
    row = submitted(cast, "2", "1", "1", "1", "1", title="2026", version=version)
    found = selectors.result_page(cast.viewer, cast.agency, row.public_id)
    assert found.headline == "Rose one level: Direction. Now the gap: Mandates"
    assert found.areas[0].prev == 0 and found.prev_label == "2024"
    moves = {c.code: c.moved for s in found.squares for c in s.cells}
    assert (moves["GOV.1.1"], moves["GOV.2.1"], moves["RES.1.1"]) == ("up", "down", "")
    assert found.facts[0].value == "1" and "1 fell" in found.facts[0].note


def test_a_result_with_hardly_any_answer_says_so(cast: Cast) -> None:
    row = submitted(cast, "2")
    found = selectors.result_page(cast.viewer, cast.agency, row.public_id)
    assert found.provisional and found.overall.low != found.overall.high
    assert found.areas[1].now is None and found.squares[1].cells[1].state == "Not answered"


def test_claimed_levels_without_evidence_are_cut_and_explained(cast: Cast) -> None:
    row = submitted(cast, "5", "5", "5", "5", "5")
    found = selectors.result_page(cast.viewer, cast.agency, row.public_id)
    assert (found.overall.now, found.overall.claimed) == (2, 5)
    steps = next(part for part in found.explanation if part.code == "GOV.1").steps
    assert "a statement without evidence supports level 2" in steps[0].note
    assert found.lists.first_three[0].advice.startswith("Show evidence of grade E1")
    assert found.held_back["overall"].losses and found.lifts


def test_every_figure_of_the_page_is_in_the_document(cast: Cast) -> None:
    row = submitted(cast, "3", "1", "2", "4", "unknown")
    found = selectors.result_page(cast.viewer, cast.agency, row.public_id)
    stored = json.dumps(found.document)
    for part in (found.overall, *found.dimensions, *found.areas):
        assert json.dumps(part.score_exact) in stored and json.dumps(part.claimed_exact) in stored


def test_results_are_hidden_from_everyone_outside(cast: Cast) -> None:
    row = submitted(cast, "2")
    for person in (cast.outsider, cast.other_lead, cast.mentor, cast.manager, cast.staff):
        assert selectors.latest_result(person, cast.agency) is None
        assert selectors.results_of(person, cast.agency) == []
        with pytest.raises(Http404):
            selectors.result_page(person, cast.agency, row.public_id)


def test_api_gives_the_document_as_stored(cast: Cast) -> None:
    row = submitted(cast, "2", "3")
    client = client_of(cast.viewer)
    listed = client.get(f"/api/v1/members/{cast.agency.public_id}/results/").json()["results"]
    assert [r["title"] for r in listed] == ["2026"]
    assert client.get(f"/api/v1/results/{listed[0]['id']}/").json() == row.results.get().document


# --- sharing --------------------------------------------------------------------------------------


def test_a_mentor_reads_only_what_was_granted_and_the_owner_sees_it(cast: Cast) -> None:
    row = submitted(cast, "2", "3", "1", "1", "0")
    place = at(cast.lead, row, "GOV.1.1")
    assert selectors.result_under_grant(cast.mentor, cast.agency) is None
    grant = share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"], purpose="Strategy help")
    client = client_of(cast.mentor)
    shown = text(client.get(reverse("assessments:shared", args=[cast.agency.public_id])))
    assert (
        "Direction" in shown
        and "Mandates" not in shown
        and "Warnings" not in shown
        and "Evidence<" not in shown
    )
    reading = GrantReading.objects.get()
    assert (reading.grant, reading.user) == (grant, cast.mentor)
    found = selectors.shared_result(cast.mentor, cast.agency)
    assert [a.code for a in found.areas] == ["GOV.1"]
    assert all(w.area == "GOV.1" for w in found.work)
    assert place.area.code == "GOV.1"


def test_a_reason_never_names_what_was_not_shared(cast: Cast) -> None:
    version = small_version()
    document = {
        **version.document,
        "prerequisites": [{"indicator": "GOV.1.2", "requires": "RES.1.2", "at_level": 3}],
    }
    type(version).objects.filter(pk=version.pk).update(document=document, document_hash="1" * 64)
    version.refresh_from_db()
    submitted(cast, "2", "1", "1", "1", "0", version=version)
    share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"])
    found = selectors.shared_result(cast.mentor, cast.agency)
    assert [w.code for w in found.lists.prepare] == ["GOV.1.2"]
    assert found.lists.prepare[0].blocked == () and found.lists.prepare[0].start_with == ()


def test_evidence_is_shared_only_when_the_grant_says_so(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    for code in ("GOV.1.1", "RES.1.1"):
        answer(cast.respondent, row, code, "3")
        item = services.EvidenceInput("described", title=f"Title of {code}", owner="o", place="Secret place")
        services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, code), item=item)
    services.submit_assessment(actor=cast.lead, assessment=row)
    share(cast.agency, cast.lead, cast.mentor_partner)
    assert selectors.shared_result(cast.mentor, cast.agency).evidence == ()
    share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1"], with_evidence=True)
    shown = text(client_of(cast.mentor).get(reverse("assessments:shared", args=[cast.agency.public_id])))
    assert "Title of GOV.1.1" in shown and "Title of RES.1.1" not in shown and "Secret place" not in shown


@pytest.mark.parametrize("ended", [{"ends_on": "yesterday"}, {"withdrawn_at": "now"}])
def test_an_ended_grant_shows_nothing(cast: Cast, ended: dict[str, str]) -> None:
    submitted(cast, "2")
    values = {"ends_on": localdate() - timedelta(days=1)} if "ends_on" in ended else {"withdrawn_at": now()}
    share(cast.agency, cast.lead, cast.mentor_partner, **values)
    assert (
        client_of(cast.mentor).get(reverse("assessments:shared", args=[cast.agency.public_id])).status_code
        == 404
    )
    assert not GrantReading.objects.exists()


# --- rounds ---------------------------------------------------------------------------------------


def open_round(cast: Cast, **more: Any) -> Round:
    version = small_version()
    today = localdate()
    values = {
        "name": "Round 1",
        "version": version.public_id,
        "opens_on": today,
        "closes_on": today + timedelta(9),
    }
    return services.open_round(actor=cast.manager, programme=cast.programme, **{**values, **more})


def test_a_round_reaches_the_members_and_their_answers_stay_private(cast: Cast) -> None:
    asked = open_round(cast)
    assert Notification.objects.get(user=cast.lead).kind == "round_opened"
    assert [w.kind for w in selectors.waiting_for(cast.lead)] == ["round"]
    lead = client_of(cast.lead)
    shown = text(lead.get(reverse("assessments:list", args=[cast.agency.public_id])))
    assert "Start this assessment" in shown
    new = reverse("assessments:new", args=[cast.agency.public_id]) + f"?round={asked.public_id}"
    assert lead.post(new, {"title": "2026", "profile": "baseline"}).status_code == 302
    row = Assessment.objects.get(round=asked)
    answer(cast.respondent, row, "GOV.1.1", "4", "Secret words")
    office = text(client_of(cast.manager).get(reverse("assessments:rounds", args=[cast.programme.public_id])))
    assert "1 of 5" in office and "National CERT of Veldara" in office and "Secret words" not in office
    assert lead.post(new, {"title": "Again", "profile": "baseline"}).status_code == 422
    assert selectors.waiting_for(cast.lead) == []


def test_a_closed_round_cannot_be_begun(cast: Cast) -> None:
    asked = open_round(cast)
    close = reverse("assessments:round_close", args=[cast.programme.public_id, asked.public_id])
    client = client_of(cast.manager)
    assert client.post(close).status_code == client.post(close).status_code == 302
    new = reverse("assessments:new", args=[cast.agency.public_id]) + f"?round={asked.public_id}"
    assert client_of(cast.lead).get(new).status_code == 404
    assert AuditEntry.objects.filter(action="round.closed").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"closes_on": localdate() - timedelta(days=1)}, "not in the past"),
        ({"opens_on": localdate() + timedelta(days=20)}, "on or after"),
        ({"version": "none"}, "published framework"),
    ],
)
def test_a_round_that_cannot_be_opened_says_why(cast: Cast, change: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        open_round(cast, **change)
    assert not Round.objects.exists()


def test_a_round_of_another_programme_is_not_found(cast: Cast) -> None:
    from tests.factories import ProgrammeFactory

    asked = open_round(cast)
    elsewhere = ProgrammeFactory()
    Round.objects.filter(pk=asked.pk).update(programme=elsewhere)
    client = client_of(cast.manager)
    for programme in (cast.programme, elsewhere):
        url = reverse("assessments:round_close", args=[programme.public_id, asked.public_id])
        assert client.post(url).status_code == 404


def test_anonymous_people_sign_in_first(running: Assessment) -> None:
    assert Client().get(page("tasks", running)).status_code == 302
