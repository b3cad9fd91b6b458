"""Between the signatures and the end: sessions ahead with their calendars, tasks, milestones, resources handed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from icalendar import Calendar

from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.mentoring import services
from apps.mentoring.models import Engagement, Meeting, Milestone, Task
from apps.mentoring.selectors import waiting_for
from apps.mentoring.selectors.meetings import meetings_page
from apps.mentoring.selectors.todo import work_page
from apps.mentoring.services import meetings, milestones, todo
from apps.resources.models import Resource
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World


@pytest.fixture
def row(world: World) -> Engagement:
    return world.engagement()


def at_mentor(world: World, row: Engagement, name: str, *more: str) -> str:
    return reverse(f"mentoring:{name}", args=[world.cast.mentor_partner.public_id, row.public_id, *more])


def at_member(world: World, row: Engagement, name: str, *more: str) -> str:
    return reverse(f"mentoring:{name}", args=[world.cast.agency.public_id, row.public_id, *more])


def as_lead(world: World, row: Engagement) -> dict[str, Any]:
    return {"actor": world.cast.lead, "member": world.cast.agency, "engagement": row.public_id}


def planned(world: World, row: Engagement, days: int = 3) -> Meeting:
    at = datetime.combine(localdate() + timedelta(days=days), datetime.min.time(), UTC) + timedelta(hours=9)
    return meetings.plan_meeting(
        **as_lead(world, row), starts_at=at, minutes=90, place="Room 4", agenda="The map"
    )


def test_session_is_planned_moved_and_held_in_the_browser(world: World, row: Engagement) -> None:
    mentor = signed_in(world.cast.mentor)
    day = (localdate() + timedelta(days=5)).isoformat()
    assert "Agree on a first date" in mentor.get(at_mentor(world, row, "meetings")).content.decode()
    sent = {
        "on": day,
        "at": "14:30",
        "minutes": "60",
        "place": "Call",
        "agenda": "First look",
        "idempotency": "k",
    }
    for _twice in range(2):
        assert mentor.post(at_mentor(world, row, "new_meeting"), sent).status_code == 302
    meeting = Meeting.objects.get()
    page = signed_in(world.cast.lead).get(at_member(world, row, "meetings")).content.decode()
    assert "One session is planned ahead" in page and "First look" in page and "14:30" in page
    assert world.cast.lead.notifications.filter(kind="meeting_planned").count() == 1
    change = {**sent, "at": "15:00", "version": "1"}
    assert mentor.post(at_mentor(world, row, "edit_meeting", meeting.public_id), change).status_code == 302
    stale = mentor.post(
        at_mentor(world, row, "edit_meeting", meeting.public_id), {**change, "agenda": "Mine"}
    )
    assert (
        stale.status_code == 409
        and "First look" in stale.content.decode()
        and "Mine" in stale.content.decode()
    )
    note = at_mentor(world, row, "new_session")
    form = mentor.get(f"{note}?meeting={meeting.public_id}").content.decode()
    assert meeting.public_id in form and 'value="1.0"' in form
    held = {
        "held_on": localdate().isoformat(),
        "hours": "1",
        "notes": "We met.",
        "meeting": meeting.public_id,
    }
    assert mentor.post(note, held).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "held" and meeting.session is not None and meeting.session.notes == "We met."
    page = mentor.get(at_mentor(world, row, "meetings")).content.decode()
    assert "No session is planned ahead" in page and "1 session held of 6 agreed" in page


def test_calendar_file_is_one_that_calendars_read(world: World, row: Engagement) -> None:
    meeting = planned(world, row)
    answer = signed_in(world.cast.mentor).get(at_mentor(world, row, "meeting_file", meeting.public_id))
    assert (
        answer["Content-Type"].startswith("text/calendar") and "attachment" in answer["Content-Disposition"]
    )
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == meeting.starts_at
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=90)
    assert (str(event["location"]), str(event["description"]), str(event["status"])) == (
        "Room 4",
        "The map",
        "CONFIRMED",
    )
    uid, before = str(event["uid"]), int(event["sequence"])
    meetings.call_off_meeting(**as_lead(world, row), public_id=meeting.public_id)
    whole = signed_in(world.cast.mentor).get(at_mentor(world, row, "meetings_file")).content
    (event,) = Calendar.from_ical(whole).walk("VEVENT")
    assert (str(event["uid"]), str(event["status"])) == (uid, "CANCELLED") and int(event["sequence"]) > before


def test_invitation_comes_by_mail_moves_and_is_called_off(world: World, row: Engagement) -> None:
    """The same event each time, with a higher sequence; place and agenda stay on the site."""
    jobs.run_waiting()
    mail.outbox.clear()
    meeting = planned(world, row)
    later = meeting.starts_at + timedelta(hours=2)
    meetings.change_meeting(
        **as_lead(world, row), public_id=meeting.public_id, version=meeting.version, starts_at=later,
        minutes=meeting.minutes, place="Room 9", agenda="The map",
    )  # fmt: skip
    meetings.call_off_meeting(**as_lead(world, row), public_id=meeting.public_id)
    jobs.run_waiting()
    mine = [m for m in mail.outbox if m.to == [world.cast.mentor.email]]
    found = []
    for message in mine:
        (part,) = [p for p in message.message().walk() if p.get_content_type() == "text/calendar"]
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes) and b"Room" not in body and b"The map" not in body
        whole = Calendar.from_ical(body)
        (event,) = whole.walk("VEVENT")
        assert part.get_param("method") == str(whole["method"])
        assert (
            str(event["attendee"]) == f"mailto:{world.cast.mentor.email}" and "mailto:" in event["organizer"]
        )
        found.append(
            (str(whole["method"]), event.decoded("dtstart"), int(event["sequence"]), str(event["uid"]))
        )
    uid = found[0][3]
    assert found == [
        ("REQUEST", meeting.starts_at, 0, uid), ("REQUEST", later, 1, uid), ("CANCEL", later, 2, uid),
    ]  # fmt: skip
    assert not [m for m in mail.outbox if m.to == [world.cast.lead.email]]


def test_private_address_follows_and_ends(world: World, row: Engagement) -> None:
    planned(world, row)
    mentor = signed_in(world.cast.mentor)
    page = mentor.post(at_mentor(world, row, "meetings"), {"act": "open"}).content.decode()
    address = page.split("http://")[1].split("</code>")[0].partition("/")[2]
    feed = "/" + address
    assert Client().get(feed).status_code == 200
    assert address not in mentor.get(at_mentor(world, row, "meetings")).content.decode()
    world.cast.mentor.memberships.all().delete()
    assert Client().get(feed).status_code == 404
    assert Client().get("/calendar/guess/sessions.ics").status_code == 404


def test_private_address_ends_with_the_engagement_and_when_taken_back(world: World, row: Engagement) -> None:
    cast = world.cast
    secret = meetings.make_meeting_address(**as_lead(world, row))
    feed = reverse("mentoring:meetings_feed", args=[secret])
    assert Client().get(feed).status_code == 200
    signed_in(cast.lead).post(at_member(world, row, "meetings"), {"act": "close"})
    assert Client().get(feed).status_code == 404
    feed = reverse("mentoring:meetings_feed", args=[meetings.make_meeting_address(**as_lead(world, row))])
    row.refresh_from_db()
    services.close_engagement(**as_lead(world, row), version=row.version, note="Done.")
    assert Client().get(feed).status_code == 404


def test_both_clocks_are_told_when_they_differ(world: World, row: Engagement) -> None:
    planned(world, row)
    page = meetings_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
    assert page.rows[0].times == ()
    world.cast.mentor_partner.time_zone = "Asia/Kathmandu"
    world.cast.mentor_partner.save()
    page = meetings_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
    assert [text.partition(" for ")[0][-5:] for text in page.rows[0].times] == ["09:00", "14:45"]


@pytest.mark.parametrize("days", [-2, 9000])
def test_session_at_a_time_that_cannot_be_is_refused(world: World, row: Engagement, days: int) -> None:
    with pytest.raises(Refused, match="still to come"):
        planned(world, row, days=days)


def test_task_is_given_found_on_the_own_list_and_done(world: World, row: Engagement) -> None:
    cast, lead = world.cast, signed_in(world.cast.lead)
    sent = {
        "task-text": "Draw the map", "task-owner": cast.mentor.public_id, "task-due_on": localdate().isoformat(),
        "task-key": "once",
    }  # fmt: skip
    for _twice in range(2):
        assert lead.post(at_member(world, row, "add_task"), sent).status_code == 302
    task = row.tasks.get()
    (waits,) = [w for w in waiting_for(cast.mentor) if w.text == "Draw the map"]
    assert signed_in(cast.mentor).get(waits.url).status_code == 200
    assert "Draw the map" in signed_in(cast.mentor).get("/home/", follow=True).content.decode()
    assert cast.mentor.notifications.filter(kind="task_given").count() == 1
    signed_in(cast.mentor).post(at_mentor(world, row, "task", task.public_id), {"act": "done"})
    assert not [w for w in waiting_for(cast.mentor) if w.text == "Draw the map"]
    page = lead.get(at_member(world, row, "work")).content.decode()
    assert "No task is open" in page and "Sana Aldris" in page
    lead.post(at_member(world, row, "task", task.public_id), {"act": "remove"})
    assert not row.tasks.filter(removed_at__isnull=True).exists()


def test_task_for_a_stranger_or_a_past_day_is_refused(world: World, row: Engagement) -> None:
    for owner in (world.cast.viewer, world.cast.other_lead):
        with pytest.raises(Refused, match="one of the two sides"):
            todo.add_task(**as_lead(world, row), text="x", owner=owner.public_id, due_on=None)
    yesterday = localdate() - timedelta(days=1)
    with pytest.raises(Refused, match="from today on"):
        todo.add_task(**as_lead(world, row), text="x", owner=world.cast.lead.public_id, due_on=yesterday)


def test_agreement_to_sign_waits_on_the_home_page(world: World) -> None:
    row, cast = world.engagement(signed=False), world.cast
    for person in (cast.lead, cast.mentor):
        (waits,) = [w for w in waiting_for(person) if "sign the agreement" in w.text]
        assert signed_in(person).get(waits.url).status_code == 200
    world.sign(row, cast.lead, cast.agency)
    assert not [w for w in waiting_for(cast.lead) if "sign the agreement" in w.text]
    assert [w for w in waiting_for(cast.mentor) if "sign the agreement" in w.text]


def test_milestones_follow_the_agreement_and_keep_what_was_reached(world: World, row: Engagement) -> None:
    cast = world.cast
    assert [m.key for m in row.milestones.all()] == ["m1", "m2", "m3"]
    first = row.milestones.get(key="m1")
    lead = signed_in(cast.lead)
    lead.post(at_member(world, row, "milestone", first.public_id), {"act": "done"})
    assert "1 of 3 milestones reached" in lead.get(at_member(world, row, "work")).content.decode()
    draft = services.draft_agreement(**as_lead(world, row))
    terms = {**draft.terms, "milestones": [{**draft.terms["milestones"][1], "title": "Cabinet"}]}
    services.change_agreement(**as_lead(world, row), version=draft.version, terms=terms)
    world.sign(row, cast.lead, cast.agency)
    world.sign(row, cast.mentor, cast.mentor_partner)
    assert [(m.key, m.title) for m in row.milestones.order_by("key")] == [
        ("m1", first.title),
        ("m2", "Cabinet"),
    ]
    milestones.reach_milestone(**as_lead(world, row), public_id=first.public_id, done=False)
    assert Milestone.objects.get(key="m1").done_at is None


def test_resource_is_handed_over_once(world: World, row: Engagement) -> None:
    Resource.objects.create(
        slug="plan", title="Incident plan", kind="template", publisher="Us", summary="x", areas=["GOV.1"]
    )
    mentor = signed_in(world.cast.mentor)
    sent = {"hand-resource": "plan", "hand-note": "Page one first."}
    for _twice in range(2):
        assert mentor.post(at_mentor(world, row, "hand_over"), sent).status_code == 302
    page = signed_in(world.cast.viewer).get(at_member(world, row, "work")).content.decode()
    assert "Incident plan" in page and "Page one first." in page and row.handovers.count() == 1
    mentor.post(at_mentor(world, row, "take_back", row.handovers.get().public_id))
    assert not row.handovers.exists()


def test_nothing_changes_after_the_end(world: World, row: Engagement) -> None:
    meeting, task = (
        planned(world, row),
        todo.add_task(**as_lead(world, row), text="x", owner=world.cast.lead.public_id, due_on=None),
    )
    row.refresh_from_db()
    services.close_engagement(**as_lead(world, row), version=row.version, note="Done.")
    where = as_lead(world, row)
    for act in (
        lambda: meetings.call_off_meeting(**where, public_id=meeting.public_id),
        lambda: todo.finish_task(**where, public_id=task.public_id, done=True),
        lambda: todo.add_task(**where, text="y", owner=world.cast.lead.public_id, due_on=None),
        lambda: services.draft_agreement(**where),
    ):
        with pytest.raises((Refused, Conflict), match="closed"):
            act()
    waits = [each.text for each in waiting_for(world.cast.lead)]
    assert len(waits) == 2 and all(" on Direction" in text for text in waits), (
        "only what is said after the work"
    )


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_number_of_questions(
    world: World, row: Engagement, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        planned(world, row, days=n + 1)
        task = todo.add_task(
            **as_lead(world, row), text=f"Task {n}", owner=world.cast.lead.public_id, due_on=None
        )
        if n:
            todo.finish_task(**as_lead(world, row), public_id=task.public_id, done=True)
        Resource.objects.create(
            slug=f"r{n}", title=f"R {n}", kind="guide", publisher="Us", summary="x", areas=[]
        )
        todo.hand_over(**as_lead(world, row), resource=f"r{n}")
    with django_assert_num_queries(7):
        meetings_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
    with django_assert_num_queries(9):
        work_page(world.cast.lead, world.cast.agency.public_id, row.public_id)
    with django_assert_num_queries(9):
        waiting_for(world.cast.lead)


def given_task(world: World, row: Engagement, **more: Any) -> Task:
    given: dict[str, Any] = {
        "text": "Draw the map",
        "owner": world.cast.lead.public_id,
        "due_on": None,
        **more,
    }
    return todo.add_task(**as_lead(world, row), **given)


def test_task_is_changed_and_its_new_owner_is_told(world: World, row: Engagement) -> None:
    cast, lead, task = world.cast, signed_in(world.cast.lead), given_task(world, row)
    at = at_member(world, row, "edit_task", task.public_id)
    assert "Draw the map" in lead.get(at).content.decode()
    sent = {"text": "Draw both maps", "owner": cast.mentor.public_id, "due_on": "", "version": 1}
    assert lead.post(at, sent).status_code == 302
    task.refresh_from_db()
    assert (task.text, task.owner, task.version) == ("Draw both maps", cast.mentor, 2)
    assert cast.mentor.notifications.filter(kind="task_given").count() == 1
    stale = lead.post(at, sent | {"text": "Draw none"})
    assert stale.status_code == 409
    assert "Draw both maps" in stale.content.decode() and "Draw none" in stale.content.decode()
    for wrong in ({"owner": cast.other_lead.public_id}, {"text": ""}, {"due_on": "2001-01-01"}):
        assert lead.post(at, sent | {"version": 2} | wrong).status_code == 422
    assert signed_in(cast.viewer).get(at).status_code == 403
    assert AuditEntry.objects.filter(action="task.changed").count() == 1


def test_late_task_keeps_its_day_when_something_else_changes(world: World, row: Engagement) -> None:
    task = given_task(world, row)
    past = localdate() - timedelta(days=3)
    Task.objects.filter(pk=task.pk).update(due_on=past)
    same = {"public_id": task.public_id, "owner": world.cast.lead.public_id, "version": 1}
    assert todo.change_task(**as_lead(world, row), **same, text="Map", due_on=past).due_on == past
    with pytest.raises(Refused, match="from today on"):
        todo.change_task(
            **as_lead(world, row), **same | {"version": 2}, text="Map", due_on=past - timedelta(1)
        )


def test_removed_task_can_be_put_back(world: World, row: Engagement) -> None:
    cast, lead, task = world.cast, signed_in(world.cast.lead), given_task(world, row)
    act = at_member(world, row, "task", task.public_id)
    page = lead.post(act, {"act": "remove"}, follow=True).content.decode()
    assert "The task is removed" in page and "No task is open" in page and "1 removed" in page
    assert not [w for w in waiting_for(cast.lead) if w.text == "Draw the map"]
    assert lead.post(act, {"act": "done"}).status_code == 404
    assert lead.get(at_member(world, row, "edit_task", task.public_id)).status_code == 404
    assert "Draw the map" not in signed_in(cast.viewer).get(at_member(world, row, "work")).content.decode()
    for _twice in range(2):
        page = lead.post(act, {"act": "put_back"}, follow=True).content.decode()
    assert "One task is open" in page and [w for w in waiting_for(cast.lead) if w.text == "Draw the map"]
    assert AuditEntry.objects.filter(action__startswith="task.").count() == 3
