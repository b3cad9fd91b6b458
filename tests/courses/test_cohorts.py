"""Cohorts: opened by those who may, joined by invitation, followed on a board, reminded at most once a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import Notification
from apps.accounts.services import make_token
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry, OutboxMessage
from apps.courses.models import Cohort, CohortInvitation, Enrolment, Nudge
from apps.courses.selectors import cohorts as reads
from apps.courses.services import cohorts, inviting
from apps.courses.services.statistics import make_statistics
from apps.members.policies import site_day
from tests.courses.groups import bring, invite, make_cohort
from tests.courses.small import finish_course, finish_lesson, small_course
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast: Cast) -> Cohort:
    """A cohort of the programme, half over, whose course has two modules of two lessons."""
    slug = small_course(modules=2, lessons=2).course.slug
    return make_cohort(cast.manager, slug, programme=cast.programme)


def test_only_managers_and_leads_open_cohorts(cast: Cast) -> None:
    slug = small_course().course.slug
    make_cohort(cast.manager, slug, programme=cast.programme)
    make_cohort(cast.lead, slug, member=cast.agency)
    for person, holder in (
        (cast.lead, {"programme": cast.programme}),
        (cast.viewer, {"member": cast.agency}),
        (cast.staff, {"programme": cast.programme}),
        (cast.manager, {}),
    ):
        with pytest.raises(PermissionDenied):
            make_cohort(person, slug, name="Other", **holder)
    assert Cohort.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Spring group"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Other", "lasts": -1}, "ends_on"),
        ({"name": "Other", "lasts": 800}, "ends_on"),
    ],
)
def test_cohort_with_a_fault_is_refused_and_not_stored(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    slug = small_course().course.slug
    make_cohort(cast.manager, slug, programme=cast.programme)
    with pytest.raises(Refused) as fault:
        make_cohort(cast.manager, slug, programme=cast.programme, **fields)
    assert fault.value.field == field
    assert Cohort.objects.count() == 1


def test_change_of_a_stale_version_is_a_conflict_with_both_texts(cast: Cast, group: Cohort) -> None:
    cohorts.change_cohort(actor=cast.manager, cohort=group, version=1, note="Tuesdays at ten.")
    with pytest.raises(Conflict) as fault:
        cohorts.change_cohort(actor=cast.manager, cohort=group, version=1, note="Mondays.")
    assert (fault.value.current.note, fault.value.proposed) == ("Tuesdays at ten.", {"note": "Mondays."})


def test_page_of_a_stale_change_shows_both(client: Client, cast: Cast, group: Cohort) -> None:
    cohorts.change_cohort(actor=cast.manager, cohort=group, version=1, note="Tuesdays at ten.")
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent = {
        "name": group.name,
        "starts_on": "2026-01-01",
        "ends_on": "2026-02-01",
        "note": "Mondays.",
        "version": 1,
    }
    answer = client.post(f"/cohorts/{group.public_id}/edit/", sent)
    assert answer.status_code == 409
    assert "Tuesdays at ten." in answer.content.decode()
    assert "Mondays." in answer.content.decode()


LIST = """person_id,given_name,family_name,email,language,organisation,cohort,role
P-1,Amal,Haddad,amal@example.org,ar,Ministry of Justice,Spring group,learner
P-2,Bram,Okafor,bram@example.org,en,,,
P-3,Chen,Ruiz,chen@example.org,,,,trainer
"""


def test_list_invites_everybody_once(cast: Cast, group: Cohort) -> None:
    first = inviting.invite_people(actor=cast.manager, cohort=group, text=LIST)
    assert len(first.new) == 3
    again = inviting.invite_people(actor=cast.manager, cohort=group, text=LIST)
    assert [line.state for line in again.lines] == ["again"] * 3
    assert CohortInvitation.objects.count() == 3
    mails = OutboxMessage.objects.filter(topic="core.send_mail", payload__template="cohort_invitation")
    assert sorted(mail.payload["to"] for mail in mails) == [
        "amal@example.org", "bram@example.org", "chen@example.org",
    ]  # fmt: skip
    assert {mail.payload["language"] for mail in mails} == {"ar", "en"}
    assert CohortInvitation.objects.get(email="amal@example.org").organisation == "Ministry of Justice"
    assert AuditEntry.objects.filter(action="cohort.invited").count() == 1


def test_pasted_addresses_need_no_heading(cast: Cast, group: Cohort) -> None:
    found = inviting.check_list(actor=cast.manager, cohort=group, text="a@example.org\n\nB@example.org\n")
    assert [(line.email, line.faults) for line in found.lines] == [
        ("a@example.org", ()),
        ("b@example.org", ()),
    ]
    assert CohortInvitation.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("email\nnobody", "not an e-mail address"),
        ("email\na@example.org\nA@example.org", "stands in line 2"),
        ("email,role\na@example.org,boss", "learner or trainer"),
        ("email,language\na@example.org,xx", "language is one of"),
        ("email,cohort\na@example.org,Autumn", "another cohort"),
        ("email,organisation\na@example.org," + "x" * 121, "more than 120"),
    ],
)
def test_line_with_a_fault_is_named_and_nobody_is_invited(
    cast: Cast, group: Cohort, text: str, said: str
) -> None:
    text = text + "\n" + ",".join(["good@example.org"] + [""] * text.partition("\n")[0].count(","))
    found = inviting.check_list(actor=cast.manager, cohort=group, text=text)
    assert [said in " ".join(line.faults) for line in found.faulty] == [True]
    with pytest.raises(Refused):
        inviting.invite_people(actor=cast.manager, cohort=group, text=text)
    assert CohortInvitation.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "email,shoe\na@example.org,44", "email,email\na@b.org,c@d.org", '"email\n', "email\0"],
)
def test_list_that_is_no_list_is_refused_as_a_whole(cast: Cast, group: Cohort, text: str) -> None:
    found = inviting.check_list(actor=cast.manager, cohort=group, text=text)
    assert found.head or found.faulty
    assert not found.good


def test_more_than_five_hundred_are_too_many(cast: Cast, group: Cohort) -> None:
    text = "\n".join(f"p{n}@example.org" for n in range(501))
    assert inviting.check_list(actor=cast.manager, cohort=group, text=text).head


def test_trainer_invites_learners_and_names_no_trainer(cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.mentor, "trainer")
    invite(group, cast.mentor, "a@example.org")
    with pytest.raises(Refused):
        invite(group, cast.mentor, "b@example.org", "trainer")


def test_who_was_invited_joins_once_and_starts_the_course(cast: Cast, group: Cohort) -> None:
    invite(group, cast.manager, cast.outsider.email)
    row = group.invitations.get()
    with pytest.raises(Refused):
        cohorts.join_cohort(actor=cast.viewer, invitation=row.public_id)
    for _time in range(2):
        cohorts.join_cohort(actor=cast.outsider, invitation=row.public_id)
    assert group.people.get().user == cast.outsider
    assert Enrolment.objects.filter(user=cast.outsider).count() == 1


@pytest.mark.parametrize("how", ["withdrawn", "ended"])
def test_invitation_that_is_over_lets_nobody_in(cast: Cast, group: Cohort, how: str) -> None:
    invite(group, cast.manager, cast.outsider.email)
    row = group.invitations.get()
    if how == "withdrawn":
        inviting.withdraw_cohort_invitation(actor=cast.manager, cohort=group, invitation=row.public_id)
    else:
        CohortInvitation.objects.update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        cohorts.join_cohort(actor=cast.outsider, invitation=row.public_id)
    assert not group.people.exists()


def test_invitation_says_who_will_see_what_and_not_to_whom_it_was_sent(
    client: Client, cast: Cast, group: Cohort
) -> None:
    invite(group, cast.manager, cast.outsider.email)
    page = client.get(f"/cohorts/invitation/{group.invitations.get().public_id}/").content.decode()
    assert "your results in tests" in page
    assert cast.outsider.email not in page


def test_who_left_is_seen_no_more_and_can_come_back(cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.outsider)
    cohorts.leave_cohort(actor=cast.outsider, cohort=group)
    assert reads.board(cast.manager, group).rows == ()
    with pytest.raises(Http404):
        reads.get_cohort(cast.outsider, group.public_id)
    bring(group, cast.manager, cast.outsider)
    assert len(reads.board(cast.manager, group).rows) == 1


def test_removed_trainer_sees_nothing_more(cast: Cast, group: Cohort) -> None:
    place = bring(group, cast.manager, cast.mentor, "trainer")
    assert reads.runs(cast.mentor, group)
    cohorts.remove_from_cohort(actor=cast.manager, cohort=group, person=place.public_id)
    with pytest.raises(Http404):
        reads.get_cohort(cast.mentor, group.public_id)


def test_board_shows_three_facts_for_each_module(cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.outsider)
    bring(group, cast.manager, cast.viewer)
    bring(group, cast.manager, cast.lead)
    finish_lesson(cast.outsider, group.course.slug, "l11")
    finish_lesson(cast.outsider, group.course.slug, "l12")
    finish_course(cast.lead, Enrolment.objects.get(user=cast.lead).version_of)
    rows = {row.name: row for row in reads.board(cast.manager, group).rows}
    (_title, first), (_other, second) = rows["Otto Quill"].cells
    assert first and second
    assert (first.seen.done, first.seen.total, first.practised.done, first.shown) == (2, 2, 1, False)
    assert (second.seen.done, second.seen.total, second.practised.done, second.shown) == (0, 2, 0, False)
    assert (rows["Otto Quill"].behind, rows["Vera Lind"].behind, rows["Leila Marwan"].behind) == (
        False,
        True,
        False,
    )
    assert rows["Leila Marwan"].standing.completed_at


@pytest.mark.parametrize("count", [1, 3])
def test_board_asks_the_same_for_one_and_three(
    cast: Cast, group: Cohort, count: int, django_assert_num_queries: Any
) -> None:
    for _n in range(count):
        user = UserFactory()
        bring(group, cast.manager, user)
        finish_lesson(user, group.course.slug, "l11")
        invite(group, cast.manager, f"more{_n}@example.org")
    row = reads.get_run_cohort(cast.manager, group.public_id)
    with django_assert_num_queries(16):
        assert len(reads.board(cast.manager, row).rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_my_cohorts_asks_the_same_for_one_and_three(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        row = make_cohort(
            cast.manager, small_course(f"C{n}").course.slug, name=f"Group {n}", programme=cast.programme
        )
        bring(row, cast.manager, cast.manager)
        invite(row, cast.manager, f"p{n}@example.org")
    with django_assert_num_queries(6):
        page = reads.my_cohorts(cast.manager)
    assert (len(page.running), len(page.learning)) == (count, count)


def test_nudge_reaches_only_those_behind_and_once_in_seven_days(cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.outsider)
    bring(group, cast.manager, cast.viewer)
    for lesson in ("l11", "l12"):
        finish_lesson(cast.outsider, group.course.slug, lesson)
    assert cohorts.nudge_behind(actor=cast.manager, cohort=group) == 1
    assert cohorts.nudge_behind(actor=cast.manager, cohort=group) == 0
    assert Notification.objects.filter(kind="cohort_nudge").get().user == cast.viewer
    entry = AuditEntry.objects.get(action="cohort.nudged")
    assert entry.detail["people"] == 1
    group.people.update(nudged_at=now() - timedelta(days=7))
    Nudge.objects.update(at=now() - timedelta(days=7))
    Notification.objects.all().delete()
    assert cohorts.nudge_behind(actor=cast.manager, cohort=group) == 1


def test_nobody_is_behind_before_it_begins_and_everybody_unfinished_after_it_ends(
    cast: Cast, group: Cohort
) -> None:
    bring(group, cast.manager, cast.viewer)
    early, late = group.starts_on - timedelta(days=1), group.ends_on + timedelta(days=1)
    assert cohorts.nudge_behind(actor=cast.manager, cohort=group, day=early) == 0
    assert cohorts.nudge_behind(actor=cast.manager, cohort=group, day=late) == 1


def test_pages_answer_and_say_what_was_found(client: Client, cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.viewer)
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    place = f"/cohorts/{group.public_id}/"
    assert "1 of 1 is behind" in client.get(place).content.decode()
    checked = client.post(f"{place}invite/", {"text": LIST, "act": "check"})
    assert "3 people would be invited" in checked.content.decode()
    bad = client.post(f"{place}invite/", {"text": "nobody", "act": "invite"})
    assert bad.status_code == 422
    assert client.post(f"{place}invite/", {"text": LIST, "act": "invite"}).status_code == 302
    day = site_day().isoformat()
    given = {"course": group.course.slug, "name": "Next", "starts_on": day, "ends_on": day}
    made = client.post(f"/p/{cast.programme.public_id}/cohorts/", given)
    assert made.status_code == 302
    assert client.get(f"/p/{cast.programme.public_id}/cohorts/").status_code == 200


def test_programs_read_cohorts_gradebooks_and_statistics(client: Client, cast: Cast, group: Cohort) -> None:
    bring(group, cast.manager, cast.viewer)
    finish_course(cast.viewer, Enrolment.objects.get(user=cast.viewer).version_of)
    make_statistics()
    _row, secret = make_token(
        actor=cast.manager, name="x", scopes=["learning:read"], expires_on=site_day() + timedelta(days=9)
    )
    sent = {"Authorization": f"Bearer {secret}"}
    (listed,) = client.get("/api/v1/cohorts/", headers=sent).json()["results"]
    assert (listed["id"], listed["learners"]) == (group.public_id, 1)
    (row,) = client.get(f"/api/v1/cohorts/{group.public_id}/gradebook/", headers=sent).json()["results"]
    assert [(grade["attempts"], grade["best"]) for grade in row["grades"]] == [(1, 100), (1, 100)]
    items = client.get(f"/api/v1/courses/{group.course.slug}/statistics/m1/", headers=sent).json()["results"]
    assert {(item["n"], item["facility"]) for item in items} == {(1, None)}


@pytest.mark.parametrize("count", [1, 3])
def test_page_and_lists_ask_the_same_for_one_and_three(
    cast: Cast, group: Cohort, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        bring(group, cast.manager, UserFactory())
        bring(group, cast.manager, UserFactory(), role="trainer")
        if n:
            make_cohort(cast.manager, group.course.slug, name=f"More {n}", programme=cast.programme)
    row = reads.get_run_cohort(cast.manager, group.public_id)
    with django_assert_num_queries(5):
        reads.cohort_page(cast.manager, row)
    with django_assert_num_queries(3):
        assert len(reads.held_cohorts(cast.manager, programme=cast.programme).cohorts) == count
