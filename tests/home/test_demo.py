"""The demonstration region in its default size: who is in it, and that its stories hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client

from apps.accounts.models import Notification, User
from apps.accounts.selectors import demo_people
from apps.assessments.choices import AssessmentState
from apps.assessments.models import Assessment, Response, Result
from apps.core.audit import first_bad_link
from apps.core.models import AuditChain, AuditEntry, OutboxMessage
from apps.courses.models import Certificate
from apps.courses.selectors.codes import read_code
from apps.frameworks.selectors import framework_spec
from apps.home.services import Loaded, load_demo
from apps.matching import parse_problem, solve
from apps.members.models import Member, Participation
from apps.mentoring.choices import EngagementState, GoalState
from apps.mentoring.models import (
    CallNote,
    Engagement,
    Exclusion,
    FollowUp,
    Leaving,
    MatchingRound,
    Need,
    Offer,
    Proposal,
    Standing,
    Urgency,
)
from apps.mentoring.selectors.pairs import places_taken
from apps.reports.choices import LeftOut
from apps.reports.models import MemberLeaving, Report, ReportBatch, ReportSchedule
from apps.reports.selectors.batches import batch_page
from apps.reports.selectors.pages import report_page
from apps.reports.services import render_report, retry_report
from apps.scoring import parse_answers, score
from tests.home.test_demo_loading import load_content


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The region in its default size, in a transaction that ends with the module."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            load_content()
            loaded = load_demo(seed=1)
            yield loaded
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("region")]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def value(result: Result, side: str) -> Fraction:
    return Fraction(result.document[side]["overall"]["value"]["exact"])


def results_of(name: str) -> list[Result]:
    return list(Result.objects.filter(member__name=name).order_by("computed_at"))


def test_region_has_twelve_nations_forty_organisations_and_five_mentors(region: Loaded) -> None:
    members = Member.objects.filter(is_demo=True)
    assert members.filter(kind="nation").count() == region.nations == 12
    assert 38 <= members.filter(kind="organisation").count() == region.organisations <= 45
    assert members.filter(is_mentor=True).count() == 5
    assert Participation.objects.filter(shares_levels=False).count() >= 3


def test_region_shows_eight_people_to_visitors() -> None:
    people = demo_people(AnonymousUser())
    assert people[0].full_name == "Leila Marwan"
    assert len(people) == 8
    assert all(p.call_name for p in people)
    assert User.objects.filter(is_demo=False).count() > 100


@pytest.mark.parametrize("place", range(8))
def test_every_person_of_the_tour_can_enter_and_finds_a_page(client: Client, place: int) -> None:
    person = demo_people(AnonymousUser())[place]
    assert client.post(f"/tour/{person.public_id}/").status_code == 302
    assert client.get("/home/", follow=True).status_code == 200


def test_kestrin_rose_and_tavrene_fell() -> None:
    before, after = results_of("Kestrin")
    assert value(after, "evidenced") - value(before, "evidenced") > 20
    before, after = results_of("Tavrene")
    assert value(before, "evidenced") - value(after, "evidenced") > 10


def test_haldris_claims_much_more_than_it_shows() -> None:
    for result in results_of("Haldris"):
        assert value(result, "claimed") - value(result, "evidenced") >= 20


def test_every_figure_is_what_the_engine_says_of_the_stored_inputs() -> None:
    rows = Result.objects.select_related("assessment__version_of").order_by("pk")
    assert rows.count() > 90
    for result in rows[::12]:
        spec = framework_spec(result.assessment.version_of, result.assessment.scope)
        sheet = parse_answers(result.inputs, spec)
        again = score(spec, sheet.answers, on=sheet.on, targets=sheet.targets, track=sheet.track)
        assert result.document == json.loads(json.dumps(again.as_document()))
        assert result.input_hash == again.input_hash


def test_kestrin_reached_its_goals_with_a_mentor() -> None:
    work = Engagement.objects.get(member__name="Kestrin")
    assert (work.mentor.name, work.state) == ("Arvandel Cyber Centre", EngagementState.CLOSED)
    assert work.sessions.count() == 7
    assert work.goals.filter(state=GoalState.REACHED).exists()
    assert work.grant is not None and work.grant.withdrawn_at is not None
    assert Engagement.objects.filter(state=EngagementState.ACTIVE).count() >= 3


def test_rounds_were_solved_by_the_engine() -> None:
    for round_ in MatchingRound.objects.filter(programme__is_demo=True):
        again = solve(parse_problem(round_.problem)).as_document()
        assert again["pairs"] == round_.answer["pairs"]
        assert again["total"] == round_.answer["total"]
        for proposal in round_.proposals.all():
            assert sum(Decimal(part["contribution"]) for part in proposal.reasons) == proposal.score
    now = MatchingRound.objects.get(name="Matching 2026")
    assert now.state == "proposed"
    assert set(now.proposals.values_list("decision", flat=True)) == {"open"}
    assert MatchingRound.objects.get(name="Matching 2024").state == "closed"


def test_region_shows_every_state_that_work_can_be_in() -> None:
    rungs = set(Standing.objects.values_list("rung", flat=True))
    assert len(rungs) >= 3
    assert Standing.objects.filter(member__name="National CERT of Veldara").exists()
    small = MatchingRound.objects.get(name="Places left over, 2026")
    assert small.mode == "two_stage" and small.shortlisted.exists()
    assert CallNote.objects.filter(shortlisted__round=small).count() == 2
    assert Urgency.objects.get().state == "asked"
    assert Leaving.objects.get().engagement.state == EngagementState.CLOSED
    assert FollowUp.objects.filter(months=12).exists() and FollowUp.objects.filter(months=6).count() >= 3
    assert Need.objects.waiting().filter(programme__is_demo=True).count() >= 5


def test_mentors_never_hold_more_than_they_offered() -> None:
    offers = list(Offer.objects.all())
    taken = places_taken(offers)
    assert all(taken[offer.pk] <= offer.places for offer in offers)


def test_a_private_wish_keeps_two_apart_without_a_trace() -> None:
    wish = Exclusion.objects.get()
    assert not Proposal.objects.filter(need__member=wish.member, offer__member=wish.other).exists()


def test_the_learner_is_half_way_through_the_first_module() -> None:
    learner = User.objects.get(full_name="Hoang Thi Lien")
    enrolment = learner.enrolments.get()
    assert enrolment.progress.filter(seen_at__isnull=False).count() == 1
    assert enrolment.last_lesson.position == 1
    assert enrolment.completed_at is None


def test_certificates_can_be_checked_by_anybody(client: Client) -> None:
    certificates = Certificate.objects.all()
    assert certificates.count() == 8
    for certificate in certificates:
        assert read_code(certificate.code) == certificate.code
        response = client.get(f"/verify/{certificate.code}/")
        assert response.status_code == 200
        assert certificate.holder in response.content.decode()


def test_news_of_the_tour_lead_to_pages(client: Client) -> None:
    for person in demo_people(AnonymousUser()):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for row in Notification.objects.filter(user=person):
            assert client.get(row.url).status_code == 200, (person.full_name, row.url)
    assert Notification.objects.filter(user__full_name="Mirela Adeyo", read_at=None).exists()


def test_nothing_stands_high_on_what_is_not_there() -> None:
    result = results_of("Kestrin")[1]
    spec = framework_spec(result.assessment.version_of, "national")
    answers: dict[str, Any] = result.inputs["answers"]
    for rule in spec.prerequisites:
        below, above = answers[rule.requires].get("level"), answers[rule.indicator].get("level")
        assert above is None or below is None or below >= rule.at_level or above <= 2


def test_the_agency_is_in_the_middle_of_its_assessment() -> None:
    running = Assessment.objects.get(member__name="National CERT of Veldara", title="Spring 2026")
    assert running.state == AssessmentState.IN_PROGRESS
    assert 25 < running.responses.count() < 45
    assert running.assignments.values("respondent").distinct().count() == 2
    waiting = running.assignments.filter(sent_to_review_at__isnull=False, area__code="PRO.3").get()
    assert waiting.reviewer is not None and waiting.reviewer.full_name == "Mirela Adeyo"


def test_notes_read_as_written_by_people() -> None:
    notes = set(Response.objects.values_list("why", flat=True))
    assert len(notes) > 1000
    assert not [note for note in notes if "{" in note or (not note[0].isupper() and not note[0].isdigit())]


def test_audit_chains_hold() -> None:
    assert AuditEntry.objects.filter(action="demo.loaded").count() == 1
    for chain in AuditChain.objects.all():
        assert first_bad_link(chain.entries.order_by("seq"), {"seq": chain.seq, "head": chain.head}) == ""


def test_loading_again_changes_nothing_and_says_so() -> None:
    before = Response.objects.count()
    assert "nothing was changed" in run()
    assert Response.objects.count() == before


def test_who_names_each_person_and_the_address(settings: Any) -> None:
    said = run("--who")
    assert "Assessment lead, National CERT of Veldara" in said
    assert f"{settings.SITE_URL}/tour/" in said


def test_demo_refuses_outside_a_demonstration(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        run()


@pytest.mark.parametrize("size", ["0", "-3", "23", "1000000"])
def test_demo_refuses_a_size_it_cannot_make(size: str) -> None:
    with pytest.raises(CommandError, match="members"):
        run("--members", size)


def test_library_of_the_agency_holds_an_expired_report_of_a_schedule_that_comes_again() -> None:
    report = Report.objects.get(member__name="National CERT of Veldara")
    assert report.state == "expired" and report.schedule is not None
    assert report.schedule.runs.count() == 1 and report.schedule.next_on is not None


def test_libraries_hold_reports_that_failed_with_their_reason_and_no_job_waits() -> None:
    for owner in (Q(member__name="Veldara"), Q(programme__is_demo=True)):
        failed, expired = Report.objects.filter(owner).order_by("-state")
        assert (failed.state, expired.state) == ("failed", "expired")
        assert "Something went wrong" in failed.error
        assert Notification.objects.filter(user=failed.asked_by, kind="report_failed").exists()
    assert not OutboxMessage.objects.filter(topic__in=("reports.render", "core.send_mail")).exists()


def test_schedules_are_active_paused_and_stopped_with_a_reason() -> None:
    office = ReportSchedule.objects.filter(programme__is_demo=True)
    assert set(office.values_list("state", flat=True)) == {"active", "paused"}
    stopped = ReportSchedule.objects.get(member__name="Veldara")
    assert stopped.state == "stopped" and "may no longer" in stopped.reason


def test_one_member_waits_for_a_second_person_and_one_for_its_day() -> None:
    states = dict(MemberLeaving.objects.values_list("member__name", "state"))
    assert states == {"University of Ilmara": "asked", "Ministry of Education of Nareth": "confirmed"}


def test_a_failed_report_of_the_demonstration_is_made_at_the_next_try() -> None:
    with transaction.atomic():
        failed = Report.objects.get(member__name="Veldara", state="failed")
        retry_report(actor=failed.asked_by, report=failed.public_id)
        render_report(report=failed.public_id)
        failed.refresh_from_db()
        assert failed.state == "ready"
        transaction.set_rollback(True)


def test_reports_are_asked_for_once_and_a_worker_makes_each_state() -> None:
    with transaction.atomic():
        run("--reports")
        run("--reports")
        reports = Report.objects.filter(state="queued").exclude(kind="assessment")
        assert sorted(reports.values_list("kind", flat=True)) == [
            "brief",
            "brief",
            "national",
            "programme",
            "sheet",
        ]
        stale = Report.objects.get(member__name="Veldara", kind="brief", state="queued")
        batch = ReportBatch.objects.get()
        for report in (stale, *batch.reports.all()):
            render_report(report=report.public_id)
        lead, office = stale.asked_by, batch.asked_by
        assert "Stale since" in report_page(lead, stale.public_id).stale_text
        page = batch_page(office, batch.programme.public_id, batch.public_id)
        assert (page.batch.state, page.batch.ready, page.batch.total) == ("done", 2, 3)
        assert [bool(line.why) for line in page.lines if line.state != "ready"] == [True]
        assert {"NOT_SHARED", "NOT_WHOLE"} <= {
            LeftOut(w).name for w in batch.items.values_list("left_out", flat=True) if w
        }
        transaction.set_rollback(True)
