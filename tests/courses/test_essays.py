"""Texts in tests: nothing is passed before a person has marked them; two markers never overwrite each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from apps.accounts.models import Notification
from apps.core.errors import Conflict, Refused
from apps.courses import selectors, services
from apps.courses.models import Attempt, Certificate, Cohort, Essay, Question
from apps.courses.selectors.essays import essay_page, marking_queue
from apps.courses.services.essays import mark_essay, settle_essay
from tests.courses.groups import bring, make_cohort
from tests.courses.small import RIGHT, finish_lesson, small_course
from tests.factories import UserFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db
RUBRIC = [
    {"criterion": "Names the owner", "good": "By role.", "enough": "Vaguely.", "missing": "Not at all."},
    {"criterion": "Gives a date", "good": "A day.", "enough": "A month.", "missing": "None."},
]
GOOD = {"Names the owner": "good", "Gives a date": "good"}
HALF = {"Names the owner": "good", "Gives a date": "missing"}
NONE = {"Names the owner": "missing", "Gives a date": "missing"}


@pytest.fixture
def group(cast: Cast) -> Cohort:
    """A course whose module test asks five questions and one text; the mentor and another person train its cohort."""
    version = small_course()
    module = version.modules.get()
    module.draw = 6
    module.save()
    Question.objects.create(
        version=version, module=module, code="C9.m1.test.e1", pool="exam", kind="essay", objective="C9.O1",
        text="Who does what until when?", body={"words": 100, "rubric": RUBRIC}, position=9,
    )  # fmt: skip
    row = make_cohort(cast.manager, version.course.slug, programme=cast.programme)
    bring(row, cast.manager, cast.mentor, "trainer")
    bring(row, cast.manager, cast.lead, "trainer")
    return row


def handed_in(
    group: Cohort, cast: Cast, user: Any, text: str = "The registrar, by the first of May."
) -> Attempt:
    """A try with every other question right."""
    if not group.people.filter(user=user).exists():
        bring(group, cast.manager, user)
    slug = group.course.slug
    finish_lesson(user, slug, "l11")
    attempt = services.start_attempt(actor=user, course=slug, module="m1")
    for drawn in attempt.questions:
        given = {"typed": [text]} if drawn["code"].endswith("e1") else {"chosen": [RIGHT]}
        services.save_answer(
            actor=user,
            course=slug,
            module="m1",
            attempt=attempt.public_id,
            question=drawn["code"],
            given=given,
        )
    return services.hand_in(actor=user, course=slug, module="m1", attempt=attempt.public_id)


def test_nothing_is_passed_before_the_text_is_marked(cast: Cast, group: Cohort) -> None:
    attempt = handed_in(group, cast, cast.outsider)
    assert (attempt.passed, attempt.waiting) == (False, 1)
    assert not Certificate.objects.exists()
    page = selectors.test_page(cast.outsider, group.course.slug, "m1", None)
    assert page.last and page.last.waiting == 1 and not page.last.essays[0].done
    with pytest.raises(Refused):
        services.start_attempt(actor=cast.outsider, course=group.course.slug, module="m1")
    assert Notification.objects.filter(kind="essay_waits", user=cast.mentor).count() == 1


def test_marked_text_counts_passes_and_brings_the_certificate(cast: Cast, group: Cohort) -> None:
    attempt = handed_in(group, cast, cast.outsider)
    row = Essay.objects.get()
    for _time in range(2):
        mark_essay(actor=cast.mentor, essay=row.public_id, marks=HALF, feedback="Give a day.", version=1)
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed, attempt.waiting) == (91, True, 0)
    assert Certificate.objects.filter(enrolment__user=cast.outsider).exists()
    (shown,) = selectors.test_page(cast.outsider, group.course.slug, "m1", None).last.essays  # type: ignore[union-attr]
    assert (shown.points, shown.feedback, [line.mark for line in shown.criteria]) == (
        50,
        "Give a day.",
        ["Good", "Missing"],
    )
    assert Notification.objects.filter(kind="test_marked", user=cast.outsider).count() == 1


def test_text_left_empty_waits_for_nobody(cast: Cast, group: Cohort) -> None:
    attempt = handed_in(group, cast, cast.outsider, text="")
    assert (attempt.waiting, attempt.percent, Essay.objects.count()) == (0, 83, 0)


def test_second_marker_sees_the_first_mark_only_after_giving_one(cast: Cast, group: Cohort) -> None:
    handed_in(group, cast, cast.outsider)
    key = Essay.objects.get().public_id
    mark_essay(actor=cast.mentor, essay=key, marks=GOOD, feedback="", version=1, second=True)
    assert essay_page(cast.lead, key).given == ()
    assert not essay_page(cast.mentor, key).can_mark
    mark_essay(actor=cast.lead, essay=key, marks=GOOD, feedback="Fine.", version=2)
    assert (Essay.objects.get().state, Attempt.objects.get().passed) == ("done", True)


def test_two_marks_that_differ_wait_to_be_settled(cast: Cast, group: Cohort) -> None:
    handed_in(group, cast, cast.outsider)
    key = Essay.objects.get().public_id
    mark_essay(actor=cast.mentor, essay=key, marks=GOOD, feedback="", version=1, second=True)
    row = mark_essay(actor=cast.lead, essay=key, marks=NONE, feedback="No owner.", version=2)
    assert (row.state, Attempt.objects.get().waiting, Attempt.objects.get().passed) == ("differs", 1, False)
    assert [one.points for one in essay_page(cast.manager, key).given] == [100, 0]
    settle_essay(actor=cast.manager, essay=key, marker=cast.mentor.public_id, version=3)
    with pytest.raises(Conflict):
        settle_essay(actor=cast.lead, essay=key, marker=cast.lead.public_id, version=3)
    assert (Essay.objects.get().marks, Attempt.objects.get().percent) == (GOOD, 100)


def test_two_who_mark_at_once_meet_each_others_mark(client: Client, cast: Cast, group: Cohort) -> None:
    attempt = handed_in(group, cast, cast.outsider)
    key = Essay.objects.get().public_id
    mark_essay(actor=cast.mentor, essay=key, marks=GOOD, feedback="Well said.", version=1)
    with pytest.raises(Conflict) as fault:
        mark_essay(actor=cast.lead, essay=key, marks=NONE, feedback="", version=1)
    assert (fault.value.current.marks, fault.value.proposed[0]) == (GOOD, NONE)
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    given = {"c0": "missing", "c1": "missing", "feedback": "My words", "version": 1}
    answer = client.post(f"/marking/{key}/", given)
    assert answer.status_code == 409
    assert "Well said." in answer.content.decode() and "My words" in answer.content.decode()
    attempt.refresh_from_db()
    assert attempt.percent == 100


@pytest.mark.parametrize("marks", [{}, {"Names the owner": "good"}, {**GOOD, "Gives a date": "best"}])
def test_mark_without_every_criterion_is_refused(cast: Cast, group: Cohort, marks: dict[str, str]) -> None:
    handed_in(group, cast, cast.outsider)
    with pytest.raises(Refused):
        mark_essay(
            actor=cast.mentor, essay=Essay.objects.get().public_id, marks=marks, feedback="", version=1
        )
    assert Essay.objects.get().state == "waiting"


def test_nobody_marks_outside_their_cohorts_and_no_learner_their_own_text(cast: Cast, group: Cohort) -> None:
    handed_in(group, cast, cast.outsider)
    key = Essay.objects.get().public_id
    for person in (cast.outsider, cast.viewer, cast.other_lead):
        with pytest.raises((Http404, PermissionDenied)):
            mark_essay(actor=person, essay=key, marks=GOOD, feedback="", version=1)
        assert marking_queue(person).count == 0
    assert [marking_queue(person).count for person in (cast.mentor, cast.manager, cast.staff)] == [1, 1, 1]


def test_pages_of_marking_work_from_queue_to_result(client: Client, cast: Cast, group: Cohort) -> None:
    handed_in(group, cast, cast.outsider)
    client.force_login(cast.mentor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "One text waits for a mark" in client.get("/marking/").content.decode()
    key = Essay.objects.get().public_id
    assert "<bdi>By role.</bdi>" in client.get(f"/marking/{key}/").content.decode()
    assert client.post(f"/marking/{key}/", {"c0": "good", "version": 1}).status_code == 422
    given = {"c0": "good", "c1": "enough", "feedback": "<b>x</b>", "version": 1}
    assert client.post(f"/marking/{key}/", given).status_code == 302
    assert "No text waits" in client.get("/marking/").content.decode()
    client.force_login(cast.outsider, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/learn/{group.course.slug}/test/m1/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "A month." in page


@pytest.mark.parametrize("count", [1, 3])
def test_queue_asks_the_same_for_one_and_three(
    cast: Cast, group: Cohort, count: int, django_assert_num_queries: Any
) -> None:
    for _n in range(count):
        handed_in(group, cast, UserFactory())
    with django_assert_num_queries(2):
        assert marking_queue(cast.mentor).count == count
