"""After the play: sheets, the hot wash, findings, the report and the plan; alone and with another member."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pypdf import PdfReader

from apps.core.errors import Refused
from apps.exercises import services
from apps.exercises.models import Finding, Observation, Run
from apps.members.policies import site_day
from apps.mentoring.models import Action, ActionPlan
from tests.exercises.world import CANARIES, OTHERS, planned, running, turn_back
from tests.factories import UserFactory, join, small_version
from tests.mentoring.world import make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db


def path(run: Run, cast: Cast, page: str = "") -> str:
    return f"/o/{cast.agency.public_id}/exercises/{run.public_id}/{page}"


def words(**changes: Any) -> dict[str, Any]:
    return {
        "indicator": "GOV.1.1", "text": "Nobody knew who leads.", "change": "Name a leader and a deputy.",
        "proof": "A page with two names.", "owner": None, "due_on": site_day() + timedelta(days=30), **changes,
    }  # fmt: skip


def played(cast: Cast) -> Run:
    """Two messages, one decision, the hot wash."""
    run = running(cast)
    turn_back(run, 9)
    services.give_due(actor=cast.lead, run=run)
    player = run.players.get(user=cast.respondent)
    player.run = run
    services.log_decision(
        actor=cast.respondent, player=player, text="We cut the line.", why="To save the rest.",
        inject=run.injects.get(code="I01"),
    )  # fmt: skip
    return services.move_clock(actor=cast.lead, run=run, act="wash")


def pdf_text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split()
    )


def test_an_observers_line_is_kept_and_a_second_device_is_told(client: Client, cast: Cast) -> None:
    run = running(cast)
    client.force_login(cast.viewer)
    data = {"code": "Q01", "seen": "partly", "level": "2", "note": "After ten minutes."}
    assert client.post(path(run, cast, "observe/sheet/"), data).status_code == 302
    assert "After ten minutes." in client.get(path(run, cast, "observe/")).content.decode()
    live = {"HX-Request": "true"}
    answer = client.post(
        path(run, cast, "observe/sheet/"), {**data, "note": "Later", "version": 1}, headers=live
    )
    assert 'name="version" value="2"' in answer.content.decode()
    answer = client.post(
        path(run, cast, "observe/sheet/"), {**data, "note": "Stale", "version": 1}, headers=live
    )
    assert answer.status_code == 409
    assert "Later" in answer.content.decode()
    assert Observation.objects.get().note == "Later"


def test_a_sheet_asks_only_what_the_kit_asks_and_closes_with_it(cast: Cast) -> None:
    run = running(cast)
    player = run.players.get(user=cast.viewer)
    line = {"actor": cast.viewer, "player": player, "expected": 0, "seen": "yes", "level": 3, "note": ""}
    with pytest.raises(Refused):
        services.save_observation(**line, code="Q99")
    services.move_clock(actor=cast.lead, run=run, act="wash")
    services.move_clock(actor=cast.lead, run=run, act="close")
    player.refresh_from_db()
    with pytest.raises(Refused, match="until the exercise is closed"):
        services.save_observation(**line, code="Q01")


def test_the_hot_wash_reaches_the_facilitator_under_the_role(client: Client, cast: Cast) -> None:
    run = played(cast)
    client.force_login(cast.respondent)
    assert client.post(path(run, cast, "wash/"), {}).status_code == 422
    client.post(
        path(run, cast, "wash/"), {"well": "We talked.", "change": "The list.", "action": "Print it."}
    )
    assert "We talked." not in client.get(path(run, cast, "findings/")).content.decode()
    client.force_login(cast.lead)
    text = client.get(path(run, cast, "findings/")).content.decode()
    assert "<b>Head of IT</b>" in text
    assert "We talked." in text
    assert "Tomas Ekwe</b>" not in text


def test_a_finding_is_written_changed_and_shown_when_two_change_it(client: Client, cast: Cast) -> None:
    run = played(cast)
    client.force_login(cast.lead)
    due = (site_day() + timedelta(days=9)).isoformat()
    data = {**words(), "owner": cast.respondent.public_id, "due_on": due, "idempotency": "once"}
    for _n in range(2):
        assert client.post(path(run, cast, "findings/"), data).status_code == 302
    row = Finding.objects.get()
    assert row.owner == cast.respondent
    address = path(run, cast, f"findings/{row.public_id}/")
    assert client.post(address, {**data, "change": "Name two.", "version": 1}).status_code == 302
    answer = client.post(address, {**data, "change": "Name three.", "version": 1})
    assert answer.status_code == 409
    assert "Name two." in answer.content.decode()
    answer = client.post(path(run, cast, "findings/"), {**data, "indicator": "ZZZ.9.9", "idempotency": "b"})
    assert answer.status_code == 422


def test_findings_become_actions_of_the_plan_once(client: Client, cast: Cast) -> None:
    make_world(cast, small_version())
    run = played(cast)
    made = [
        services.add_finding(
            actor=cast.lead, run=run, member=cast.agency, **words(change=f"Change {n}", owner=owner)
        )
        for n, owner in enumerate((cast.respondent, None))
    ]
    client.force_login(cast.lead)
    chosen = {"findings": [row.public_id for row in made], "plan": ""}
    for _n in range(2):
        client.post(path(run, cast, "findings/plan/"), chosen)
    plan = ActionPlan.objects.get()
    assert plan.name == "Exercise: Small storm"
    assert list(plan.actions.values_list("place", "words", "to_level")) == [
        (1, "Change 0", 2),
        (2, "Change 1", 2),
    ]
    text = client.get(f"/o/{cast.agency.public_id}/plans/{plan.public_id}/").content.decode()
    assert "Change 0" in text
    action = plan.actions.get(place=1)
    text = client.get(
        f"/o/{cast.agency.public_id}/plans/{plan.public_id}/{action.public_id}/"
    ).content.decode()
    assert "What to do" in text
    client.force_login(cast.respondent)
    assert "asked you to take on GOV.1.1 → 2" in client.get("/me/notifications/").content.decode()
    third = services.add_finding(actor=cast.lead, run=run, member=cast.agency, **words(change="Third"))
    services.take_into_plan(
        actor=cast.lead, run=run, member=cast.agency, findings=[third.public_id], plan=plan
    )
    assert plan.actions.count() == 3
    with pytest.raises(Refused, match="Change it there"):
        services.change_finding(
            actor=cast.lead, finding=Finding.objects.get(pk=third.pk), expected=1, **words()
        )


def test_a_plan_of_findings_prints_and_exports(client: Client, cast: Cast) -> None:
    make_world(cast, small_version())
    run = played(cast)
    row = services.add_finding(actor=cast.lead, run=run, member=cast.agency, **words())
    services.take_into_plan(actor=cast.lead, run=run, member=cast.agency, findings=[row.public_id], plan=None)
    plan = ActionPlan.objects.get()
    client.force_login(cast.lead)
    address = f"/o/{cast.agency.public_id}/plans/{plan.public_id}/"
    assert "Name a leader and a deputy." in pdf_text(client, f"{address}pdf/")
    assert client.get(f"/api/v1/members/{cast.agency.public_id}/plans/{plan.public_id}/").status_code in (
        200,
        404,
    )


def test_the_report_tells_what_happened_and_nothing_that_was_hidden(client: Client, cast: Cast) -> None:
    small_version()
    run = played(cast)
    observer = run.players.get(user=cast.viewer)
    services.save_observation(
        actor=cast.viewer, player=observer, code="Q01", expected=0, seen="yes", level=3, note="At once."
    )
    services.answer_invitation(actor=cast.viewer, run=run, comes=True, named=True)
    services.add_finding(actor=cast.lead, run=run, member=cast.agency, **words())
    client.force_login(cast.respondent)
    assert client.get(path(run, cast, "report.pdf")).status_code == 403
    services.move_clock(actor=cast.lead, run=run, act="close")
    text = pdf_text(client, path(run, cast, "report.pdf"))
    for said in (
        "The harbour is dark.", "Lights out", "We cut the line.", "To save the rest.", "At once.", "Name a leader and a deputy.",
        "1 change came out of it", "TLP:AMBER", "Vera Lind", run.kit.document_hash[:20],
    ):  # fmt: skip
        assert said in text, said
    assert "Tomas Ekwe" not in text
    assert [word for word in (*CANARIES, "CANARY-BRIEF", "CANARY-LATER") if word in text] == []


def test_a_colleague_who_took_no_part_reads_neither_findings_nor_report(client: Client, cast: Cast) -> None:
    run = played(cast)
    services.move_clock(actor=cast.lead, run=run, act="close")
    other = UserFactory()
    join(cast.agency, other, "respondent")
    client.force_login(other)
    assert client.get(path(run, cast)).status_code == 200
    for page in ("findings/", "report.pdf", "play/", "control/"):
        assert client.get(path(run, cast, page)).status_code == 403, page


def joint(cast: Cast) -> Run:
    """The agency plays IT and the press, its mentor security; both brought their own."""
    world = make_world(cast, small_version())
    engagement = world.engagement()
    head = UserFactory(full_name="Hana Head")
    join(cast.mentor_partner, head, "lead")
    run = planned(cast, engagement=engagement)
    assert run.partner == cast.mentor_partner
    services.cast_person(
        actor=cast.lead, run=run, member=cast.agency, user=cast.respondent, roles=["IT"], observer=False
    )
    services.cast_person(
        actor=head, run=run, member=cast.mentor_partner, user=cast.mentor, roles=["SEC"], observer=False
    )
    services.cast_person(
        actor=cast.lead, run=run, member=cast.agency, user=cast.viewer, roles=[], observer=True
    )
    return run


def test_each_side_of_a_joint_exercise_brings_its_own_people_and_keeps_their_names(
    client: Client, cast: Cast
) -> None:
    run = joint(cast)
    with pytest.raises(PermissionDenied):
        services.cast_person(
            actor=cast.lead,
            run=run,
            member=cast.mentor_partner,
            user=cast.mentor,
            roles=["COM"],
            observer=False,
        )
    client.force_login(cast.lead)
    text = client.get(path(run, cast)).content.decode()
    assert "Sana Aldris" not in text
    assert "Security officer" in text
    client.force_login(cast.mentor)
    theirs = f"/o/{cast.mentor_partner.public_id}/exercises/{run.public_id}/"
    text = client.get(theirs).content.decode()
    assert "Tomas Ekwe" not in text
    assert client.get(path(run, cast)).status_code == 404
    assert "CANARY-BRIEF-SEC" in client.get(f"{theirs}play/").content.decode()


def test_each_side_reads_its_own_log_sheets_and_findings(client: Client, cast: Cast) -> None:
    run = joint(cast)
    run = services.move_clock(actor=cast.lead, run=run, act="start")
    services.give_injects(actor=cast.lead, run=run, codes=["I01", "I02", "I03"])
    ours, theirs = run.players.get(user=cast.respondent), run.players.get(user=cast.mentor)
    for who, code, text in (
        (ours, "I01", "OUR-TABLE"), (ours, "I03", "OUR-SHARED"), (theirs, "I02", "THEIR-TABLE"), (theirs, "I03", "THEIR-SHARED"),
    ):  # fmt: skip
        services.log_decision(
            actor=who.user, player=who, text=text, why="So.", inject=run.injects.get(code=code)
        )
    services.save_observation(
        actor=cast.viewer, player=run.players.get(user=cast.viewer), code="Q01", expected=0, seen="no", level=1,
        note="OUR-SHEET",
    )  # fmt: skip
    services.move_clock(actor=cast.lead, run=run, act="wash")
    run.refresh_from_db()
    services.add_finding(actor=cast.lead, run=run, member=cast.agency, **words(change="OUR-FINDING"))
    with pytest.raises(PermissionDenied):
        services.add_finding(actor=cast.lead, run=run, member=cast.mentor_partner, **words())
    services.move_clock(actor=cast.lead, run=run, act="close")
    client.force_login(cast.respondent)
    text = pdf_text(client, path(run, cast, "report.pdf"))
    assert [
        w for w in ("OUR-TABLE", "OUR-SHARED", "THEIR-SHARED", "OUR-SHEET", "OUR-FINDING") if w not in text
    ] == []
    assert "THEIR-TABLE" not in text
    client.force_login(cast.mentor)
    text = pdf_text(client, f"/o/{cast.mentor_partner.public_id}/exercises/{run.public_id}/report.pdf")
    assert "OUR-SHARED" in text
    assert [w for w in ("OUR-TABLE", "OUR-SHEET", "OUR-FINDING", *OTHERS[3:]) if w in text] == []


def test_saving_a_stale_hot_wash_shows_both(client: Client, cast: Cast) -> None:
    run = played(cast)
    client.force_login(cast.respondent)
    client.post(path(run, cast, "wash/"), {"well": "First."})
    client.post(path(run, cast, "wash/"), {"well": "Second.", "version": 1})
    answer = client.post(path(run, cast, "wash/"), {"well": "Third.", "version": 1})
    assert answer.status_code == 409
    assert "Second." in answer.content.decode()
    assert "Third." in answer.content.decode()


def test_another_members_plan_is_not_taken(cast: Cast) -> None:
    small_version()
    run = played(cast)
    row = services.add_finding(actor=cast.lead, run=run, member=cast.agency, **words())
    strange = ActionPlan.objects.create(
        member=cast.other,
        name="Theirs",
        unit="days",
        starts_on=site_day(),
        ends_on=site_day(),
        made_by=cast.other_lead,
    )
    with pytest.raises(Refused, match="Choose an open plan of this member"):
        services.take_into_plan(
            actor=cast.lead, run=run, member=cast.agency, findings=[row.public_id], plan=strange
        )
    assert not Action.objects.exists()
